"""Filters of the invoices list and of an invoice's lines."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing import queries
from billing.models import Invoice, InvoiceLine
from portal.ui import filters, operators
from portal.ui.operators import Term

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


def _charged(term: Term, _request: HttpRequest) -> Q:
    """A kind of charge, by its value or its word; Partner Center's own writing of it varies."""
    picked = operators.picked(term, CHARGES)
    return operators.any_of(Q(charge_type__iexact=value) for value in picked)


LINE_OPERATORS = (
    operators.text(
        "customer", _("Customer"), "customer_name", aliases=("client",), example="Contoso"
    ),
    operators.text("product", _("Product"), "product_name", aliases=("produit",), example="E3"),
    operators.Operator(
        "charge",
        _("Charge"),
        _charged,
        aliases=("frais",),
        example="renew",
        words=lambda value: dict(CHARGES).get(value, value),
    ),
    operators.number("quantity", _("Quantity"), "quantity", aliases=("quantité", "quantite")),
    operators.number("net", _("Net (cost)"), "subtotal"),
    operators.number("total", _("Total (cost)"), "total"),
    operators.text(
        "currency", _("Currency"), "currency", lookup="iexact", aliases=("devise",), example="EUR"
    ),
    operators.text("mpn", _("Reseller MPN ID"), "reseller_mpn_id", lookup="iexact", example="1"),
)


class LineFilters(filters.FilterSet):
    operators = LINE_OPERATORS

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
