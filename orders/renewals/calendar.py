"""A month as weeks of days, each with the terms that end on it."""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from orders.prices import running
from orders.prices.quoting import Side
from orders.renewals import lifecycle, queries
from portal.access.scope import Scope
from portal.connections import clocks
from portal.ui import formats

MONTHS = 36
"""How far ahead one may look: no term is longer."""
MOST = 1000
"""Terms of a month of which the money is added up."""


@dataclass(frozen=True)
class Day:
    """One cell. ``outside``: of the month before or after."""

    date: dt.date
    outside: bool
    today: bool
    number: int
    undecided: int
    seats: int = 0
    amounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Month:
    """What the page shows; ``before`` and ``after`` are the neighbours, None where nothing ends any more.

    ``days`` are those on which terms end, each with what these come to a month, one amount for each of ``sides``.
    ``priced``: how many terms the amounts are of, where there are more than are added up.
    """

    first: dt.date
    weeks: list[list[Day]]
    days: list[Day]
    sides: list[str]
    priced: int | None
    number: int
    seats: int
    before: dt.date | None
    after: dt.date | None


def asked(scope: Scope, text: str) -> dt.date:
    """The first day of the month of an address ("2026-12"); of this one where it is none."""
    this = _this(scope)
    try:
        found = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return this
    return found if this <= found <= moved(this, MONTHS) else this


def _this(scope: Scope) -> dt.date:
    """The month that it is, where clocks were moved on the connection that lags most behind."""
    return clocks.todays(scope.visible_connection_ids())[0].replace(day=1)


def moved(first: dt.date, months: int) -> dt.date:
    """The first day of a month so many later."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return dt.date(year, month + 1, 1)


def month(scope: Scope, first: dt.date) -> Month:
    """The weeks of a month with what ends on each day, and what that comes to. Four queries."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    found = queries.by_day(scope, weeks[0][0], weeks[-1][-1] + dt.timedelta(days=1))
    by_day = {row["last_day"]: row for row in found}
    inside = [row for row in found if row["last_day"].month == first.month]
    this, todays = _this(scope), clocks.todays(scope.visible_connection_ids())
    money = _money(scope, first)
    return Month(
        first=first,
        days=[
            replace(
                _day(row["last_day"], first, row, today=False), amounts=money.of(row["last_day"])
            )
            for row in inside
        ],
        sides=[str(running.MONTHLY[side]) for side in money.sides],
        priced=MOST if money.cut else None,
        weeks=[
            [_day(day, first, by_day.get(day, {}), today=day in todays) for day in week]
            for week in weeks
        ],
        number=sum(row["number"] for row in inside),
        seats=sum(row["seats"] or 0 for row in inside),
        before=moved(first, -1) if first > this else None,
        after=moved(first, 1) if first < moved(this, MONTHS) else None,
    )


@dataclass(frozen=True)
class _Money:
    """Sums of a month by day, side and currency; ``cut``: more terms end than were added up."""

    sums: Mapping[tuple[dt.date, Side, str], Decimal]
    cut: bool

    @property
    def sides(self) -> list[Side]:
        """Those of which anything is known."""
        found = {side for _day, side, _currency in self.sums}
        return [side for side in Side if side in found]

    def of(self, day: dt.date) -> tuple[str, ...]:
        """The amounts of a day in words, one for each side."""
        return tuple(
            " + ".join(
                formats.money(value, currency)
                for (on, of, currency), value in sorted(self.sums.items())
                if (on, of) == (day, side)
            )
            or formats.DASH
            for side in self.sides
        )


def _money(scope: Scope, first: dt.date) -> _Money:
    rows = queries.of_month(scope, first, moved(first, 1), MOST + 1)
    figures = running.monthly(scope, rows[:MOST])
    sums: dict[tuple[dt.date, Side, str], Decimal] = defaultdict(Decimal)
    for row in rows[:MOST]:
        day = lifecycle.last_day(row)
        for side, figure in figures[row.pk].items():
            if day is not None:
                sums[day, side, figure.currency] += figure.value
    return _Money(sums, len(rows) > MOST)


def _day(day: dt.date, first: dt.date, row: Mapping[str, Any], *, today: bool) -> Day:
    return Day(
        date=day,
        outside=day.month != first.month,
        today=today,
        number=row.get("number", 0),
        undecided=row.get("undecided", 0),
        seats=row.get("seats") or 0,
    )
