"""Pages of rows into their table, a few at a time, with totals, page digests and place in one transaction.

Rows behind the last stored position go in by COPY straight into the table, which has no history.
Others are compared by their digests and only what differs is merged.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection as database
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from psycopg import Copy

from portal.connections.models import Connection
from portal.mirror.bulk.preparing import Fetched, Rows
from portal.mirror.bulk.tables import Bulk, Known, Parent
from portal.mirror.upsert import Counts

AT_ONCE = 300
"""Lines that are handed to COPY together: about what psycopg sends in one piece."""
KEPT_REFERENCES = 60_000
"""Ids of one kind that are remembered; the lines of another invoice name the same ones."""


@dataclass
class Writer:
    """Writes the pages of one family of one connection; joins the caller's transaction."""

    bulk: Bulk
    family: str
    connection: Connection

    def __post_init__(self) -> None:
        # For each reference, what its ids lead to; and the beginnings of lines made of them.
        self._found: list[dict[str, int | None]] = [{} for _ in self.bulk.references]
        self._heads: dict[tuple[str, ...], str] = {}

    def known(self, parent: Parent) -> Known:
        """Return what is stored of a parent, so that what has not changed is not even parsed."""
        bulk = self.bulk
        with database.cursor() as cursor:
            cursor.execute(
                f"SELECT start, rows, digest FROM {bulk.pages}"  # noqa: S608 - own names
                f" WHERE {bulk.parent_column} = %s",
                [parent.pk],
            )
            pages = {(start, rows): bytes(digest) for start, rows, digest in cursor.fetchall()}
            cursor.execute(
                f"SELECT coalesce(max(position), -1) FROM {bulk.table}"  # noqa: S608 - own names
                f" WHERE {bulk.parent_column} = %s",
                [parent.pk],
            )
            (last,) = cursor.fetchone() or (-1,)
        return Known(pages, int(last))

    def write(self, pages: Sequence[Fetched], known: Known) -> Counts:
        """Write some consecutive pages of one parent."""
        counts = Counts()
        changed = [page for page in pages if page.rows is not None]
        counts.unchanged += sum(page.size for page in pages if page.rows is None)
        if not changed:
            return counts
        self._look_up({one for page in changed if page.rows for one in page.rows.sources})
        with database.cursor() as cursor:
            for fresh, group in itertools.groupby(changed, lambda page: page.start > known.last):
                many = list(group)
                counts.add(self._append(cursor, many) if fresh else self._merge(cursor, many))
            known.last = max(known.last, changed[-1].stop - 1)
        return counts

    # --- new rows ---

    def _append(self, cursor: CursorWrapper, pages: Sequence[Fetched]) -> Counts:
        bulk = self.bulk
        with cursor.copy(f"COPY {bulk.table} ({', '.join(bulk.all_columns)}) FROM STDIN") as copy:
            for page in pages:
                if page.rows:
                    self._copy(copy, page.rows)
        # Consecutive pages are summed in one go; a gap only where a page between was unchanged.
        self._retotal(cursor, pages[0].parent, pages[0].start, pages[-1].stop, 1)
        for page in pages:
            self._keep(cursor, page, fresh=True)
        return Counts(inserted=sum(page.size for page in pages))

    def _copy(self, copy: Copy, rows: Rows) -> None:
        heads = map(self._heads.__getitem__, rows.sources)
        lines = zip(heads, rows.texts, strict=True)
        while some := [text for line in itertools.islice(lines, AT_ONCE) for text in line]:
            copy.write("".join(some))

    # --- rows that may be there already ---

    def _merge(self, cursor: CursorWrapper, pages: Sequence[Fetched]) -> Counts:
        counts = Counts()
        for page in pages:
            stored = self._stored(cursor, page)
            rows = _differing(page, stored)
            counts.unchanged += page.size - len(rows.digests)
            if rows.digests:
                counts.add(self._replace(cursor, page, rows, len(stored)))
            self._keep(cursor, page, fresh=False, raw=bool(rows.digests))
        return counts

    def _stored(self, cursor: CursorWrapper, page: Fetched) -> dict[int, int | None]:
        """Return the digests of a page's positions; None for a row that was gone."""
        bulk = self.bulk
        cursor.execute(
            "SELECT position, CASE WHEN gone_at IS NULL THEN digest END"  # noqa: S608 - own names
            f" FROM {bulk.table} WHERE {bulk.parent_column} = %s"
            " AND position >= %s AND position < %s",
            [page.parent.pk, page.start, page.stop],
        )
        return dict(cursor.fetchall())

    def _replace(
        self,
        cursor: CursorWrapper,
        page: Fetched,
        rows: Rows,
        before: int,
    ) -> Counts:
        bulk, temporary = self.bulk, f"incoming_{self.family}"
        names = ", ".join(bulk.all_columns)
        cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {temporary} ON COMMIT DROP AS"  # noqa: S608
            f" SELECT {names} FROM {bulk.table} WITH NO DATA"
        )
        cursor.execute(f"TRUNCATE {temporary}")
        with cursor.copy(f"COPY {temporary} ({names}) FROM STDIN") as copy:
            self._copy(copy, rows)
        found = [one.column for one in bulk.references]
        assigned = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*found, *bulk.fresh_columns))
        if before:
            self._retotal(cursor, page.parent, page.start, page.stop, -1)
        cursor.execute(
            f"INSERT INTO {bulk.table} ({names}) SELECT {names}"  # noqa: S608 - own names
            f" FROM {temporary} ORDER BY position"
            f" ON CONFLICT ({bulk.parent_column}, position) DO UPDATE"
            f" SET gone_at = NULL, {assigned} RETURNING xmax = 0"
        )
        new = [is_new for (is_new,) in cursor.fetchall()]
        self._retotal(cursor, page.parent, page.start, page.stop, 1)
        return Counts(inserted=sum(new), updated=len(new) - sum(new))

    def remove(self, cursor: CursorWrapper, parent: Parent, stop: int) -> int:
        """Set ``gone_at`` on the rows from a position on; returns how many."""
        bulk = self.bulk
        self._retotal(cursor, parent, stop, 2**31 - 1, -1)
        cursor.execute(
            f"UPDATE {bulk.table} SET gone_at = %s"  # noqa: S608 - own names
            f" WHERE {bulk.parent_column} = %s AND position >= %s AND gone_at IS NULL",
            [timezone.now(), parent.pk, stop],
        )
        count = int(cursor.rowcount)
        cursor.execute(
            f"DELETE FROM {bulk.pages} WHERE {bulk.parent_column} = %s"  # noqa: S608 - own names
            " AND start + rows > %s",
            [parent.pk, stop],
        )
        return count

    # --- what goes along ---

    def _retotal(
        self, cursor: CursorWrapper, parent: Parent, start: int, stop: int, sign: int
    ) -> None:
        values = {"parent": parent.pk, "start": start, "stop": stop, "sign": sign}
        cursor.execute(self.bulk.retotal, values)

    def _keep(self, cursor: CursorWrapper, page: Fetched, *, fresh: bool, raw: bool = True) -> None:
        """Note the page's digest, with its bytes if one of its rows was written."""
        bulk, parent = self.bulk, self.bulk.parent_column
        if not fresh:
            # Pages cut otherwise than before would tell of rows that are not theirs any more.
            cursor.execute(
                f"DELETE FROM {bulk.pages} WHERE {parent} = %s AND start <> %s"  # noqa: S608
                " AND start < %s AND start + rows > %s",
                [page.parent.pk, page.start, page.stop, page.start],
            )
        # One statement: while other threads parse, each round trip costs a wait for the interpreter.
        cursor.execute(
            "WITH raw AS (INSERT INTO mirror_rawpage"  # noqa: S608 - own names
            " (connection_id, family, observed_at, body, expires_at)"
            " SELECT %(connection)s, %(family)s, %(at)s, %(body)s, %(expires)s WHERE %(raw)s"
            f" RETURNING id) INSERT INTO {bulk.pages} AS stored"
            f" ({parent}, start, rows, digest, observed_at, raw_id)"
            " VALUES (%(parent)s, %(start)s, %(rows)s, %(digest)s, %(at)s, (SELECT id FROM raw))"
            f" ON CONFLICT ({parent}, start) DO UPDATE SET rows = EXCLUDED.rows,"
            " digest = EXCLUDED.digest, observed_at = EXCLUDED.observed_at,"
            " raw_id = coalesce(EXCLUDED.raw_id, stored.raw_id)",
            {
                "connection": self.connection.pk,
                "family": self.family,
                "at": page.observed_at,
                "body": page.body,
                "expires": page.observed_at + bulk.kept,
                "raw": raw,
                "parent": page.parent.pk,
                "start": page.start,
                "rows": page.size,
                "digest": page.digest,
            },
        )

    def _look_up(self, met: set[tuple[str, ...]]) -> None:
        """Find the references of rows that are not known yet, one query for each column."""
        new = met - self._heads.keys()
        if not new:
            return
        if len(self._heads) + len(new) > KEPT_REFERENCES:
            self._heads.clear()
            self._found = [{} for _ in self.bulk.references]
            new = met
        columns = zip(*new, strict=True)
        for found, reference, values in zip(
            self._found, self.bulk.references, columns, strict=True
        ):
            wanted = set(values) - found.keys()
            found.update(dict.fromkeys(wanted))
            wanted.discard("")
            if wanted:
                with database.cursor() as cursor:
                    cursor.execute(reference.lookup, [self.connection.pk, sorted(wanted)])
                    found.update(cursor.fetchall())
        self._heads.update((one, self._head(one)) for one in new)

    def _head(self, sources: tuple[str, ...]) -> str:
        ids = [found[key] for found, key in zip(self._found, sources, strict=True)]
        return (
            "".join(["\\N\t" if pk is None else f"{pk}\t" for pk in ids])
            + f"{self.connection.pk}\t"
        )


def _differing(page: Fetched, stored: Mapping[int, int | None]) -> Rows:
    """Return the rows of a page that are not stored as they are now."""
    rows = page.rows or Rows((), (), ())
    places = [
        place
        for place, digest in enumerate(rows.digests)
        if stored.get(page.start + place) != digest
    ]
    return Rows(
        [rows.digests[place] for place in places],
        [rows.sources[place] for place in places],
        [rows.texts[place] for place in places],
    )
