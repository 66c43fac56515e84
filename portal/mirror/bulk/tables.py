"""A bulk family said as data: many narrow rows below a parent, told apart by their position.

Such rows carry no id of their own. Their identity is parent and place in the parent's list, which
makes every re-reading come out as the list was last, each row once. The payload is not in the row:
a page of it is kept compressed beside, and only if one of its rows was new or other than before.
"""

import datetime as dt
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import xxhash

from portal.partnercenter.spec import Operation

_encoder = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True)
class Parent:
    """Whose list it is: our id, and Partner Center's."""

    pk: int
    pc_id: str


@dataclass(frozen=True)
class Reference:
    """A foreign key found by an id of the row: ``source`` is the column with Partner Center's id.

    ``lookup`` is SQL that takes a connection and an array of ids and gives pairs (id there, our id).
    """

    column: str
    source: str
    lookup: str


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """What one bulk family is.

    - ``table`` has ``parent_column``, ``position``, ``digest``, ``gone_at``, the ``columns`` that
      ``read`` returns in their order, and the columns of the ``references``.
    - ``pages`` is the table of the pages' digests: ``parent_column``, ``start``, ``rows``, ``digest``,
      ``observed_at``, ``raw_id``.
    - ``parent_where`` is SQL over ``parent``: which parents have such rows.
    - ``read`` turns a row's bytes into column values (text, numbers, days, None); it never fails on odd
      content. Raise ``version`` when it changes.
    - ``retotal`` is SQL that adds the rows of one parent from position ``start`` up to ``stop`` to
      the totals, ``sign`` times; it runs in the transaction that changes the rows.
    """

    table: str
    pages: str
    parent_table: str
    parent_column: str
    parent_where: str
    operation: Operation[Any]
    path: Callable[[str], Mapping[str, Any]]
    query: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[str, ...]
    read: Callable[[msgspec.Raw], Sequence[Any]]
    references: tuple[Reference, ...] = ()
    retotal: str
    kept: dt.timedelta = dt.timedelta(days=400)
    version: int = 1

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The columns that are written, in the order of the lines of COPY.

        References come first: the writer finds them, the rest is ready when a page was read.
        """
        found = (*(one.column for one in self.references), "connection_id")
        return (*found, self.parent_column, "position", *self.fresh_columns)

    @property
    def fresh_columns(self) -> tuple[str, ...]:
        """The columns that a row's content decides, besides its references."""
        return ("digest", *self.columns)

    def digests(self, rows: Sequence[msgspec.Raw]) -> tuple[int, ...]:
        """Return for each row what differs when its bytes, or the reading of them, differ: a bigint."""
        joined = b"".join([xxhash.xxh3_64_digest(row, self.version) for row in rows])
        return struct.unpack(f">{len(rows)}q", joined)


def as_raw(item: Any) -> msgspec.Raw:
    """Return a row as its bytes; a scripted client may give it parsed."""
    if isinstance(item, msgspec.Raw):
        return item
    return msgspec.Raw(_encoder.encode(item))


def page_digest(digests: Sequence[int]) -> bytes:
    """Return the digest of a page from those of its rows."""
    return xxhash.xxh3_128_digest(struct.pack(f">{len(digests)}q", *digests))


@dataclass
class Place:
    """Where the reading of one parent stands: the position of the next row, and the continuation."""

    position: int = 0
    page: dict[str, Any] | None = None

    @property
    def at_end(self) -> bool:
        """Whether the last page was saved: what remains is to note that the list is complete."""
        return self.position > 0 and self.page is None

    def as_json(self) -> dict[str, Any]:
        """For the pass's cursor."""
        return {"position": self.position, "page": self.page}


@dataclass
class Known:
    """What is stored of one parent: the digest of each page by its start and length, the last position."""

    pages: dict[tuple[int, int], bytes]
    last: int
