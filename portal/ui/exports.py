"""CSV of any list, streamed piece by piece so that a million rows need no more memory than one page.

Each piece is read in a transaction of its own, into which the scope of the request is entered
again: the transaction of the request is over when the stream starts.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import BoundedSemaphore
from typing import Any, Self

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from portal.ui import shell
from portal.ui.keyset import ChunkReader, Keyset
from portal.ui.tables import Table

AT_ONCE = 2
RETRY_AFTER = 30  # seconds
CHUNK = 1000  # rows
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


class Stream:
    """The lines of an export. Holds one of the few places until it is closed, read or not."""

    def __init__(self, head: list[Any], read: Callable[[], list[list[Any]]]) -> None:
        self._pieces = self._lines(head, read)
        self._open = True

    @staticmethod
    def _lines(head: list[Any], read: Callable[[], list[list[Any]]]) -> Iterator[str]:
        yield "\ufeff" + line(head)  # the mark lets Excel see UTF-8
        while rows := read():
            yield "".join(line(row) for row in rows)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        return next(self._pieces)

    def close(self) -> None:
        """Give the place back; the response calls this also when the reader went away."""
        if self._open:
            self._open = False
            _running.release()


def _reader(
    request: HttpRequest, table: type[Table], keyset: Keyset[Any]
) -> Callable[[], list[list[Any]]]:
    """A function that reads the next piece as this person sees it: scope, language, time zone."""
    chunks = ChunkReader(keyset, CHUNK)
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()

    def read() -> list[list[Any]]:
        with translation.override(language), timezone.override(zone), transaction.atomic():
            shell.reenter(request)
            rows = list(table(chunks.read()).export_rows())
            # Nothing was written; rolling back also gives role and scope back to an outer transaction.
            transaction.set_rollback(True)
            return rows

    return read


def file_name(name: str) -> str:
    """Our own words and the day, nothing from a record: customers-2026-11-24.csv."""
    return f"{slugify(name) or 'export'}-{timezone.localdate().isoformat()}.csv"


def respond(
    request: HttpRequest, name: str, table: type[Table], keyset: Keyset[Any]
) -> HttpResponseBase:
    """Stream a list as CSV, or answer 503 while this process already writes two."""
    if not _running.acquire(blocking=False):
        return _busy(request)
    stream = Stream(table([]).export_heads(), _reader(request, table, keyset))
    response = StreamingHttpResponse(stream, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file_name(name)
    )
    response["Cache-Control"] = "no-store"
    return response


def _busy(request: HttpRequest) -> HttpResponse:
    response = render(request, "ui/busy.html", {"seconds": RETRY_AFTER}, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
