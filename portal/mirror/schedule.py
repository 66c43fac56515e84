"""When a sync is due. The clock calls ``due`` every minute; what is due stands in Postgres."""

import datetime as dt
from collections.abc import Callable, Collection

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from portal.connections.models import Connection
from portal.mirror import aging, dirty, families, passes, rereading, runs
from portal.mirror.fetching import Pool
from portal.mirror.models import DirtyMark, Kind, Question, RawPage, RunState, SyncRun
from portal.mirror.webhooks import checking

KEPT_RUNS = dt.timedelta(days=90)
DRIP = 100
"""Details read a minute and family for spare budget, while no run is going on; lists by age besides."""


def full_every() -> dt.timedelta:
    """How often everything is read (MIRROR_FULL_HOURS)."""
    return dt.timedelta(hours=float(getattr(settings, "MIRROR_FULL_HOURS", 24)))


def changes_every() -> dt.timedelta:
    """How often the audit records are read (MIRROR_CHANGES_MINUTES)."""
    return dt.timedelta(minutes=float(getattr(settings, "MIRROR_CHANGES_MINUTES", 5)))


def start_due() -> list[int]:
    """Begin what is due on every connection that may be called; return the runs to be worked on."""
    begun = []
    for connection in Connection.objects.filter(problem_at=None, retired_at=None):
        kind = _due_kind(connection)
        if kind is not None:
            begun.append(runs.start(connection, kind).pk)
    return begun


def _due_kind(connection: Connection) -> str | None:
    now = timezone.now()
    active = SyncRun.objects.filter(connection=connection, state__in=runs.ACTIVE)
    if active.exists():
        return None
    last = {
        kind: SyncRun.objects.filter(connection=connection, kind=kind)
        .order_by("-started_at")
        .values_list("started_at", flat=True)
        .first()
        for kind in Kind.values
    }
    full, changes = last[Kind.FULL], last[Kind.CHANGES]
    if full is None:
        # The first sync is a person's step, so that a new connection reads nothing by surprise.
        return None
    if full + full_every() <= now:
        return Kind.FULL
    if not passes.ever_complete(connection.pk, "customers"):
        return None
    return Kind.CHANGES if changes is None or changes + changes_every() <= now else None


def stalled() -> list[int]:
    """Return active runs that nobody works on and that may go on now."""
    now = timezone.now()
    for paused in SyncRun.objects.filter(state=RunState.PAUSED).select_related("connection"):
        runs.unpause(paused)
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = Q(not_before=None) | Q(not_before__lte=now)
    rows = SyncRun.objects.filter(free & due, state=RunState.RUNNING)
    return list(rows.values_list("pk", flat=True))


def waiting_marks() -> list[int]:
    """Return viewed marks whose task was lost (Redis may be flushed at any moment)."""
    now = timezone.now()
    rows = DirtyMark.objects.filter(
        Q(not_before=None) | Q(not_before__lte=now),
        priority__gte=dirty.VIEWED,
        marked_at__lt=now - dt.timedelta(seconds=30),
        connection__problem_at=None,
        connection__retired_at=None,
    )
    return list(rows.values_list("pk", flat=True)[:200])


def drip(
    connection: Connection,
    go_on: Callable[[], bool] = lambda: True,
    names: Collection[str] | None = None,
) -> int:
    """Read some details and old lists for spare budget; returns how many marks were worked off.

    What is not begun once ``go_on`` says no waits for the next minute. ``names``: these families alone.
    """
    if SyncRun.objects.filter(connection=connection, state__in=runs.ACTIVE).exists():
        return 0
    aged = aging.mark_due(connection, names)
    done = 0
    with Pool(connection, threads=8) as pool:
        for family in families.ordered():
            closed = family.on_demand and not aging.readable(connection, family)
            if family.bulk or closed or not (names is None or family.name in names):
                continue
            most = DRIP + aged.get(family.name, 0)
            marks = dirty.due(connection, family.name, most, dirty.BACKGROUND)
            reader = rereading.Reader(connection, family, pool)
            done += sum(
                rereading.keep(connection, family, found) for found in reader.batches(marks, go_on)
            )
    return done


def tidy() -> None:
    """Remove books that have served: old runs, expired pages and questions, refused removals."""
    now = timezone.now()
    runs.forget_rejected()
    checking.tidy()
    RawPage.objects.filter(expires_at__lt=now).delete()
    Question.objects.filter(expires_at__lt=now - dt.timedelta(days=1)).delete()
    SyncRun.objects.filter(finished_at__lt=now - KEPT_RUNS).delete()
