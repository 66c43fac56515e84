"""Reading a family completely: one serial listing, or one list for each parent, many at a time."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection as database
from django.utils import timezone

from portal.connections.models import Connection
from portal.mirror import dirty, freshness, sweep
from portal.mirror.bulk import reading as bulk
from portal.mirror.families import Batch, Family, Listing, Pages, Reading
from portal.mirror.fetching import Outcome
from portal.mirror.models import Kind, PassState, SyncPass
from portal.mirror.upsert import Counts, Row, prepare, write
from portal.mirror.work import Work, count
from portal.partnercenter.client import Page, PartnerClient
from portal.partnercenter.errors import (
    InvalidInput,
    NotFound,
    PartnerError,
    TokenRefused,
    Unauthorized,
)

BATCH_ROWS = 1000
BATCH_LISTS = 50
CHUNK = 500
TRIES = 3
RESTARTS = 3
# Publication of an audit record and our clocks may differ by this much.
MARGIN = dt.timedelta(minutes=10)

SIGN_IN = (TokenRefused, Unauthorized)


@dataclass(frozen=True)
class Listed:
    """A parent's whole list, mapped."""

    parent: str
    rows: list[Row]
    observed_at: dt.datetime


def read(work: Work, one: SyncPass, family: Family) -> bool:
    """Go on with the listing; True when it is complete."""
    if family.bulk:
        return bulk.read(work, one, family)
    return _read_parents(work, one, family) if family.parent else _read_pages(work, one, family)


def fetch(
    client: PartnerClient, connection: Connection, family: Family, listing: Listing, parent: str
) -> Listed:
    """Read one parent's list to its end and map it; for any thread."""
    if listing.single:
        return _fetch_one(client, connection, family, listing, parent)
    rows: list[Row] = []
    first: dt.datetime | None = None
    pages = (
        listing.read(client, parent)
        if listing.read
        else _pages(client, connection, listing, parent)
    )
    for at, items in pages:
        first = first or at
        reading = Reading(connection=connection, observed_at=at, parent=parent)
        rows += prepare(family, listing.representation, items, reading)
    assert first is not None, "a listing has at least one page"
    return Listed(parent, rows, first)


def _pages(
    client: PartnerClient, connection: Connection, listing: Listing, parent: str
) -> Iterator[Pages]:
    pages = client.pages(
        listing.operation, query=listing.query(connection, parent), **listing.path(parent)
    )
    for page in pages:
        yield page.observed_at, page.items


def _fetch_one(
    client: PartnerClient, connection: Connection, family: Family, listing: Listing, parent: str
) -> Listed:
    at = timezone.now()
    query, path = listing.query(connection, parent), listing.path(parent)
    payload = client.call(listing.operation, query=query, **path)
    reading = Reading(connection=connection, observed_at=at, parent=parent)
    return Listed(parent, prepare(family, listing.representation, [payload], reading), at)


def restart(one: SyncPass) -> None:
    """Begin the listing again: its continuation expired, or a crash lost the keys it had met."""
    sweep.forget(one)
    one.cursor = {"phase": "list"}
    one.state = PassState.RUNNING
    one.seen_count = one.done = 0
    one.restarts += 1


# --- one list -----------------------------------------------------------------------------------


def _read_pages(work: Work, one: SyncPass, family: Family) -> bool:
    listing = family.listing
    query, path = listing.query(work.connection, ""), listing.path("")

    def pages(client: PartnerClient) -> Iterator[Page[Any]]:
        start = (one.cursor or {}).get("page")
        for page in client.pages(listing.operation, start=start, query=query, **path):
            yield page
            if not work.more():
                return

    while True:
        try:
            for page in work.pool.ahead(pages):
                with work.commit(one):
                    counts = _write_page(work, one, family, page.items, page.observed_at)
                    count(one, counts, len(page.items))
                    one.done += len(page.items)
                    one.cursor = {"phase": "list", "page": page.next}
                if page.next is not None and not work.more():
                    return False
        except (InvalidInput, NotFound) as error:
            _expired(work, one, error)
            continue
        return True


def _expired(work: Work, one: SyncPass, error: PartnerError) -> None:
    """Start over where the refusal can only mean the continuation; raise it otherwise."""
    if (one.cursor or {}).get("page") is None or one.restarts >= RESTARTS:
        raise error
    with work.commit(one):
        restart(one)


def _write_page(
    work: Work, one: SyncPass, family: Family, items: list[dict[str, object]], at: dt.datetime
) -> Counts:
    if family.writer:
        # What happened before a full run began is in its listings: no need to read it again.
        full = work.run.kind == Kind.FULL
        since = one.run.started_at - MARGIN if full else None
        batch = Batch(connection=work.connection, payloads=items, observed_at=at, since=since)
        counts: Counts = family.writer(batch)
        return counts
    reading = Reading(connection=work.connection, observed_at=at)
    rows = prepare(family, family.listing.representation, items, reading)
    sweep.remember(one, [row.key for row in rows])
    return write(family, family.listing.representation, work.connection, rows)


