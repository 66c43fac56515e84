"""Columns of the list of legacy offers, and its filters."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders.catalogue import words
from orders.catalogue.filters import SORTS, market_choices
from orders.catalogue.legacy import queries
from orders.catalogue.models import Offer
from portal.ui import filters, formats, operators, tables


class OfferTable(tables.Table):
    caption = _("Legacy offers")
    default_sort = "name"
    empty = tables.Empty(
        _("No offer here"),
        _("Change the filter, or let the mirror read Partner Center."),
        icon="shopping-cart",
    )

    name = tables.NameColumn(_("Offer"), sort="name", detail="pc_id")
    category = tables.Column(_("Category"), priority=2)
    kind = tables.Column(_("Kind"), accessor="pk", priority=2)
    market = tables.WordColumn(_("Market"), words=formats.country, priority=3)
    cycles = tables.Column(_("Billing"), accessor="billing_cycles", priority=3)
    available = tables.WordColumn(_("Can be bought"), accessor="is_available", words=formats.yes_no)
    unit = tables.Column(_("Unit"), visible=False)
    connection = tables.Column(_("Connection"), accessor="connection__name", visible=False)
    offer_id = tables.Column(_("Offer ID"), accessor="pc_id", visible=False)

    def render_kind(self, record: Offer) -> str:
        return words.listed(words.kinds(record))

    def value_kind(self, record: Offer) -> str:
        return words.listed(words.kinds(record))

    def render_cycles(self, value: list[str]) -> str:
        return words.cycles([value])

    def value_cycles(self, value: list[str] | None) -> str:
        return words.cycles([value])


class OfferFilters(filters.FilterSet):
    operators = (
        operators.text(
            "category",
            _("Category"),
            "category",
            aliases=("catégorie", "categorie"),
            example="Trial",
        ),
    )

    q = filters.TextFilter(
        label=_("Filter offers"), placeholder=_("Name or offer ID"), method="find"
    )
    market = filters.RequestChoiceFilter(
        label=_("Market"),
        field_name="market",
        empty_label=_("All markets"),
        choices_for=market_choices,
    )
    sold = filters.ChoiceFilter(
        label=_("How it is bought"),
        empty_label=_("Products and add-ons"),
        choices=SORTS,
        method="by_sort",
    )

    def find(self, queryset: QuerySet[Offer], name: str, value: str) -> QuerySet[Offer]:
        return queries.matching(queryset, value)

    def by_sort(self, queryset: QuerySet[Offer], name: str, value: Any) -> QuerySet[Offer]:
        if value == "base":
            return queryset.filter(is_add_on=False, is_trial=False)
        return queryset.filter(**{"is_trial" if value == "trial" else "is_add_on": True})
