"""Filters of the licences list."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.licences import queries
from customers.licences.tables import GROUPS
from customers.models import SubscribedSku
from portal.ui import filters, operators

IDLE = [("some", _("Idle seats")), ("none", _("No seat left"))]

OPERATORS = (
    operators.text("product", _("Product"), "name", aliases=("produit",), example="E3"),
    operators.text(
        "customer", _("Customer"), "customer__name", aliases=("client",), example="Contoso"
    ),
    operators.number("bought", _("Bought"), "units_total", aliases=("acheté", "achete")),
    operators.number("assigned", _("Assigned"), "units_consumed", aliases=("attribué", "attribue")),
    operators.number("idle", _("Idle"), "units_available", aliases=("inutilisé", "inutilise")),
    operators.choice(
        "group", _("Licence group"), "licence_group", list(GROUPS.items()), aliases=("groupe",)
    ),
    operators.text(
        "connection", _("Connection"), "connection__name", aliases=("connexion",), example="contoso"
    ),
)


class LicenceFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter licences"), placeholder=_("Product, part number or customer"), method="find"
    )
    idle = filters.ChoiceFilter(
        label=_("Seats"), empty_label=_("Any number of idle seats"), choices=IDLE, method="by_idle"
    )
    group = filters.ChoiceFilter(
        label=_("Licence group"),
        empty_label=_("Every licence group"),
        field_name="licence_group",
        choices=list(GROUPS.items()),
    )

    def find(
        self, queryset: QuerySet[SubscribedSku], name: str, value: str
    ) -> QuerySet[SubscribedSku]:
        return queries.matching(queryset, value)

    def by_idle(
        self, queryset: QuerySet[SubscribedSku], name: str, value: Any
    ) -> QuerySet[SubscribedSku]:
        if value == "some":
            return queryset.filter(units_available__gt=0)
        return queryset.filter(units_available__lte=0)
