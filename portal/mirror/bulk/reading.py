"""Reading the lists of a bulk family: some parents at once, each page by page, written as they come.

Readers ask and parse; they wait while the writer is behind, so that memory stays the same however long a
list is. Each commit saves rows, digests and the place of its parent together: a killed sync goes on
at the saved continuation.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Any

from django.db import connection as database

from portal.connections.governor import BudgetSpent
from portal.mirror import dirty, freshness
from portal.mirror.bulk import marks
from portal.mirror.bulk.preparing import Fetched, prepare
from portal.mirror.bulk.tables import Bulk, Known, Parent, Place
from portal.mirror.bulk.writing import Writer
from portal.mirror.families import Family
from portal.mirror.models import Kind, SyncPass
from portal.mirror.readers import Readers, Said
from portal.mirror.work import Work, count
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import (
    InvalidInput,
    NotFound,
    PartnerError,
    TokenRefused,
    Unauthorized,
)

LANES = 3
AHEAD = 3
"""Pages that wait for the writer, besides one in each lane's hands."""
BATCH = 4
"""Pages that are committed together: what a commit costs besides its rows is paid for all of them."""
CHUNK = 500
RESTARTS = 3


@dataclass(frozen=True)
class Lane:
    """Whose list is to be read from where, and what is stored of it."""

    parent: Parent
    place: Place
    known: Known


def walk(bulk: Bulk, client: PartnerClient, stopped: Event, lane: Lane) -> Iterator[Fetched]:
    """Yield the pages of a list from a place to its end, ready to be written. No database here."""
    place = lane.place
    # Stopped between its last page and its end: read again it would double its rows.
    while not place.at_end:
        pages = client.pages(
            bulk.operation,
            start=place.page,
            query=bulk.query,
            raw=True,
            **bulk.path(lane.parent.pc_id),
        )
        try:
            for page in pages:
                found = prepare(bulk, lane.parent, lane.known, place.position, page)
                place = Place(found.stop, page.next)
                # The client holds on to a page until the next one is there: megabytes a lane.
                page.items.clear()
                yield found
        except BudgetSpent:
            # Nothing was sent: the same page again, unless the slice is over.
            if stopped.is_set():
                raise
            continue
        return


def read(work: Work, one: SyncPass, family: Family) -> bool:
    """Go on with the lists of all parents; True when every one was read or failed for good."""
    assert family.bulk is not None, "a bulk family"
    reader = _Reader(work, one, family.bulk, Writer(family.bulk, family.name, work.connection))
    return reader.run()


def pending(bulk: Bulk, one: SyncPass, after: str) -> list[Parent]:
    """Return parents that were not read since the pass began, in key order after ``after``.

    A run for changes reads those alone whose list is marked.
    """
    chosen = marks.CHOSEN if one.run.kind == Kind.CHANGES else ""
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT parent.id, parent.pc_id FROM {bulk.parent_table} AS parent"  # noqa: S608
            " LEFT JOIN mirror_freshness AS fresh ON fresh.connection_id = parent.connection_id"
            " AND fresh.family = %(family)s AND fresh.parent = parent.pc_id"
            " WHERE parent.connection_id = %(connection)s AND parent.gone_at IS NULL"
            f" AND parent.pc_id > %(after)s AND {bulk.parent_where}"
            f" AND coalesce(fresh.complete_at < %(began)s, true){chosen}"
            f" ORDER BY parent.pc_id LIMIT {CHUNK}",
            {
                "family": one.family,
                "connection": one.run.connection_id,
                "after": after,
                "began": one.started_at,
            },
        )
        return [Parent(pk, pc_id) for pk, pc_id in cursor.fetchall()]


