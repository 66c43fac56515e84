"""Marks of a bulk family: each names a parent whose whole list shall be read again.

They are no single reads: a run for changes lists the marked parents as a full run lists all, with
places that survive a kill.
"""

import datetime as dt

from django.db.models import QuerySet

from portal.connections.models import Connection
from portal.mirror import dirty
from portal.mirror.models import DirtyMark

CHOSEN = (
    " AND EXISTS (SELECT 1 FROM mirror_dirtymark AS mark"
    " WHERE mark.connection_id = parent.connection_id AND mark.family = %(family)s"
    " AND mark.parent = parent.pc_id AND mark.key = '' AND mark.priority >= 0"
    " AND coalesce(mark.not_before <= now(), true))"
)
"""SQL: the parent's list is marked and due."""


def settle(connection: Connection, family: str, parent: str, began: dt.datetime) -> None:
    """Remove the mark of a list that was read whole, unless it was set after the reading began."""
    _of(connection, family, parent).filter(marked_at__lte=began).delete()


def postpone(connection: Connection, family: str, parent: str, error: Exception) -> None:
    """Keep the mark of a list that was refused for later, with what went wrong."""
    for one in _of(connection, family, parent):
        dirty.postpone(one, error)


def _of(connection: Connection, family: str, parent: str) -> QuerySet[DirtyMark]:
    return DirtyMark.objects.filter(connection=connection, family=family, parent=parent, key="")
