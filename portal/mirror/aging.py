"""Lists that are read on demand, in the background by age: never read first, then the oldest.

A few parents a minute, so that an estate of any size costs the same share of the rate budget.
"""

import datetime as dt

from django.conf import settings
from django.db import connection as database
from django.utils import timezone

from portal.connections.models import Connection
from portal.mirror import dirty
from portal.mirror.families import Family, get
from portal.partnercenter.spec import Cloud


def a_minute() -> int:
    """How many lists of one family and connection are marked a minute (MIRROR_AGED_PER_MINUTE)."""
    return int(getattr(settings, "MIRROR_AGED_PER_MINUTE", 10))


def old_after() -> dt.timedelta:
    """From which age on a list is read again without being asked for (MIRROR_AGED_DAYS)."""
    return dt.timedelta(days=float(getattr(settings, "MIRROR_AGED_DAYS", 7)))


def readable(connection: Connection, family: Family) -> bool:
    """Whether this connection may read the family: its cloud has it, and a person has consented if need be."""
    operation = family.listing.operation
    if Cloud(connection.cloud) not in operation.clouds:
        return False
    return connection.has_consent or not operation.needs_user


def mark(connection: Connection, family: Family) -> int:
    """Mark the parents whose list is missing or oldest; returns how many."""
    if not family.parent or not readable(connection, family):
        return 0
    targets = [(parent, "") for parent in _oldest(connection, family)]
    return dirty.mark(connection, family.name, targets, reason="age", priority=dirty.BACKGROUND)


def _oldest(connection: Connection, family: Family) -> list[str]:
    """The parents to read next; one that is marked already waits for its turn."""
    parent, key = get(family.parent or "").table, family.parent_key
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT {key} FROM {parent} AS parent"  # noqa: S608 - own names
            " LEFT JOIN mirror_freshness AS fresh ON fresh.connection_id = parent.connection_id"
            f" AND fresh.family = %s AND fresh.parent = {key}"
            " LEFT JOIN mirror_dirtymark AS marked ON marked.connection_id = parent.connection_id"
            f" AND marked.family = %s AND marked.parent = {key} AND marked.key = ''"
            " WHERE parent.connection_id = %s AND parent.gone_at IS NULL AND marked.id IS NULL"
            " AND coalesce(fresh.complete_at < %s, true)"
            " ORDER BY fresh.complete_at NULLS FIRST, parent.pc_id LIMIT %s",
            [family.name, family.name, connection.pk, timezone.now() - old_after(), a_minute()],
        )
        return [pc_id for (pc_id,) in cursor.fetchall()]