@dataclass
class _Reader:
    """One slice over the lists that are not complete yet."""

    work: Work
    one: SyncPass
    bulk: Bulk
    writer: Writer
    known: dict[str, Known] = field(default_factory=dict)
    errors: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.waiting: Iterator[Parent] = self._parents()

    def run(self) -> bool:
        """Read until all is done, the time is over or an error must be told."""
        walking = partial(walk, self.bulk)
        with self.work.pool.readers(walking, LANES, ahead=AHEAD) as readers:
            self._loop(readers)
        if self.errors:
            raise self.errors[0]
        return next(self._parents(), None) is None

    def _loop(self, readers: Readers[Lane, Fetched]) -> None:
        while True:
            while len(readers) < LANES and self._may_begin() and self._begin(readers):
                pass
            if not len(readers):
                return
            self._take(_some(readers))
            if self.errors or not self.work.more():
                return

    def _may_begin(self) -> bool:
        return not self.errors and self.work.more()

    def _begin(self, readers: Readers[Lane, Fetched]) -> bool:
        parent = next(self.waiting, None)
        if parent is None:
            return False
        self.known[parent.pc_id] = known = self.writer.known(parent)
        readers.submit(Lane(parent, self._place(parent), known))
        return True

    def _parents(self) -> Iterator[Parent]:
        after = ""
        while True:
            chunk = pending(self.bulk, self.one, after)
            yield from (parent for parent in chunk if parent.pc_id not in self._failed)
            if len(chunk) < CHUNK:
                return
            after = chunk[-1].pc_id

    @property
    def _failed(self) -> dict[str, Any]:
        found: dict[str, Any] = self.one.cursor.get("failed", {})
        return found

    def _place(self, parent: Parent) -> Place:
        saved = self.one.cursor.get("places", {}).get(parent.pc_id)
        return Place(**saved) if saved else Place()

    def _take(self, words: list[Said[Lane, Fetched]]) -> None:
        """Commit what came: pages of a parent together, then the ends."""
        pages: dict[str, list[Fetched]] = defaultdict(list)
        for said in words:
            if said.result is not None:
                pages[said.item.parent.pc_id].append(said.result)
        with self.work.commit(self.one):
            for pc_id, many in pages.items():
                self._write(pc_id, many)
            for said in words:
                if said.ended:
                    self._end(said.item.parent, said.error)

    def _write(self, pc_id: str, pages: list[Fetched]) -> None:
        counts = self.writer.write(pages, self.known[pc_id])
        rows = sum(page.size for page in pages)
        count(self.one, counts, rows)
        self.one.done += rows
        last = pages[-1]
        places = self.one.cursor.setdefault("places", {})
        places[pc_id] = Place(last.stop, last.next).as_json()

    def _end(self, parent: Parent, error: Exception | None) -> None:
        pc_id = parent.pc_id
        if error is None:
            place = self._place(parent)
            if place.position <= self.known[pc_id].last:
                self._note_missing(parent, place.position)
            freshness.note(self.work.connection, self.one.family, [(pc_id, self._began)])
            marks.settle(self.work.connection, self.one.family, pc_id, self._began)
            self.one.cursor.get("places", {}).pop(pc_id, None)
        elif not isinstance(error, PartnerError):
            self.errors.insert(0, error)
        elif isinstance(error, TokenRefused | Unauthorized) or error.transient:
            self.errors.append(error)
        elif self._may_restart(parent, error):
            self.one.restarts += 1
            self.one.cursor["places"].pop(pc_id)
            self.waiting = itertools.chain([parent], self.waiting)
        else:
            self.one.cursor.setdefault("failed", {})[pc_id] = dirty.described(error)
            marks.postpone(self.work.connection, self.one.family, pc_id, error)

    @property
    def _began(self) -> Any:
        return self.one.started_at

    def _may_restart(self, parent: Parent, error: PartnerError) -> bool:
        """Tell whether the refusal can only mean that the continuation has expired."""
        expired = isinstance(error, InvalidInput | NotFound)
        going_on = self._place(parent).page is not None
        return expired and going_on and self.one.restarts < RESTARTS

    def _note_missing(self, parent: Parent, stop: int) -> None:
        """Remember that the list has become shorter; whether it is believed is decided at the end."""
        self.one.cursor.setdefault("missing", {})[parent.pc_id] = [parent.pk, stop]


def _some(readers: Readers[Lane, Fetched]) -> list[Said[Lane, Fetched]]:
    """Wait for a word, and take those along that are there already."""
    words = [readers.get()]
    while words[-1] is not None and len(words) < BATCH:
        words.append(readers.get(wait=False))
    return [said for said in words if said is not None]


# --- what a shorter list would remove ------------------------------------------------------------


def missing(family: Family, one: SyncPass) -> int:
    """Count the live rows that lie behind the end of their list as it was just read."""
    assert family.bulk is not None, "a bulk family"
    bulk, total = family.bulk, 0
    with database.cursor() as cursor:
        for pk, stop in (one.cursor or {}).get("missing", {}).values():
            cursor.execute(
                f"SELECT count(*) FROM {bulk.table} WHERE {bulk.parent_column} = %s"  # noqa: S608
                " AND position >= %s AND gone_at IS NULL",
                [pk, stop],
            )
            total += (cursor.fetchone() or (0,))[0]
    return total


def remove_missing(work: Work, family: Family, one: SyncPass) -> int:
    """Mark those rows as gone; returns how many."""
    assert family.bulk is not None, "a bulk family"
    writer, total = Writer(family.bulk, family.name, work.connection), 0
    with database.cursor() as cursor:
        for pc_id, (pk, stop) in (one.cursor or {}).get("missing", {}).items():
            total += writer.remove(cursor, Parent(pk, pc_id), stop)
    return total