# --- one list for each parent -------------------------------------------------------------------


def _read_parents(work: Work, one: SyncPass, family: Family) -> bool:
    reader = _Parents(work, one, family)
    while next(reader.pending(), None) is not None:
        if not work.more():
            return False
        reader.round()
    return True


class _Parents:
    """One slice over the parents that were not read since the pass began."""

    def __init__(self, work: Work, one: SyncPass, family: Family) -> None:
        self.work, self.one, self.family = work, one, family
        self.batch: list[Listed] = []
        self.failures = 0
        stored = family.model._default_manager.filter(connection=work.connection)  # noqa: SLF001
        self.first = not stored.exists()

    @property
    def tries(self) -> dict[str, int]:
        found: dict[str, int] = self.one.cursor.setdefault("tries", {})
        return found

    def round(self) -> None:
        """Read every parent that is pending once, as far as the time allows."""
        pool, connection, family = self.work.pool, self.work.connection, self.family

        def ask(client: PartnerClient, parent: str) -> Listed:
            return fetch(client, connection, family, family.listing, parent)

        for outcome in pool.each(self.pending(), ask, self.work.more):
            self.take(outcome)
        self.flush()

    def pending(self) -> Iterator[str]:
        """Yield the parents in key order, a chunk of rows at a time."""
        assert self.family.parent is not None, "read by parent"
        after = ""
        while True:
            chunk = _pending(self.work.connection, self.family, self.one, after)
            yield from (parent for parent in chunk if self.tries.get(parent, 0) < TRIES)
            if len(chunk) < CHUNK:
                return
            after = chunk[-1]

    def take(self, outcome: Outcome[str, Listed]) -> None:
        """Keep a list for the next batch, or note why it could not be read."""
        if outcome.result is not None:
            self.failures = 0
            self.batch.append(outcome.result)
            rows = sum(len(listed.rows) for listed in self.batch)
            if rows >= BATCH_ROWS or len(self.batch) >= BATCH_LISTS:
                self.flush()
            return
        assert outcome.error is not None, "an outcome is a result or an error"
        self.failed(outcome.item, outcome.error)

    def failed(self, parent: str, error: Exception) -> None:
        if not isinstance(error, PartnerError) or isinstance(error, SIGN_IN):
            self.flush()
            raise error
        with self.work.commit(self.one):
            if isinstance(error, NotFound):
                # The customer went meanwhile: its own family will say so.
                self.tries[parent] = TRIES
                if not self.family.parent_table:
                    above = self.family.parent or ""
                    dirty.mark(self.work.connection, above, [("", parent)], reason="missing")
                return
            self.failures += 1
            self.tries[parent] = self.tries.get(parent, 0) + 1 if error.transient else TRIES
            if self.tries[parent] >= TRIES:
                failed = self.one.cursor.setdefault("failed", {})
                failed[parent] = dirty.described(error)
        if error.transient and self.failures > 2 * self.work.pool.threads:
            self.flush()
            raise error

    def flush(self) -> None:
        """Write the batch: rows, keys met, ages and the pass's place in one transaction."""
        if not self.batch:
            return
        batch, self.batch = self.batch, []
        rows = [row for listed in batch for row in listed.rows]
        one, connection = self.one, self.work.connection
        assert one.started_at is not None, "a running pass has begun"
        began = one.started_at
        with self.work.commit(one):
            representation = self.family.listing.representation
            counts = write(self.family, representation, connection, rows, first=self.first)
            sweep.remember(one, [row.key for row in rows])
            ages = [(x.parent, max(x.observed_at, began)) for x in batch]
            freshness.note(connection, self.family.name, ages)
            count(one, counts, len(rows))
            one.done += len(batch)


def _pending(connection: Connection, family: Family, one: SyncPass, after: str) -> list[str]:
    parent, key = family.above, family.parent_key
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT {key} FROM {parent} AS parent"  # noqa: S608 - own names
            " LEFT JOIN mirror_freshness AS fresh ON fresh.connection_id = parent.connection_id"
            f" AND fresh.family = %s AND fresh.parent = {key}"
            f" WHERE parent.connection_id = %s AND parent.gone_at IS NULL AND {key} > %s"
            " AND coalesce(fresh.complete_at < %s, true)"
            f" ORDER BY {key} LIMIT %s",
            [family.name, connection.pk, after, one.started_at, CHUNK],
        )
        return [pc_id for (pc_id,) in cursor.fetchall()]
