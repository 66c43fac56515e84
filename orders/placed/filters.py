"""Filters of a list of orders."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from customers import queries as customer_queries
from customers.models import Customer
from orders.models import Order
from orders.placed.part import CYCLES, TARGET
from portal.access import search
from portal.access.http import scope_of
from portal.ui import filters, formats, operators

FEW = 1_000

# OrderStatus, and what new commerce added (facts order_statuses).
STATUSES = [
    ("completed", _("Completed")),
    ("pending", _("Pending")),
    ("cancelled", _("Cancelled")),
    ("suspended", _("Suspended")),
    ("pending_review", _("Waiting for review")),
    ("pending_po_upload", _("Waits for the purchase order")),
    ("po_upload_complete", _("Purchase order handed in")),
    ("po_review_rejected", _("Purchase order refused")),
    ("partial_success", _("Partly succeeded")),
    ("error", _("Error")),
    ("unknown", _("Unknown")),
]


def _cycles() -> list[tuple[str, Any]]:
    return [(one, formats.billing(one)) for one in CYCLES]


class OrderFilters(filters.FilterSet):
    q = filters.TextFilter(
        label=_("Filter orders"), placeholder=_("Order ID or product"), method="find"
    )
    cycle = filters.ChoiceFilter(
        label=_("Billing"),
        field_name="billing_cycle",
        empty_label=_("Any billing"),
        choices=_cycles,
    )
    status = filters.ChoiceFilter(label=_("Status"), empty_label=_("Any status"), choices=STATUSES)

    def find(self, queryset: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return queryset.filter(Q(name__icontains=value) | Q(pc_id__icontains=value))


def resellers(request: HttpRequest) -> list[tuple[str, str]]:
    """The indirect resellers whom the reader sees, for a select."""
    rows = customer_queries.resellers(scope_of(request)).values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]


OPERATORS = (
    operators.choice("status", _("Status"), "status", STATUSES, aliases=("statut", "état", "etat")),
    operators.day("ordered", _("Ordered"), "creation_date", aliases=("commandé", "commande")),
    operators.text(
        "customer", _("Customer"), "customer__name", aliases=("client",), example="Contoso"
    ),
    operators.text(
        "reseller",
        _("Indirect reseller"),
        "reseller__name",
        aliases=("revendeur",),
        example="Fabrikam",
    ),
    operators.text("product", _("Product"), "name", aliases=("produit",), example="E3"),
    operators.text(
        "connection", _("Connection"), "connection__name", aliases=("connexion",), example="contoso"
    ),
)


class EveryOrderFilters(OrderFilters):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter orders"), placeholder=_("Order ID, product or customer"), method="find"
    )
    reseller = filters.RequestChoiceFilter(
        label=_("Indirect reseller"),
        field_name="reseller_id",
        empty_label=_("All resellers"),
        choices_for=resellers,
    )
    since = filters.DateFilter(
        label=_("Ordered from"), field_name="creation_date", lookup_expr="date__gte"
    )
    until = filters.DateFilter(
        label=_("Ordered until"), field_name="creation_date", lookup_expr="date__lte"
    )

    def find(self, queryset: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        assert self.request is not None
        ids = search.ids(scope_of(self.request), TARGET, value, FEW)
        self.spare_counting(None, FEW)
        bought = Customer.objects.filter(pk=OuterRef("customer_id"), name__icontains=value)
        return queryset.filter(Q(pk__in=ids or []) | Q(name__icontains=value) | Q(Exists(bought)))
