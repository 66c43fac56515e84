"""A page of rows ready for COPY: plain Python, for the threads that read."""

import datetime as dt
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from portal.mirror.bulk.tables import Bulk, Known, Parent, as_number, as_raw, page_digest

_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": "\ufffd"})
COMPRESSION = 1


class PageRow(NamedTuple):
    """One row: its digest, the ids that its references are found by, and its columns for COPY."""

    digest: int
    sources: tuple[str, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """One page as it came. ``rows`` is None where the stored page is the same."""

    parent: Parent
    start: int
    size: int
    digest: bytes
    rows: list[PageRow] | None
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
    digests = [bulk.row_digest(item) for item in items]
    digest = page_digest(digests)
    same = known.pages.get((start, len(items))) == digest
    rows = None if same else _rows(bulk, items, digests)
    return Fetched(
        parent=parent,
        start=start,
        size=len(items),
        digest=digest,
        rows=rows,
        body=b"" if same else zlib.compress(b"[" + b",".join(items) + b"]", COMPRESSION),
        next=page.next,
        observed_at=page.observed_at,
    )


def _rows(bulk: Bulk, items: Sequence[msgspec.Raw], digests: Sequence[bytes]) -> list[PageRow]:
    places = [bulk.columns.index(one.source) for one in bulk.references]
    found = []
    for item, digest in zip(items, digests, strict=True):
        values = bulk.read(item)
        sources = tuple([values[place] for place in places])
        found.append(PageRow(as_number(digest), sources, line(values)))
    return found


def line(values: Sequence[Any]) -> str:
    """Return values as COPY's text format has them, without the newline."""
    texts = [_NULL if value is None else str(value) for value in values]
    joined = "\t".join(texts)
    # Not values.count(None): that would compare every Decimal, which is slow.
    nulls = sum([value is None for value in values])
    if (
        joined.count("\t") == len(texts) - 1
        and joined.count("\\") == nulls
        and not ("\n" in joined or "\r" in joined or "\x00" in joined)
    ):
        return joined
    return "\t".join(_escaped(value) for value in values)


def _escaped(value: Any) -> str:
    if value is None:
        return _NULL
    return str(value).translate(_ESCAPES)


PLAIN = (str, int, Decimal, dt.date)
"""The types of column values that a ``Bulk.read`` may return, besides None."""
