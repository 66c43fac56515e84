"""Filters of the customers list."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers import queries
from customers.agreements import standing as agreements
from customers.models import Customer
from customers.notes import queries as notes
from customers.permissions import finding as permissions
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


AGREEMENTS = [
    (agreements.CONFIRMED, _("Agreement confirmed")),
    (agreements.MISSING, _("No agreement")),
    (agreements.UNREAD, _("Agreement not read yet")),
]


def _by_agreement(term: Term, _request: HttpRequest) -> Q:
    """Customers by the standing of their Customer Agreement: confirmed, missing, unread."""
    words = dict(AGREEMENTS)
    for value in term.values:
        if value.lower() not in words:
            raise operators.OperatorError(
                gettext("Write agreement:confirmed, agreement:missing or agreement:unread.")
            )
    return operators.any_of(agreements.standing(value.lower()) for value in term.values)


def _tagged(term: Term, request: HttpRequest) -> Q:
    """Customers with one of these tags, as far as the reader may know of them."""
    return notes.tagged(scope_of(request), term.values)


def _by_permission(term: Term, _request: HttpRequest) -> Q:
    """Customers by what they let us do with their users: given, expiring, missing, unknown."""
    words = dict(permissions.CHOICES)
    for value in term.values:
        if value.lower() not in words:
            raise operators.OperatorError(
                gettext(
                    "Write permission:given, permission:expiring, permission:missing or permission:unknown."
                )
            )
    return operators.any_of(permissions.standing(value.lower()) for value in term.values)


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
    operators.Operator(
        "agreement",
        _("Customer Agreement"),
        _by_agreement,
        aliases=("contrat",),
        example="missing",
    ),
    operators.Operator(
        "permission",
        _("Permission"),
        _by_permission,
        aliases=("gdap", "autorisation"),
        example="missing",
    ),
    operators.Operator("tag", _("Tag"), _tagged, aliases=("étiquette", "etiquette"), example="vip"),
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

    agreement = filters.ChoiceFilter(
        label=_("Customer Agreement"),
        empty_label=_("Any agreement"),
        choices=AGREEMENTS,
        method="by_agreement",
    )

    permission = filters.ChoiceFilter(
        label=_("Permission"),
        empty_label=_("Any permission"),
        choices=permissions.CHOICES,
        method="by_permission",
    )

    def by_permission(
        self, queryset: QuerySet[Customer], name: str, value: str
    ) -> QuerySet[Customer]:
        return queryset.filter(permissions.standing(value))

    def by_agreement(
        self, queryset: QuerySet[Customer], name: str, value: str
    ) -> QuerySet[Customer]:
        return queryset.filter(agreements.standing(value))

    def find(self, queryset: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        assert self.request is not None
        ids = search.ids(scope_of(self.request), "customer", value, queries.FEW)
        self.spare_counting(None if ids is None else len(ids), queries.FEW)
        return queries.matching(queryset, value, ids)

    def seated_in(self, queryset: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        return queryset.filter(country=value.upper())

    def sold_by(self, queryset: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        return queries.of_reseller(queryset, int(value))
