"""When a scope was last read completely. Age belongs to the scope, not to the row."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection as database
from django.db.models import Min
from django.db.models.functions import Greatest

from portal.connections.models import Connection
from portal.mirror.models import Freshness

# Postgres' greatest() passes over what is null.
CURRENT = Greatest("complete_at", "followed_at")


def complete_at(
    family: str, connection_ids: Iterable[int] | None = None, parent: str = ""
) -> dt.datetime | None:
    """Return the oldest moment that one of these connections' rows stand for; None if none was read.

    That is the last whole reading, or how far the changes since then were followed.
    ``connection_ids`` None means all connections. With ``parent`` the age is that of one parent's list.
    """
    rows = Freshness.objects.filter(family=family, parent=parent)
    if connection_ids is not None:
        rows = rows.filter(connection_id__in=connection_ids)
    found: dt.datetime | None = rows.aggregate(at=Min(CURRENT))["at"]
    return found


def note(connection: Connection, family: str, reads: Iterable[tuple[str, dt.datetime]]) -> None:
    """Record that each parent ("" for the whole family) was read completely at its moment."""
    parents, moments = [], []
    for parent, moment in sorted(dict(reads).items()):
        parents.append(parent)
        moments.append(moment)
    if not parents:
        return
    with database.cursor() as statement:
        statement.execute(
            "INSERT INTO mirror_freshness AS stored (connection_id, family, parent, complete_at)"
            " SELECT %s, %s, * FROM unnest(%s::text[], %s::timestamptz[])"
            " ON CONFLICT (connection_id, family, parent) DO UPDATE"
            " SET complete_at = greatest(stored.complete_at, EXCLUDED.complete_at), barred = NULL",
            [connection.pk, family, parents, moments],
        )


def bar(connection: Connection, family: str, told: dict[str, object]) -> None:
    """Record why a whole family cannot be read; what was read before keeps its age."""
    rows = Freshness.objects.filter(connection=connection, family=family, parent="")
    if not rows.update(barred=told):
        Freshness.objects.create(connection=connection, family=family, barred=told)


def whole(family: str, connection_id: int) -> Freshness:
    """Return how a whole family of one connection stands; an unsaved row where nobody has read it."""
    row = Freshness.objects.filter(connection=connection_id, family=family, parent="").first()
    return row or Freshness(connection_id=connection_id, family=family)


def follow(connection_id: int, names: Iterable[str], moment: dt.datetime) -> None:
    """Record that every change up to a moment was read; it says nothing of what was never read whole."""
    Freshness.objects.filter(
        connection_id=connection_id, family__in=names, parent="", complete_at__isnull=False
    ).update(followed_at=moment)


def cursor(connection: Connection, family: str, name: str) -> dt.datetime | None:
    """Return a saved moment up to which something was looked at, or None."""
    row = Freshness.objects.filter(connection=connection, family=family, parent="").first()
    saved = (row.cursor or {}).get(name) if row else None
    return dt.datetime.fromisoformat(saved) if saved else None


def save_cursor(connection: Connection, family: str, name: str, at: dt.datetime) -> None:
    """Save the moment; it does not touch ``complete_at``."""
    with database.cursor() as statement:
        statement.execute(
            "INSERT INTO mirror_freshness AS stored (connection_id, family, parent, cursor)"
            " VALUES (%s, %s, '', jsonb_build_object(%s::text, %s::text))"
            " ON CONFLICT (connection_id, family, parent) DO UPDATE"
            " SET cursor = coalesce(stored.cursor, '{}') || EXCLUDED.cursor",
            [connection.pk, family, name, at.isoformat()],
        )
