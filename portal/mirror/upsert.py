"""Rows into their table: COPY into a temporary table, then one statement that decides row by row.

A row is written if its payload's digest differs from the stored one, and skipped if it was observed
no later than what is stored: an old answer that arrives late changes nothing. Detail and list own
their columns; what they share follows the later of the two.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection as database
from django.db import transaction

from portal.connections.models import Connection
from portal.mirror import hooks
from portal.mirror.copying import line
from portal.mirror.digests import digest, encoded
from portal.mirror.families import Columns, Family, Payload, Reading, Representation


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row ready to be written: ``line`` is all of it as COPY reads it, ``columns`` are for comparing."""

    key: str
    line: str
    digest: bytes
    observed_at: dt.datetime
    columns: Columns


@dataclass
class Counts:
    """What became of the rows; ``ids`` are those that were written."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    ids: list[int] = field(default_factory=list)

    def add(self, other: "Counts") -> None:
        """Add another batch's numbers."""
        self.inserted += other.inserted
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.ids += other.ids


def prepare(
    family: Family, representation: Representation, payloads: Iterable[Payload], reading: Reading
) -> list[Row]:
    """Map payloads to rows: plain Python, safe in any thread."""
    rows = []
    for payload in payloads:
        columns = representation.map(payload, reading)
        seen = digest(payload, representation.version)
        values = [columns.get(name) for name in representation.columns]
        values += [seen, reading.observed_at]
        if representation.keeps_payload:
            values.append(encoded(payload))
        rows.append(
            Row(
                key=family.key_of(columns),
                line=line(values),
                digest=seen,
                observed_at=reading.observed_at,
                columns=columns,
            )
        )
    return rows


def upsert(
    family: Family,
    representation: Representation,
    connection: Connection,
    payloads: Iterable[Payload],
    *,
    observed_at: dt.datetime,
    parent: str = "",
) -> Counts:
    """Write payloads of one reading; for a single answer too (delivery, refresh).

    ``observed_at`` is the moment before the request was sent. Joins the caller's transaction.
    """
    reading = Reading(connection=connection, observed_at=observed_at, parent=parent)
    return write(
        family, representation, connection, prepare(family, representation, payloads, reading)
    )


def write(
    family: Family,
    representation: Representation,
    connection: Connection,
    rows: Sequence[Row],
    *,
    first: bool = False,
) -> Counts:
    """Write prepared rows, sorted by key so that two workers cannot block each other.

    ``first`` spares the look at what is stored, where the caller knows that most rows are not.
    """
    unique = {row.key: row for row in sorted(rows, key=lambda row: row.observed_at)}
    if not unique:
        return Counts()
    with transaction.atomic():
        known = {} if first else _known(family, representation, connection, sorted(unique))
        batch = [unique[key] for key in sorted(unique) if known.get(key) != unique[key].digest]
        counts = _merge(family, representation, connection, batch) if batch else Counts()
        counts.unchanged += len(unique) - len(batch)
        hooks.changed(family.name, connection, counts.ids)
    return counts


def _known(
    family: Family, representation: Representation, connection: Connection, keys: Sequence[str]
) -> dict[str, bytes]:
    """Return the digests of live rows: what has not changed need not travel to the database."""
    columns = list(zip(*(key.split("|") for key in keys), strict=True))
    names = [f"k{place}" for place in range(len(columns))]
    arrays = ", ".join("%s::text[]" for _ in names)
    same = " AND ".join(
        f"stored.{column} = wanted.{name}" for column, name in zip(family.key, names, strict=True)
    )
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT {key_sql(family)}, stored.{representation.name}_digest"  # noqa: S608 - own names
            f" FROM unnest({arrays}) AS wanted({', '.join(names)})"
            f" JOIN {family.table} AS stored ON stored.connection_id = %s AND {same}"
            " WHERE stored.gone_at IS NULL",
            [*([*column] for column in columns), connection.pk],
        )
        return {key: bytes(stored) for key, stored in cursor.fetchall() if stored is not None}


def _merge(
    family: Family, representation: Representation, connection: Connection, batch: Sequence[Row]
) -> Counts:
    statement = Statement(family, representation)
    with database.cursor() as cursor:
        cursor.execute(statement.create)
        cursor.execute(statement.empty)
        with cursor.copy(statement.copy) as copy:
            copy.write("".join(row.line for row in batch))
        # A plain string: pghistory puts the context of this change in front of it.
        cursor.execute(statement.merge, [connection.pk])
        return _counted(len(batch), cursor.fetchall())


def _counted(total: int, written: Sequence[tuple[int, bool]]) -> Counts:
    inserted = sum(1 for _, new in written if new)
    return Counts(
        inserted=inserted,
        updated=len(written) - inserted,
        unchanged=total - len(written),
        ids=[pk for pk, _ in written],
    )


