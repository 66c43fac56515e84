"""Reading again what somebody looks at: a mark of the highest urgency and a task that reads just that.

How it stands is told by the line of the page's age until it is over.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import or_
from urllib.parse import quote

from celery import current_app
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.connections.models import Connection
from portal.mirror import dirty, families
from portal.mirror.models import DirtyMark
from portal.ui import causes, formats
from portal.ui.age import Age

PEOPLE, OTHERS = "interactive", "default"
"""Queues: where somebody waits it goes where the questions go; a burst of webhooks does not."""
PATIENCE = dt.timedelta(minutes=1)
"""How long a page waits for a worker before it says that none came."""
REMEMBERED = 24 * 3600
"""Seconds for which pages know that something was asked for and read, where rows and marks do not tell.

Lost with the cache: a page then tells the row's own age, and of no failure.
"""


@dataclass(frozen=True)
class Target:
    """What is read again: one resource, or with ``pc_id`` "" the whole list of ``parent``."""

    connection: Connection
    family: str
    pc_id: str = ""
    parent: str = ""

    @property
    def identity(self) -> tuple[int, str, str, str]:
        """As a mark carries it."""
        return self.connection.pk, self.family, self.parent, self.pc_id


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
        viewed = priority >= dirty.VIEWED
        if viewed:
            cache.set(_key("asked", _identity(mark)), 1, REMEMBERED)
        lane = PEOPLE if viewed else OTHERS
        transaction.on_commit(partial(_queue, mark.pk, lane))
    return mark


def ask(targets: Iterable[Target]) -> None:
    """What "refresh now" does: have the workers read these before anything less urgent."""
    for one in targets:
        if not one.connection.is_retired:
            request(one.connection, one.family, one.pc_id, parent=one.parent)


def marks(targets: Sequence[Target]) -> list[DirtyMark]:
    """Return what is still marked of the targets, in one query."""
    if not targets:
        return []
    names = ("connection", "family", "parent", "key")
    wanted = (Q(**dict(zip(names, one.identity, strict=True))) for one in targets)
    return list(DirtyMark.objects.filter(reduce(or_, wanted)).order_by("pk"))


def is_under_way(mark: DirtyMark) -> bool:
    """Whether somebody asked for it a moment ago and it is neither read nor refused."""
    asked = mark.priority >= dirty.VIEWED and not mark.error
    return asked and mark.marked_at + PATIENCE > timezone.now()


def age(at: dt.datetime | None, targets: Sequence[Target], refresh_url: str = "") -> Age:
    """The age of a page whose "refresh now" reads ``targets``, and how such a reading stands.

    ``at`` is when the rows were read for all that the mirror knows. A reading that changed nothing
    leaves no trace in a row, so its moment is remembered beside it. Costs one query for what somebody
    asked for within a day, else none.
    """
    read = [_key("read", one.identity) for one in targets]
    asked = [_key("asked", one.identity) for one in targets]
    kept = cache.get_many([*read, *asked]) if targets else {}
    found = marks(targets) if any(key in kept for key in asked) else []
    latest = min(kept[key] for key in read) if read and all(key in kept for key in read) else None
    moments = [moment for moment in (at, latest) if moment]
    reading = any(map(is_under_way, found))
    note = "" if reading else _failure(found) or _overdue(found)
    return Age(max(moments, default=None), refresh_url, note=note, reading=reading)


def remember(mark: DirtyMark, at: dt.datetime) -> None:
    """Keep the moment for which a mark's resource was read; lost with the cache, it only looks older."""
    if DirtyMark.objects.filter(pk=mark.pk, error__isnull=False).exists():
        return  # read, but not written: too much would go
    cache.set(_key("read", _identity(mark)), at, REMEMBERED)


def _failure(found: Sequence[DirtyMark]) -> str:
    """Why what is shown could not be read again, with Partner Center's code and correlation id; else ""."""
    error = next((mark.error for mark in found if mark.error), None)
    if error is None:
        return ""
    said = (str(error.get(name) or "") for name in ("code", "message", "correlation_id"))
    told = (causes.explained(error), *map(causes.worded, said))
    return _("The last reading failed: %(error)s") % {"error": " · ".join(filter(None, told))}


def _overdue(found: Sequence[DirtyMark]) -> str:
    asked = [mark.marked_at for mark in found if mark.priority >= dirty.VIEWED]
    if not asked:
        return ""
    return _("Asked for %(age)s ago, not read yet") % {"age": formats.ago(min(asked))}


def _identity(mark: DirtyMark) -> tuple[int, str, str, str]:
    return mark.connection_id, mark.family, mark.parent, mark.key


def _key(word: str, identity: tuple[int, str, str, str]) -> str:
    """A name in the cache; ids of Partner Center may hold anything."""
    return f"mirror-{word}:{quote(':'.join(map(str, identity)))}"


def _queue(mark_id: int, lane: str) -> None:
    current_app.send_task("portal.mirror.tasks.refresh_one", args=[mark_id], queue=lane)
