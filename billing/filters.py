"""Filters of the invoices list and of an invoice's lines."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing import queries
from billing.models import Invoice, InvoiceLine
from portal.ui import filters, operators

DOCUMENTS = [
    ("invoice", _("Invoice")),
    ("adjustment_note", _("Adjustment note")),
    ("void_note", _("Void note")),
]
CHARGES = [
    ("new", _("New")),
    ("renew", _("Renewal")),
    ("cycleCharge", _("Cycle charge")),
    ("addQuantity", _("Seats added")),
    ("removeQuantity", _("Seats removed")),
    ("cancelImmediate", _("Cancellation")),
    ("customerCredit", _("Credit")),
]


class Hidden(django_filters.CharFilter):
    """An id that a link sets and a chip shows; nobody types it into the bar."""

    def __init__(self, *, label: filters.Label, **options: Any) -> None:
        super().__init__(label=label, widget=forms.HiddenInput, max_length=200, **options)


OPERATORS = (
    operators.text(
        "number", _("Invoice number"), "pc_id", aliases=("numéro", "numero"), example="G0"
    ),
    operators.choice("document", _("Document"), "document_type", DOCUMENTS),
    operators.text(
        "currency", _("Currency"), "currency", lookup="iexact", aliases=("devise",), example="EUR"
    ),
    operators.past("date", _("Invoice date"), "invoice_date"),
    operators.text(
        "connection", _("Connection"), "connection__name", aliases=("connexion",), example="contoso"
    ),
)


class InvoiceFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter invoices"), placeholder=_("Invoice number"), method="find"
    )
    document = filters.ChoiceFilter(
        label=_("Document"),
        field_name="document_type",
        empty_label=_("Any document"),
        choices=DOCUMENTS,
    )
    since = filters.DateFilter(label=_("From"), field_name="invoice_date", lookup_expr="date__gte")

    def find(self, queryset: QuerySet[Invoice], name: str, value: str) -> QuerySet[Invoice]:
        return queryset.filter(pc_id__icontains=value)


class LineFilters(filters.FilterSet):
    q = filters.TextFilter(
        label=_("Filter lines"),
        placeholder=_("Customer, product, subscription or order ID"),
        method="find",
    )
    charge = filters.ChoiceFilter(
        label=_("Charge"),
        field_name="charge_type",
        lookup_expr="iexact",
        empty_label=_("Any charge"),
        choices=CHARGES,
    )
    customer = Hidden(label=_("Tenant ID"), field_name="customer_pc_id")
    product = Hidden(label=_("Product ID"), field_name="product_id")
    subscription = Hidden(label=_("Subscription ID"), field_name="subscription_pc_id")

    def find(self, queryset: QuerySet[InvoiceLine], name: str, value: str) -> QuerySet[InvoiceLine]:
        return queries.matching(queryset, value)