def mark_gone(
    family: Family, connection: Connection, keys: Sequence[str], *, observed_at: dt.datetime
) -> int:
    """Set ``gone_at`` on live rows that Partner Center no longer knows; they are never deleted.

    ``keys`` are values of the family's key, joined by "|". A row seen after ``observed_at`` stays.
    """
    with transaction.atomic(), database.cursor() as cursor:
        cursor.execute(
            f"UPDATE {family.table} AS stored SET gone_at = %s"  # noqa: S608 - names of our own
            f" WHERE connection_id = %s AND {key_sql(family)} = ANY(%s) AND gone_at IS NULL"
            f" AND coalesce({seen_at_sql(family)} < %s, true) RETURNING id",
            [observed_at, connection.pk, list(keys), observed_at],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
        hooks.changed(family.name, connection, ids)
    return len(ids)


def key_sql(family: Family, table: str = "stored") -> str:
    """Return SQL for a row's key as one text."""
    return " || '|' || ".join(f"{table}.{name}" for name in family.key)


def seen_at_sql(family: Family, table: str = "stored") -> str:
    """Return SQL for the moment of the newest reading that changed the row."""
    moments = ", ".join(f"{table}.{r.name}_observed_at" for r in family.representations)
    return f"greatest({moments}, NULL)"


class Statement:
    """The SQL of one representation. All names come from our own declarations, never from data."""

    def __init__(self, family: Family, representation: Representation) -> None:
        """Build the four statements once."""
        self.family = family
        self.representation = representation
        self.temporary = f"incoming_{family.name}_{representation.name}"
        name = representation.name
        self.names = [*representation.columns]
        self.state = [f"{name}_digest", f"{name}_observed_at"]
        if representation.keeps_payload:
            self.state.append(f"{name}_payload")
        self.names += self.state
        columns = ", ".join(self.names)
        self.create = (
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {self.temporary} ON COMMIT DROP AS"  # noqa: S608
            f" SELECT {columns} FROM {family.table} WITH NO DATA"
        )
        self.empty = f"TRUNCATE {self.temporary}"
        self.copy = f"COPY {self.temporary} ({columns}) FROM STDIN"
        self.merge = self._merge(columns)

    def _merge(self, columns: str) -> str:
        family, name = self.family, self.representation.name
        derived = "".join(f", {d.column}" for d in family.derived)
        values = "".join(f", {d.value}" for d in family.derived)
        incoming = ", ".join(f"incoming.{column}" for column in self.names)
        order = ", ".join(f"incoming.{column}" for column in family.key)
        return (
            f"INSERT INTO {family.table} AS stored (connection_id, {columns}{derived})"  # noqa: S608
            f" SELECT own.id, {incoming}{values}"
            f" FROM {self.temporary} AS incoming"
            f" JOIN connections_connection AS own ON own.id = %s {family.joins}"
            f" ORDER BY {order}"
            f" ON CONFLICT (connection_id, {', '.join(family.key)}) DO UPDATE"
            f" SET {', '.join(self._assignments())}, gone_at = NULL"
            f" WHERE (stored.{name}_digest IS DISTINCT FROM EXCLUDED.{name}_digest"
            " OR stored.gone_at IS NOT NULL)"
            f" AND coalesce(EXCLUDED.{name}_observed_at > {self._stored_at()}, true)"
            " RETURNING stored.id, stored.xmax = 0"
        )

    def _assignments(self) -> list[str]:
        found = [f"{name} = EXCLUDED.{name}" for name in self.names if name not in self.family.key]
        for derived in self.family.derived:
            value = f"EXCLUDED.{derived.column}"
            if derived.keep:
                value = f"coalesce({value}, stored.{derived.column})"
            found.append(f"{derived.column} = {value}")
        return found + self._forgotten()

    def _forgotten(self) -> list[str]:
        """Forget the other form's digest if a shared column changes, so that it is read into the row again."""
        found = []
        own = set(self.representation.columns)
        for other in self.family.representations:
            if other.name == self.representation.name:
                continue
            shared = sorted(own & set(other.columns))
            before = ", ".join(f"stored.{name}" for name in shared)
            after = ", ".join(f"EXCLUDED.{name}" for name in shared)
            found.append(
                f"{other.name}_digest = CASE WHEN ROW({before}) IS NOT DISTINCT FROM ROW({after})"
                f" THEN stored.{other.name}_digest END"
            )
        return found

    def _stored_at(self) -> str:
        moments = [f"stored.{r.name}_observed_at" for r in self.family.representations]
        return f"greatest({', '.join([*moments, 'stored.gone_at'])})"
