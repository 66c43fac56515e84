"""Filters of the list of permissions."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.models import AdminRelationship
from customers.permissions import queries
from portal.ui import filters, operators

STATES = [
    ("active", _("Active")),
    ("expiring", _("Ends within 30 days")),
    ("pending", _("Waiting for the customer")),
    ("over", _("Over")),
]
OPERATORS = (
    operators.text(
        "customer", _("Customer"), "customer__name", aliases=("client",), example="Contoso"
    ),
    operators.text(
        "connection", _("Connection"), "connection__name", aliases=("connexion",), example="contoso"
    ),
    operators.day("ends", _("Ends"), "ends_at", aliases=("fin",)),
)


class PermissionFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter permissions"), placeholder=_("Name or customer"), method="find"
    )
    state = filters.ChoiceFilter(
        label=_("State"), empty_label=_("Any state"), choices=STATES, method="in_state"
    )

    def find(
        self, queryset: QuerySet[AdminRelationship], name: str, value: str
    ) -> QuerySet[AdminRelationship]:
        return queries.matching(queryset, value)

    def in_state(
        self, queryset: QuerySet[AdminRelationship], name: str, value: str
    ) -> QuerySet[AdminRelationship]:
        return queryset.filter(queries.in_state(value))
