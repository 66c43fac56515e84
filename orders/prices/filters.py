"""Filters of rules and price sheets."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.catalogue.filters import CYCLES, TERMS, market_choices
from orders.prices import queries
from orders.prices.models import PriceRule, RuleKind, SheetPrice, SheetView
from orders.prices.words import STATES
from portal.access.http import scope_of
from portal.ui import filters


class RuleFilters(filters.FilterSet):
    q = filters.TextFilter(
        label=_("Filter rules"), placeholder=_("Product ID, customer, reseller"), method="find"
    )
    state = filters.ChoiceFilter(
        label=_("State"), empty_label=_("Any state"), choices=[*STATES.items()], method="by_state"
    )
    kind = filters.ChoiceFilter(
        label=_("Rule"), empty_label=_("Any rule"), choices=RuleKind.choices
    )

    def find(self, queryset: QuerySet[PriceRule], name: str, value: str) -> QuerySet[PriceRule]:
        product, _colon, sku = value.strip().upper().partition(":")
        item = Q(product_pc_id__startswith=product)
        item = item & Q(sku_pc_id=sku) if sku else item
        named = Q(customer__name__icontains=value) | Q(for_reseller__name__icontains=value)
        return queryset.filter(item | named)

    def by_state(self, queryset: QuerySet[PriceRule], name: str, value: Any) -> QuerySet[PriceRule]:
        today = timezone.localdate()
        asked = {
            "coming": Q(valid_from__gt=today),
            "ended": Q(valid_to__lt=today, valid_from__lte=today),
            "running": Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gte=today)),
        }
        return queryset.filter(asked[value])


def month_choices(request: HttpRequest) -> list[tuple[str, str]]:
    """The months of which there is a sheet."""
    found = queries.months(scope_of(request))
    return [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in found]


class SheetFilters(filters.FilterSet):
    q = filters.TextFilter(label=_("Filter prices"), placeholder=_("Product or ID"), method="find")
    market = filters.RequestChoiceFilter(
        label=_("Market"), empty_label=_("All markets"), choices_for=market_choices
    )
    month = filters.RequestChoiceFilter(
        label=_("Month"),
        empty_label=_("All months"),
        choices_for=month_choices,
        method="by_month",
    )
    view = filters.ChoiceFilter(
        label=_("Sheet"), empty_label=_("All sheets"), choices=SheetView.choices
    )
    term = filters.ChoiceFilter(label=_("Term"), empty_label=_("Any term"), choices=TERMS)
    cycle = filters.ChoiceFilter(label=_("Billing"), empty_label=_("Any billing"), choices=CYCLES)

    def find(self, queryset: QuerySet[SheetPrice], name: str, value: str) -> QuerySet[SheetPrice]:
        product, _colon, sku = value.strip().upper().partition(":")
        item = Q(product_pc_id=product)
        item = item & Q(sku_pc_id=sku) if sku else item
        return queryset.filter(item | Q(title__icontains=value))

    def by_month(
        self, queryset: QuerySet[SheetPrice], name: str, value: str
    ) -> QuerySet[SheetPrice]:
        return queryset.filter(month=dt.date.fromisoformat(f"{value}-01"))
