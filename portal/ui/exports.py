"""Files of any list: CSV streamed piece by piece, XLSX up to a size that a person can wait for.

A million rows of CSV need no more memory than one page.
Each piece is read in a transaction of its own, into which the scope of the request is entered
again: the transaction of the request is over when the stream starts. What is too large, or the third
at a time, is offered as a job of a worker (portal.lists), which reads through the same functions.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import BoundedSemaphore
from typing import Any, Self

from django.db import transaction
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from portal.ui import bulk, directory, shell, workbooks
from portal.ui.context import url_or_blank
from portal.ui.keyset import ChunkReader, Keyset
from portal.ui.tables import Table

AT_ONCE = 2
RETRY_AFTER = 30  # seconds
CHUNK = 1000  # rows
MOST_IN_WORKBOOK = 50_000  # rows that a page writes while its reader waits
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_running = BoundedSemaphore(AT_ONCE)

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


def cell(value: Any) -> str:
    """A value as CSV text that no spreadsheet takes for a formula; negative numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    text = value.isoformat() if isinstance(value, date) else str(value)
    risky = text.startswith(_FORMULA) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text


def line(values: list[Any]) -> str:
    """One line of CSV."""
    out = io.StringIO()
    csv.writer(out).writerow([cell(value) for value in values])
    return out.getvalue()


Read = Callable[[], list[list[Any]]]


def pieces(head: list[Any], read: Read) -> Iterator[str]:
    """A CSV piece by piece."""
    yield "\ufeff" + line(head)  # the mark lets Excel see UTF-8
    while rows := read():
        yield "".join(line(row) for row in rows)


class Stream:
    """The lines of an export. Holds one of the few places until it is closed, read or not."""

    def __init__(self, head: list[Any], read: Read) -> None:
        self._pieces = self._lines(head, read)
        self._open = True

    @staticmethod
    def _lines(head: list[Any], read: Read) -> Iterator[str]:
        return pieces(head, read)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        return next(self._pieces)

    def close(self) -> None:
        """Give the place back; the response calls this also when the reader went away."""
        if self._open:
            self._open = False
            _running.release()


@dataclass(frozen=True)
class Wish:
    """The file asked for: its kind, every column or those in force, the ticked rows or all.

    ``codes``: beside words also the values for which they stand, as a file of every column has them.
    """

    kind: str
    every_column: bool = True
    rows: tuple[int, ...] = ()
    codes: bool = True

    @classmethod
    def of(cls, request: HttpRequest) -> "Wish | None":
        """What ``export``, ``columns`` and ``row`` of an address ask for; None where nothing."""
        kind = request.GET.get("export", "")
        if kind not in TYPES:
            return None
        every = request.GET.get("columns") != "visible"
        return cls(kind, every, bulk.numbers(request.GET.getlist("row")), codes=every)


@dataclass(frozen=True)
class Output:
    """What goes into a file. ``query`` is the list's own query string, for a job that reads it again.

    ``complete`` gives rows what some columns read for all of them at once.
    """

    name: str
    table: type[Table]
    columns: list[str]
    keyset: Keyset[Any]
    complete: Callable[[list[Any], list[str]], None]
    query: str = ""
    codes: bool = False

    def heads(self) -> list[str]:
        """The first line."""
        return self.table([], columns=self.columns, codes=self.codes).export_heads()

    def longer_than(self, limit: int) -> bool:
        """Whether there are more rows than a limit; counts no further."""
        rows = self.keyset.queryset.order_by().values("pk")[: limit + 1]
        return rows.count() > limit

    def reader(self, enter: Callable[[], AbstractContextManager[None]]) -> Read:
        """A function that reads the next piece, each time inside ``enter``; [] at the end."""
        chunks = ChunkReader(self.keyset, CHUNK)

        def read() -> list[list[Any]]:
            with enter():
                rows = chunks.read()
                self.complete(rows, self.columns)
                table = self.table(rows, columns=self.columns, codes=self.codes)
                return list(table.export_rows())

        return read


def as_asker(request: HttpRequest) -> Callable[[], AbstractContextManager[None]]:
    """A transaction in which things are as this person sees them: scope, language, time zone."""
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()

    @contextmanager
    def enter() -> Iterator[None]:
        with translation.override(language), timezone.override(zone), transaction.atomic():
            shell.reenter(request)
            yield
            # Nothing was written; rolling back also gives role and scope back to an outer transaction.
            transaction.set_rollback(True)

    return enter


def file_name(name: str, kind: str = "csv") -> str:
    """Our own words and the day, nothing from a record: customers-2026-11-24.csv."""
    return f"{slugify(name) or 'export'}-{timezone.localdate().isoformat()}.{kind}"


def respond(request: HttpRequest, wish: Wish, output: Output) -> HttpResponseBase:
    """The file, or the offer to have a worker write it: too large, or two being written already."""
    if wish.kind == "xlsx" and output.longer_than(MOST_IN_WORKBOOK):
        return _offer_job(request, wish, output)
    if not _running.acquire(blocking=False):
        response = _offer_job(request, wish, output, busy=True)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    read = output.reader(as_asker(request))
    return _headed(
        _csv(output, read) if wish.kind == "csv" else _workbook(output, read), output, wish
    )


def _csv(output: Output, read: Read) -> HttpResponseBase:
    stream = Stream(list(output.heads()), read)
    return StreamingHttpResponse(stream, content_type=TYPES["csv"])


def _workbook(output: Output, read: Read) -> HttpResponseBase:
    try:
        made = workbooks.temporary(output.heads(), read)
    finally:
        _running.release()
    return FileResponse(made, content_type=TYPES["xlsx"])


def _headed(response: HttpResponseBase, output: Output, wish: Wish) -> HttpResponseBase:
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file_name(output.name, wish.kind)
    )
    response["Cache-Control"] = "no-store"
    return response


def _offer_job(
    request: HttpRequest, wish: Wish, output: Output, *, busy: bool = False
) -> HttpResponse:
    possible = directory.known(output.name)
    context = {
        "seconds": RETRY_AFTER,
        "busy": busy,
        "limit": MOST_IN_WORKBOOK,
        "wish": wish,
        "output": output,
        "start_url": url_or_blank("export_start") if possible else "",
    }
    return render(request, "ui/busy.html", context, status=503 if busy else 200)
