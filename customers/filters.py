"""Filters of the customers list."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from customers import queries
from customers.models import Customer
from portal.access import search
from portal.access.http import scope_of
from portal.lists.filters import external_operator
from portal.ui import filters, operators
from portal.ui.operators import Term


def _reseller_choices(request: HttpRequest) -> list[tuple[str, str]]:
    rows = queries.resellers(scope_of(request)).values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]


RELATIONSHIPS = [
    ("reseller", _("Reseller relationship")),
    ("advisor", _("Advisor")),
    ("syndication", _("Syndication")),
    ("none", _("None")),
]


def _sold_by(term: Term, request: HttpRequest) -> Q:
    """Customers that buy through a reseller of this name, as far as the reader may know of it."""
    return operators.any_of(
        queries.through_reseller(scope_of(request), value) for value in term.values
    )


OPERATORS = (
    operators.choice(
        "status",
        _("Relationship"),
        "relationship_to_partner",
        RELATIONSHIPS,
        aliases=("relationship", "statut", "relation"),
    ),
    operators.Operator(
        "reseller", _("Indirect reseller"), _sold_by, aliases=("revendeur",), example="Fabrikam"
    ),
    operators.text(
        "country", _("Country"), "country", lookup="iexact", aliases=("pays",), example="FR"
    ),
    operators.text("domain", _("Domain"), "domain", aliases=("domaine",), example="contoso"),
    operators.text(
        "connection", _("Connection"), "connection__name", aliases=("connexion",), example="contoso"
    ),
    operators.day(
        "renews",
        _("Next term end"),
        "next_renewal",
        aliases=("ends", "renouvelle", "échéance", "echeance"),
    ),
    operators.number("seats", _("Seats"), "seat_count", aliases=("licences",)),
    operators.number(
        "subscriptions", _("Subscriptions"), "subscription_count", aliases=("abonnements",)
    ),
    external_operator("customer"),
)


class CustomerFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter customers"), placeholder=_("Name, domain or tenant ID"), method="find"
    )
    reseller = filters.RequestChoiceFilter(
        label=_("Indirect reseller"),
        empty_label=_("All resellers"),
        choices_for=_reseller_choices,
        method="sold_by",
    )
    country = filters.TextFilter(
        label=_("Country"),
        placeholder=_("Country, for example FR"),
        method="seated_in",
    )

    def find(self, queryset: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        assert self.request is not None
        ids = search.ids(scope_of(self.request), "customer", value, queries.FEW)
        self.spare_counting(None if ids is None else len(ids), queries.FEW)
        return queries.matching(queryset, value, ids)

    def seated_in(self, queryset: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        return queryset.filter(country=value.upper())

    def sold_by(self, queryset: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        return queries.of_reseller(queryset, int(value))
