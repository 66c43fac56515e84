"""A bulk family said as data: many narrow rows below a parent, told apart by their position.

Such rows carry no id of their own. Their identity is parent and place in the parent's list, which
makes every re-reading come out as the list was last, each row once. The payload is not in the row:
a page of it is kept compressed beside, and only if one of its rows was new or other than before.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from portal.partnercenter.spec import Operation

_encoder = msgspec.json.Encoder(decimal_format="number")
PAGE_DIGEST = 16
ROW_DIGEST = 8


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
    - ``read`` turns a row's bytes into column values; it never fails on odd content. Raise
      ``version`` when it changes.
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
        """The columns that are written, in the order of the lines of COPY."""
        own = ("connection_id", self.parent_column, "position", "digest")
        return (*own, *(one.column for one in self.references), *self.columns)

    def row_digest(self, row: msgspec.Raw) -> bytes:
        """Return what differs when the row's bytes, or the reading of them, differ."""
        salt = self.version.to_bytes(2, "big")
        return hashlib.blake2b(row, digest_size=ROW_DIGEST, salt=salt).digest()


def as_raw(item: Any) -> msgspec.Raw:
    """Return a row as its bytes; a scripted client may give it parsed."""
    if isinstance(item, msgspec.Raw):
        return item
    return msgspec.Raw(_encoder.encode(item))


def page_digest(digests: Sequence[bytes]) -> bytes:
    """Return the digest of a page from those of its rows."""
    return hashlib.blake2b(b"".join(digests), digest_size=PAGE_DIGEST).digest()


def as_number(digest: bytes) -> int:
    """Return a row's digest as the bigint that is stored."""
    return int.from_bytes(digest, "big", signed=True)


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
