"""Filters of the list of a customer's orders."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from orders.placed.part import CYCLES
from portal.ui import filters, formats

# OrderStatus, and what new commerce added.
STATUSES = [
    ("completed", _("Completed")),
    ("pending", _("Pending")),
    ("cancelled", _("Cancelled")),
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
