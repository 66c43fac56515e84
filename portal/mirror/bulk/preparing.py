"""A page of rows ready for COPY: plain Python, for the threads that read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import zstandard

from portal.mirror import copying
from portal.mirror.bulk.tables import Bulk, Known, Parent, as_raw, page_digest

AT_ONCE = 100
"""Rows that are compressed together: a block that memory keeps at hand."""


@dataclass(frozen=True)
class Rows:
    """A page's rows, each at the same place of the three: what is written of it, and how it is told apart.

    ``sources`` are the ids that a row's references are found by; ``texts`` its line of COPY from the
    parent's column on.
    """

    digests: Sequence[int]
    sources: Sequence[tuple[str, ...]]
    texts: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """One page as it came. ``rows`` is None where the stored page is the same."""

    parent: Parent
    start: int
    size: int
    digest: bytes
    rows: Rows | None
    body: bytes
    next: dict[str, Any] | None
    observed_at: dt.datetime

    @property
    def stop(self) -> int:
        """The position after the last row."""
        return self.start + self.size


def prepare(
    bulk: Bulk,
    parent: Parent,
    known: Known,
    start: int,
    page: Any,
) -> Fetched:
    """Read a page's rows into lines of COPY, unless the page is known to be the same."""
    items = [as_raw(item) for item in page.items]
    digests = bulk.digests(items)
    digest = page_digest(digests)
    same = known.pages.get((start, len(items))) == digest
    return Fetched(
        parent=parent,
        start=start,
        size=len(items),
        digest=digest,
        rows=None if same else _rows(bulk, parent, start, items, digests),
        body=b"" if same else _packed(items),
        next=page.next,
        observed_at=page.observed_at,
    )


def _rows(
    bulk: Bulk, parent: Parent, start: int, items: Sequence[msgspec.Raw], digests: Sequence[int]
) -> Rows:
    places = [bulk.columns.index(one.source) for one in bulk.references]
    rows = [bulk.read(item) for item in items]
    head = f"{parent.pk}\t"
    return Rows(
        digests,
        [tuple([row[place] for place in places]) for row in rows],
        [
            f"{head}{position}\t{digest}\t{line(row)}"
            for position, (digest, row) in enumerate(zip(digests, rows, strict=True), start)
        ],
    )


def _packed(items: Sequence[msgspec.Raw]) -> bytes:
    """The page's rows as one compressed array, some at a time.

    Blocks of megabytes come from the system and go back to it (``portal.memory``): each such block costs
    more than compressing it does. The frame tells its size, as one that was made in a piece would.
    """
    size = sum(map(len, items)) + max(len(items), 1) + 1
    packer = zstandard.ZstdCompressor().compressobj(size=size)
    found = [packer.compress(b"[")]
    for start in range(0, len(items), AT_ONCE):
        joined = b",".join(items[start : start + AT_ONCE])
        found.append(packer.compress(b"," + joined if start else joined))
    return b"".join([*found, packer.compress(b"]"), packer.flush()])


def line(values: Sequence[Any]) -> str:
    """Return a row as COPY reads it, newline included."""
    # Nearly every row is plain text without a gap, and formatting it whole takes half the time.
    # "None" may be a name too: such a row only takes the long way.
    joined = _plain(len(values)) % tuple(values)
    if joined.count("\t") == len(values) - 1 and joined.count("\n") == 1 and not _odd(joined):
        return joined
    return copying.line([_storable(value) for value in values])


@lru_cache
def _plain(count: int) -> str:
    return "\t".join(["%s"] * count) + "\n"


def _odd(text: str) -> bool:
    return "None" in text or "\\" in text or "\r" in text or "\x00" in text


def _storable(value: Any) -> Any:
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else value
