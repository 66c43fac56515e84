"""Partner Center's clocks, for reads over several connections: one whose clock was moved has its own today.

A connection's offset is measured at its answers (``portal.connections.clients``). Offsets are kept in the
cache, so that they cost a page no query.
"""

import datetime as dt
from collections.abc import Callable, Collection

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from portal.connections.models import Connection

KEY = "connections:clocks"
KEPT = 60  # seconds


def each(condition: Callable[[dt.datetime], Q], path: str = "connection") -> Q:
    """A condition on the present moment, for each connection by its own clock; ``path`` leads to the connection."""
    now = timezone.now()
    moved = {pk: seconds for pk, seconds in _ahead().items() if seconds}
    if not moved:
        return condition(now)
    found = condition(now) & ~Q(**{f"{path}__in": sorted(moved)})
    for seconds in sorted(set(moved.values())):
        same = sorted(pk for pk, offset in moved.items() if offset == seconds)
        found |= Q(**{f"{path}__in": same}) & condition(now + dt.timedelta(seconds=seconds))
    return found


def todays(connection_ids: Collection[int] | None) -> list[dt.date]:
    """The days (UTC) that it is on these connections (None: all of them), the earliest first; ours where there is none."""
    now, ahead = timezone.now(), _ahead()
    told = {ahead[pk] for pk in ahead if connection_ids is None or pk in connection_ids}
    days = {(now + dt.timedelta(seconds=s)).astimezone(dt.UTC).date() for s in told or {0.0}}
    return sorted(days)


def forget() -> None:
    """Read the offsets anew: one of them has changed."""
    cache.delete(KEY)


def _ahead() -> dict[int, float]:
    """Seconds that each connection's clock is ahead of ours."""
    found: dict[int, float] | None = cache.get(KEY)
    if found is None:
        rows = Connection.objects.filter(retired_at=None)
        found = dict(rows.values_list("pk", "clock_offset"))
        cache.set(KEY, found, KEPT)
    return found
