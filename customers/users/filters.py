"""Filters of the list of a customer's users."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.models import CustomerUser, UserState
from customers.users import queries
from portal.ui import filters, operators

OPERATORS = (
    operators.choice(
        "status", _("State"), "state", UserState.choices, aliases=("state", "statut", "état")
    ),
    operators.text(
        "location", _("Usage location"), "usage_location", lookup="iexact", example="FR"
    ),
)


class UserFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter users"), placeholder=_("Name or user name"), method="find"
    )
    state = filters.ChoiceFilter(
        label=_("State"), empty_label=_("Active and deleted"), choices=UserState.choices
    )

    def find(
        self, queryset: QuerySet[CustomerUser], name: str, value: str
    ) -> QuerySet[CustomerUser]:
        return queries.matching(queryset, value)
