"""One slice of work on a run: its lease, its deadline, and the commit that saves rows and place together."""

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pghistory
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from portal.connections.models import Connection
from portal.mirror.fetching import Pool
from portal.mirror.models import SyncPass, SyncRun
from portal.mirror.upsert import Counts

LEASE = dt.timedelta(seconds=90)

COUNTED = [
    "state",
    "started_at",
    "finished_at",
    "cursor",
    "restarts",
    "seen_count",
    "total",
    "done",
    "fetched",
    "inserted",
    "updated",
    "unchanged",
    "gone",
    "requests",
    "seconds",
    "would_remove",
    "error",
]


class LeaseLost(Exception):  # noqa: N818 - says what happened
    """Another worker has the run now; what this one had not committed is dropped."""


@dataclass
class Work:
    """Who works on which run until when (``deadline`` in ``time.monotonic`` seconds)."""

    run: SyncRun
    connection: Connection
    holder: str
    pool: Pool
    deadline: float
    progress: Callable[[SyncPass], None] | None = None
    _requests: int = 0
    _since: float = field(default_factory=time.monotonic)

    def more(self) -> bool:
        """Tell whether there is time to begin something new."""
        return time.monotonic() < self.deadline

    @contextlib.contextmanager
    def commit(self, one: SyncPass) -> Iterator[None]:
        """Save what the block writes, the pass's place and the lease, in one transaction."""
        context: dict[str, int] = {"run": self.run.pk}
        if self.run.actor_id:
            context["user"] = self.run.actor_id
        with pghistory.context(**context), transaction.atomic():
            _unhurried()
            yield
            self._measure(one)
            one.save(update_fields=COUNTED)
            self._renew()
        if self.progress:
            self.progress(one)

    def _measure(self, one: SyncPass) -> None:
        now = time.monotonic()
        one.requests += self.pool.requests - self._requests
        one.seconds += now - self._since
        self._requests, self._since = self.pool.requests, now

    def _renew(self) -> None:
        held = SyncRun.objects.filter(pk=self.run.pk, lease_holder=self.holder)
        if not held.update(lease_until=timezone.now() + LEASE, attempts=0):
            raise LeaseLost


def _unhurried() -> None:
    """Do not wait for the disk: after a power cut the pass goes on from an earlier place, with its rows."""
    with database.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def count(one: SyncPass, counts: Counts, fetched: int) -> None:
    """Add a batch's numbers to the pass."""
    one.fetched += fetched
    one.inserted += counts.inserted
    one.updated += counts.updated
    one.unchanged += counts.unchanged
