"""What the mirror and its connections come to, for the home page, from the books that a sync keeps.

Nothing here counts a large table: a family has as many records as its last whole pass met. Numbers of
a connection are told to those alone who see it whole; staff of a reseller have none.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from billing.models import InvoiceTotal
from billing.queries import RIGHT as COST
from portal.access.scope import Scope
from portal.connections import clients
from portal.connections.governor import FREE
from portal.connections.models import Connection
from portal.mirror import runs, schedule
from portal.mirror.models import Kind, PassState, SyncPass

KEPT_SECONDS = 20


@dataclass(frozen=True)
class Requests:
    """The fullest request budget of all connections in this minute; ``limit`` None: a test bed has none."""

    used: int
    limit: int | None


@dataclass(frozen=True)
class Facts:
    """``records`` by family; ``next_full`` is when everything is read next, None while none is due."""

    records: dict[str, int] = field(default_factory=dict)
    next_full: dt.datetime | None = None
    full_runs: bool = False
    requests: Requests | None = None

    @property
    def overdue(self) -> bool:
        """Whether the clock starts the next whole pass with its next stroke."""
        return self.next_full is not None and self.next_full <= timezone.now()


def facts(scope: Scope) -> Facts:
    """The numbers of the connections that the scope sees whole; kept for some seconds."""
    if not scope.all_connections and not scope.connection_ids:
        return Facts()
    key = f"home-facts:{scope.user_id}:{scope.narrowed(COST).as_json}:{scope.as_json}"
    found: Facts | None = cache.get(key.replace(" ", ""))
    if found is None:
        found = _facts(scope)
        cache.set(key.replace(" ", ""), found, KEPT_SECONDS)
    return found


def _facts(scope: Scope) -> Facts:
    rows = list(_connections(scope))
    due = [at for at in map(_next_full, rows) if at]
    return Facts(
        records=_records([row.pk for row in rows]) | _lines(scope),
        next_full=min(due, default=None),
        full_runs=any(getattr(row, "full_runs", 0) for row in rows),
        requests=max(_used(rows), key=_share, default=None),
    )


def _connections(scope: Scope) -> QuerySet[Connection]:
    rows = Connection.objects.filter(retired_at=None)
    if not scope.all_connections:
        rows = rows.filter(pk__in=scope.connection_ids)
    full = Q(sync_runs__kind=Kind.FULL)
    return rows.annotate(
        full_at=Max("sync_runs__started_at", filter=full),
        full_runs=Count("sync_runs", filter=full & Q(sync_runs__state__in=runs.ACTIVE)),
    )


def _next_full(row: Connection) -> dt.datetime | None:
    last: dt.datetime | None = getattr(row, "full_at", None)
    return None if row.is_paused or last is None else last + schedule.full_every()


def _records(ids: list[int]) -> dict[str, int]:
    """By family what the last whole pass of each connection met."""
    done = SyncPass.objects.filter(
        run__connection__in=ids, run__kind=Kind.FULL, state=PassState.DONE, seen_count__gt=0
    )
    latest = done.order_by("run__connection_id", "family", "-run_id")
    latest = latest.distinct("run__connection_id", "family")
    sums: dict[str, int] = {}
    for family, number in latest.values_list("family", "seen_count"):
        sums[family] = sums.get(family, 0) + number
    return sums


def _lines(scope: Scope) -> dict[str, int]:
    """Invoice lines are counted by the totals that their sync keeps, for who sees cost."""
    rows = InvoiceTotal.objects.filter(invoice__gone_at=None, invoice__connection__retired_at=None)
    found = scope.narrowed(COST).filter(rows).aggregate(n=Sum("lines"))["n"]
    return {"invoice_lines": found} if found else {}


def _used(rows: list[Connection]) -> Iterator[Requests]:
    for row in rows:
        for budget in clients.governor(row).budgets():
            limit = None if budget.limit >= FREE else budget.limit
            yield Requests(budget.this_minute, limit)


def _share(one: Requests) -> float:
    return one.used / (one.limit or FREE)
