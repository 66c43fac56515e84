"""Marks: what shall be read again, why, and how soon. Set-based, one row for each resource.

``key`` "" means the whole scope ``parent``. A mark's version rises when it is set again, so that one
set while its resource is being read survives the reading.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import connection as database
from django.db.models import F, Q
from django.utils import timezone

from portal.connections.models import Connection
from portal.mirror.models import DirtyMark
from portal.partnercenter.errors import PartnerError

VIEWED = 10
CHANGED = 5
DATE_REACHED = 3
DIFFERED = -1
BACKGROUND = -2
"""Below zero: worth reading when there is budget to spare, never in an incremental run."""

BACKOFF = dt.timedelta(minutes=1)
LONGEST = dt.timedelta(hours=6)


def mark(
    connection: Connection,
    family: str,
    targets: Iterable[tuple[str, str]],
    *,
    reason: str,
    priority: int = CHANGED,
) -> int:
    """Mark (parent, key) pairs; the higher priority wins. Returns how many marks were set."""
    wanted = sorted(set(targets))
    if not wanted:
        return 0
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mirror_dirtymark AS stored"
            " (connection_id, family, parent, key, priority, reason)"
            " SELECT %s, %s, parent, key, %s, %s FROM unnest(%s::text[], %s::text[]) AS t(parent, key)"
            " ON CONFLICT (connection_id, family, parent, key) DO UPDATE SET"
            " priority = greatest(stored.priority, EXCLUDED.priority), reason = EXCLUDED.reason,"
            " version = stored.version + 1, marked_at = now(), not_before = NULL, attempts = 0,"
            " error = NULL",
            [
                connection.pk,
                family,
                priority,
                reason,
                [parent for parent, _ in wanted],
                [key for _, key in wanted],
            ],
        )
    return len(wanted)


def due(connection: Connection, family: str, limit: int, least: int = 0) -> list[DirtyMark]:
    """Return the marks to work on now, the most urgent first."""
    rows = DirtyMark.objects.filter(
        Q(not_before=None) | Q(not_before__lte=timezone.now()),
        connection=connection,
        family=family,
        priority__gte=least,
    )
    return list(rows.order_by("-priority", "id")[:limit])


def settle(marks: Sequence[DirtyMark]) -> None:
    """Remove marks whose resource was read, unless they were set again meanwhile."""
    if marks:
        with database.cursor() as cursor:
            cursor.execute(
                "DELETE FROM mirror_dirtymark AS stored USING unnest(%s::bigint[], %s::int[])"
                " AS read(id, version) WHERE stored.id = read.id AND stored.version = read.version",
                [[one.pk for one in marks], [one.version for one in marks]],
            )


def postpone(one: DirtyMark, error: Exception) -> None:
    """Keep the mark for later, with what went wrong; the wait doubles each time."""
    delay = min(BACKOFF * 2 ** min(one.attempts, 10), LONGEST)
    DirtyMark.objects.filter(pk=one.pk, version=one.version).update(
        attempts=F("attempts") + 1, not_before=timezone.now() + delay, error=described(error)
    )


def described(error: Exception) -> dict[str, object]:
    """Return an error as JSON: code, message, correlation id, status."""
    if not isinstance(error, PartnerError):
        return {"code": type(error).__name__, "message": str(error)}
    return {
        "code": error.code or type(error).__name__,
        "kind": type(error).__name__,
        "status": error.status,
        "message": error.message,
        "correlation_id": error.correlation_id or "",
        "operation": error.operation or "",
    }
