"""A month as weeks of days, each with the terms that end on it."""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orders.renewals import queries
from portal.access.scope import Scope
from portal.connections import clocks

MONTHS = 36
"""How far ahead one may look: no term is longer."""


@dataclass(frozen=True)
class Day:
    """One cell. ``outside``: of the month before or after."""

    date: dt.date
    outside: bool
    today: bool
    number: int
    undecided: int


@dataclass(frozen=True)
class Month:
    """What the page shows; ``before`` and ``after`` are the neighbours, None where nothing ends any more."""

    first: dt.date
    weeks: list[list[Day]]
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
    """The weeks of a month with what ends on each day. One query."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    found = queries.by_day(scope, weeks[0][0], weeks[-1][-1] + dt.timedelta(days=1))
    by_day = {row["last_day"]: row for row in found}
    inside = [row for row in found if row["last_day"].month == first.month]
    this, todays = _this(scope), clocks.todays(scope.visible_connection_ids())
    return Month(
        first=first,
        weeks=[
            [_day(day, first, by_day.get(day, {}), today=day in todays) for day in week]
            for week in weeks
        ],
        number=sum(row["number"] for row in inside),
        seats=sum(row["seats"] or 0 for row in inside),
        before=moved(first, -1) if first > this else None,
        after=moved(first, 1) if first < moved(this, MONTHS) else None,
    )


def _day(day: dt.date, first: dt.date, row: Mapping[str, Any], *, today: bool) -> Day:
    return Day(
        date=day,
        outside=day.month != first.month,
        today=today,
        number=row.get("number", 0),
        undecided=row.get("undecided", 0),
    )
