"""Filters of the list of a customer's users."""

from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.models import CustomerUser, UserState
from customers.queries import FEW
from customers.users import queries, rules
from portal.access import search
from portal.access.http import scope_of
from portal.ui import filters, operators
from portal.ui.operators import Operator

OPERATORS = (
    operators.choice(
        "status", _("State"), "state", UserState.choices, aliases=("state", "statut", "état")
    ),
    operators.text(
        "location", _("Usage location"), "usage_location", lookup="iexact", example="FR"
    ),
)


class UserFilters(filters.FilterSet):
    operators: ClassVar[tuple[Operator, ...]] = OPERATORS

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


class AllUserFilters(UserFilters):
    """The same over all customers, where an index finds the text."""

    operators = (
        *OPERATORS,
        operators.text(
            "customer", _("Customer"), "customer__name", aliases=("client",), example="Contoso"
        ),
        operators.text(
            "connection",
            _("Connection"),
            "connection__name",
            aliases=("connexion",),
            example="contoso",
        ),
    )

    def find(
        self, queryset: QuerySet[CustomerUser], name: str, value: str
    ) -> QuerySet[CustomerUser]:
        assert self.request is not None
        scope = scope_of(self.request).narrowed(queries.RIGHT)
        ids = search.ids(scope, rules.TARGET, value, FEW)
        self.spare_counting(None if ids is None else len(ids), FEW)
        return queries.known_as(queryset, value, ids)
