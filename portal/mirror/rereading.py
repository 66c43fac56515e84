"""Reading what was marked: single resources by id, or a scope's list, many at a time.

Several marks of one resource are one row, so several audit records of it cost one request.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from portal.connections.models import Connection
from portal.mirror import dirty, freshness, optional, sweep
from portal.mirror.families import Family, Reading
from portal.mirror.fetching import Pool
from portal.mirror.listing import BATCH_ROWS, SIGN_IN, Listed, fetch
from portal.mirror.models import DirtyMark
from portal.mirror.upsert import Counts, Row, mark_gone, prepare, write
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import NotFound, PartnerError

BATCH = 50


@dataclass(frozen=True)
class Found:
    """What a mark led to: a detail row, a scope's list, or nothing (``row`` and ``listed`` None)."""

    mark: DirtyMark
    at: dt.datetime
    row: Row | None = None
    listed: Listed | None = None


@dataclass
class Tally:
    """What a batch of marks came to."""

    counts: Counts
    fetched: int = 0
    gone: int = 0


def read_mark(
    client: PartnerClient, connection: Connection, family: Family, one: DirtyMark
) -> Found:
    """Ask for what the mark names; 404 means that it is gone. For any thread."""
    at = timezone.now()
    try:
        if family.detail is None or not one.key:
            listing = family.rescope or family.listing
            return Found(one, at, listed=fetch(client, connection, family, listing, one.parent))
        path = family.detail.path(one.parent, one.key)
        payload = client.call(family.detail.operation, **path)
        reading = Reading(connection=connection, observed_at=at, parent=one.parent)
        (row,) = prepare(family, family.detail.representation, [payload], reading)
    except NotFound:
        return Found(one, at)
    return Found(one, at, row=row)


def store(connection: Connection, family: Family, found: Sequence[Found]) -> Tally:
    """Write what was read and settle the marks; joins the caller's transaction."""
    tally = Tally(Counts())
    rows = [one.row for one in found if one.row is not None]
    if family.detail and rows:
        tally.counts.add(write(family, family.detail.representation, connection, rows))
        tally.fetched += len(rows)
    settled = [
        one.mark
        for one in found
        if one.row is not None or _store_rest(connection, family, one, tally)
    ]
    dirty.settle(settled)
    return tally


def _store_rest(connection: Connection, family: Family, one: Found, tally: Tally) -> bool:
    """Write a scope's list, or note that the resource is gone; False if a person should look."""
    if one.listed is None:
        keys = [one.mark.key] if one.mark.key else []
        if family.on_demand and not keys:
            # The parent has nothing of the kind. That has been read, too: it is not the next to be read.
            keys = [one.mark.parent] if family.listing.single else []
            freshness.note(connection, family.name, [(one.mark.parent, one.at)])
        tally.gone += mark_gone(family, connection, keys, observed_at=one.at)
        return True
    listing = family.rescope or family.listing
    rows, at = one.listed.rows, one.listed.observed_at
    tally.fetched += len(rows)
    tally.counts.add(write(family, listing.representation, connection, rows))
    column = family.rescope_column or family.parent_column
    met = [row.key for row in rows]
    try:
        missing = sweep.gone_from_scope(family, connection, column, one.mark.parent, met)
    except sweep.TooMany as error:
        dirty.postpone(one.mark, error)
        return False
    tally.gone += mark_gone(family, connection, missing, observed_at=at)
    if not family.rescope:
        freshness.note(connection, family.name, [(one.mark.parent, at)])
    return True


class Reader:
    """Works off a family's marks in batches; ``save`` runs ``store`` in the caller's kind of commit."""

    def __init__(self, connection: Connection, family: Family, pool: Pool) -> None:
        """Prepare for one family."""
        self.connection, self.family, self.pool = connection, family, pool

    def batches(
        self, marks: Sequence[DirtyMark], go_on: Callable[[], bool] = lambda: True
    ) -> Iterator[list[Found]]:
        """Yield what the marks led to as it comes, so that only a batch of it is ever held.

        No mark is begun once ``go_on`` says no. Failures are noted on their marks; sign-in errors are raised.
        """
        batch: list[Found] = []
        for outcome in self.pool.each(marks, self._ask, go_on):
            if outcome.result is not None:
                batch.append(outcome.result)
                if len(batch) >= BATCH or sum(map(_rows, batch)) >= BATCH_ROWS:
                    yield batch
                    batch = []
                continue
            error = outcome.error
            if not isinstance(error, PartnerError) or isinstance(error, SIGN_IN):
                assert error is not None, "an outcome is a result or an error"
                raise error
            self._put_off(outcome.item, error)
        if batch:
            yield batch

    def _put_off(self, one: DirtyMark, error: PartnerError) -> None:
        """Keep the mark for later; one that lacks a permission waits for the next full run instead."""
        if optional.bars(self.family, error):
            optional.note(self.connection, self.family, error)
            dirty.settle([one])
            return
        dirty.postpone(one, error)

    def _ask(self, client: PartnerClient, one: DirtyMark) -> Found:
        return read_mark(client, self.connection, self.family, one)


def _rows(one: Found) -> int:
    return len(one.listed.rows) if one.listed else 1


def keep(connection: Connection, family: Family, found: Sequence[Found]) -> int:
    """Store a batch in a transaction of its own; returns how many marks it held."""
    with transaction.atomic():
        store(connection, family, found)
    return len(found)
