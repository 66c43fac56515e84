"""Money on the home page: recurring charge, spend and seats by month, for those who may see cost."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.cache import cache

from billing import queries as billing
from billing.queries import Month
from portal.access.scope import Scope
from portal.ui import formats

if TYPE_CHECKING:
    import datetime as dt

KEPT_SECONDS = 20


@dataclass(frozen=True)
class Point:
    """One month of a chart: its word, and each series as number and as text."""

    label: str
    values: list[tuple[Decimal, str]]


@dataclass(frozen=True)
class Spend:
    """The months of one currency, and its latest month for the figures."""

    currency: str
    points: list[Point]
    recurring: str
    total: str
    month: str


@dataclass(frozen=True)
class Figures:
    """Spend by currency, the largest first, and the seats that were charged, over all currencies."""

    spend: list[Spend]
    seats: list[Point]


def figures(scope: Scope) -> Figures | None:
    """What the invoices of the last twelve months came to; None without any, or without the right."""
    months = _months(scope)
    if not months:
        return None
    currencies = sorted({one.currency for one in months})
    spend = [_spend([one for one in months if one.currency == name]) for name in currencies]
    spend.sort(key=lambda one: one.points[-1].values[1][0], reverse=True)
    return Figures(spend, _seats(months))


def _months(scope: Scope) -> list[Month]:
    """The months, kept for some seconds by what of the cost the scope sees."""
    key = f"home-months:{scope.user_id}:{scope.narrowed(billing.RIGHT).as_json}".replace(" ", "")
    found: list[Month] | None = cache.get(key)
    if found is None:
        found = billing.months(scope)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _spend(months: list[Month]) -> Spend:
    latest = months[-1]
    points = [
        Point(formats.month(one.month), [_money(one.recurring, one), _money(one.total, one)])
        for one in months
    ]
    return Spend(
        currency=latest.currency,
        points=points,
        recurring=formats.money(latest.recurring, latest.currency),
        total=formats.money(latest.total, latest.currency),
        month=formats.month(latest.month),
    )


def _seats(months: list[Month]) -> list[Point]:
    sums: dict[dt.date, Decimal] = {}
    for one in months:
        sums[one.month] = sums.get(one.month, Decimal(0)) + one.seats
    return [
        Point(formats.month(month), [(seats, formats.number(seats))])
        for month, seats in sorted(sums.items())
    ]


def _money(amount: Decimal, month: Month) -> tuple[Decimal, str]:
    return amount, formats.money(amount, month.currency)
