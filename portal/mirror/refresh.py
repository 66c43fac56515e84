"""A mark of the highest urgency and a task that reads just that: what "refresh now" does."""

from functools import partial

from celery import current_app
from django.db import transaction

from portal.connections.models import Connection
from portal.mirror import dirty, families
from portal.mirror.models import DirtyMark

PEOPLE, OTHERS = "interactive", "default"
"""Queues: where somebody waits it goes where the questions go; a burst of webhooks does not."""


def request(
    connection: Connection,
    family: str,
    pc_id: str,
    *,
    parent: str = "",
    reason: str = "viewed",
    priority: int = dirty.VIEWED,
) -> DirtyMark:
    """Mark one resource (``pc_id`` "": the whole list of ``parent``) and queue its reading on commit."""
    families.get(family)
    with transaction.atomic():
        dirty.mark(connection, family, [(parent, pc_id)], reason=reason, priority=priority)
        mark = DirtyMark.objects.get(connection=connection, family=family, parent=parent, key=pc_id)
        lane = PEOPLE if priority >= dirty.VIEWED else OTHERS
        transaction.on_commit(partial(_queue, mark.pk, lane))
    return mark


def _queue(mark_id: int, lane: str) -> None:
    current_app.send_task("portal.mirror.tasks.refresh_one", args=[mark_id], queue=lane)
