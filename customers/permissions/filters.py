"""Filters of the list of permissions."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import AdminRelationship
from customers.models.permission import STANDING
from customers.permissions import queries, words
from customers.permissions.finding import NOT_EXTENDED
from customers.permissions.standing import SOON
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
        return queryset.filter(in_state(value))


def in_state(word: str) -> Q:
    """Rows that stand, end within 30 days without being extended, wait for the customer, or are over."""
    soon = timezone.now() + SOON
    return {
        "active": Q(status__in=STANDING),
        "expiring": Q(status__in=STANDING, ends_at__lte=soon, extension__in=NOT_EXTENDED),
        "pending": Q(status=words.PENDING),
        "over": Q(status__in=("expired", "terminating", "terminated")),
    }.get(word, Q(pk__in=[]))
