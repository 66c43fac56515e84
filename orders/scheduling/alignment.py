"""The days on which a next term may end (rules coterminosity, coterminosity_monthly).

A month's end, or the last day of another subscription of the customer, inside the term. All dates are UTC.
"""

import datetime as dt
from calendar import monthrange

from django.db.models import QuerySet

from orders.models import Subscription
from orders.renewals import lifecycle
from orders.scheduling import terms
from portal.access.scope import Scope

_NEW_COMMERCE = "OnlineServicesNCE"
_LATE = range(28, 31)
# A term that is shorter leads none that is longer.
_MONTHLY = "P1M"


def last(row: Subscription, term: str) -> dt.date | None:
    """The last day of a whole next term; None where the present one has no end, or the term is not known."""
    ends, number = lifecycle.last_day(row), terms.months(term)
    if ends is None or not number:
        return None
    start = ends + dt.timedelta(days=1)
    month = start.month - 1 + number
    year, month = start.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(start.day, _days(year, month))) - dt.timedelta(days=1)


def inside(row: Subscription, term: str, day: dt.date) -> bool:
    """Whether the day lies in the next term."""
    ends, longest = lifecycle.last_day(row), last(row, term)
    return ends is not None and longest is not None and ends < day <= longest


def is_shared(row: Subscription, term: str, day: dt.date) -> bool:
    """Whether a month ends then, or another subscription of the customer. A query unless a month does."""
    return _is_month_end(day) or day in _shared(_others(row), term)


def days(scope: Scope, row: Subscription, longest_term: str) -> dict[dt.date, int]:
    """The days inside the longest term on offer, each with how many other subscriptions end then. One query."""
    ends, longest = lifecycle.last_day(row), last(row, longest_term)
    if ends is None or longest is None:
        return {}
    shared = _shared(scope.filter(_others(row)), longest_term)
    found = {day: number for day, number in shared.items() if ends < day <= longest}
    return dict(sorted((dict.fromkeys(_month_ends(ends, longest), 0) | found).items()))


def _others(row: Subscription) -> QuerySet[Subscription]:
    """The customer's other seats of new commerce that could be followed."""
    rows = Subscription.objects.filter(
        connection=row.connection_id,
        customer=row.customer_id,
        product_type=_NEW_COMMERCE,
        status="active",
        gone_at=None,
        commitment_end_date__gt=row.connection.now(),
    )
    return rows.exclude(is_trial=True).exclude(pk=row.pk)


def _shared(rows: QuerySet[Subscription], term: str) -> dict[dt.date, int]:
    """Their last days that a term of this length may share, with how many end then."""
    if term != _MONTHLY:
        rows = rows.exclude(term_duration=_MONTHLY)
    found: dict[dt.date, int] = {}
    for moment in rows.values_list("commitment_end_date", flat=True):
        if moment is None:
            continue
        day = moment.astimezone(dt.UTC).date()
        if term != _MONTHLY or day.day not in _LATE or _is_month_end(day):
            found[day] = found.get(day, 0) + 1
    return found


def _month_ends(after: dt.date, until: dt.date) -> list[dt.date]:
    found, day = [], after.replace(day=_days(after.year, after.month))
    while day <= until:
        if day > after:
            found.append(day)
        start = day + dt.timedelta(days=1)
        day = start.replace(day=_days(start.year, start.month))
    return found


def _is_month_end(day: dt.date) -> bool:
    return day.day == _days(day.year, day.month)


def _days(year: int, month: int) -> int:
    return monthrange(year, month)[1]
