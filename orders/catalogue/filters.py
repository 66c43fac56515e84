"""Filters of the catalogue."""

import hashlib
import re
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders.catalogue import queries
from orders.catalogue.models import Product, Segment, Sku, View
from portal.access.http import scope_of
from portal.access.scope import Scope
from portal.ui import filters, formats, operators
from portal.ui.operators import Term

TERMS = [("P1M", _("1 month")), ("P1Y", _("1 year")), ("P3Y", _("3 years"))]
CYCLES = [
    ("monthly", _("billed monthly")),
    ("annual", _("billed yearly")),
    ("triennial", _("billed every 3 years")),
    ("one_time", _("billed once")),
]
SORTS = [("base", _("Bought by itself")), ("addon", _("Add-on")), ("trial", _("Trial"))]
KEPT_SECONDS = 300
ITEM = re.compile(r"[A-Za-z0-9]{12}:[A-Za-z0-9]{4}(:[A-Za-z0-9]+)?")


def known_markets(scope: Scope) -> list[str]:
    """The markets of a scope, the largest first; worked out once in a while."""
    key = f"catalogue-markets:{hashlib.sha256(scope.as_json.encode()).hexdigest()}"
    found: list[str] | None = cache.get(key)
    if found is None:
        found = queries.markets(scope)
        cache.set(key, found, KEPT_SECONDS)
    return found


def market_choices(request: HttpRequest) -> list[tuple[str, str]]:
    """The markets of the reader by name."""
    known = known_markets(scope_of(request))
    return sorted(((code, str(formats.country(code))) for code in known), key=lambda one: one[1])


def _addon(term: Term, _request: HttpRequest) -> Q:
    rows = Sku.objects.filter(is_add_on=True, gone_at=None, product__isnull=False)
    found = Q(pk__in=rows.values("product"))
    return (
        found if operators.picked(term, [("yes", _("yes")), ("no", _("no"))]) == ["yes"] else ~found
    )


OPERATORS = (
    operators.text(
        "market", _("Market"), "market", lookup="iexact", aliases=("marché", "marche"), example="FR"
    ),
    operators.choice("kind", _("Kind"), "view", View.choices, aliases=("type",)),
    operators.text("publisher", _("Publisher"), "publisher", aliases=("éditeur", "editeur")),
    operators.Operator("addon", _("Add-on"), _addon, example="yes"),
    operators.text(
        "connection", _("Connection"), "connection__name", aliases=("connexion",), example="contoso"
    ),
)


class ProductFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter products"), placeholder=_("Name or product ID"), method="find"
    )
    market = filters.RequestChoiceFilter(
        label=_("Market"),
        field_name="market",
        empty_label=_("All markets"),
        choices_for=market_choices,
    )
    kind = filters.ChoiceFilter(
        label=_("Kind"), empty_label=_("Every kind"), choices=View.choices, field_name="view"
    )
    segment = filters.ChoiceFilter(
        label=_("For whom"),
        empty_label=_("Everybody"),
        choices=Segment.choices,
        method="by_segment",
    )
    term = filters.ChoiceFilter(
        label=_("Term"), empty_label=_("Any term"), choices=TERMS, method="by_term"
    )
    billing = filters.ChoiceFilter(
        label=_("Billing"), empty_label=_("Any billing"), choices=CYCLES, method="by_cycle"
    )
    sold = filters.ChoiceFilter(
        label=_("How it is bought"),
        empty_label=_("Products and add-ons"),
        choices=SORTS,
        method="by_sort",
    )

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        """A pasted "product:sku:availability" is an id and not an operator."""
        if data is not None and ITEM.fullmatch(data.get("q", "").strip()):
            data = data.copy()
            data["q"] = f'"{data["q"].strip()}"'
        super().__init__(data, *args, **options)

    def find(self, queryset: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        return queries.matching(queryset, value)

    def by_segment(self, queryset: QuerySet[Product], name: str, value: Any) -> QuerySet[Product]:
        return queries.of_segment(queryset, value)

    def by_term(self, queryset: QuerySet[Product], name: str, value: Any) -> QuerySet[Product]:
        return queries.with_term(queryset, value)

    def by_cycle(self, queryset: QuerySet[Product], name: str, value: Any) -> QuerySet[Product]:
        return queries.with_cycle(queryset, value)

    def by_sort(self, queryset: QuerySet[Product], name: str, value: Any) -> QuerySet[Product]:
        return queries.with_sort(queryset, value)
