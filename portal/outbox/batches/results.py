"""The result file: every row of a batch, and every line that became none, in the order of the file.

Streamed piece by piece like any export; each piece is read in a transaction of its own, in the scope
of the person who asks.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from portal.access.entering import reenter
from portal.access.http import Request
from portal.lists.intake.reading import unusable
from portal.outbox.batches import queries, rows
from portal.outbox.models import Batch, BatchRow
from portal.ui import exports

PIECE = 500
Left = deque[dict[str, Any]]


def respond(request: Request, batch: Batch) -> StreamingHttpResponse:
    """The file as a download."""
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()
    response = StreamingHttpResponse(
        _lines(request, batch, language, zone), content_type="text/csv; charset=utf-8"
    )
    name = f"batch-{batch.pk}-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response


def heads() -> list[str]:
    """The first line."""
    return [
        _("Line"),
        _("What"),
        _("ID"),
        _("Before"),
        _("Asked"),
        _("State"),
        _("Problem"),
        _("Code"),
        _("Correlation ID"),
        _("Change"),
        _("Settled"),
    ]


def _lines(request: Request, batch: Batch, language: str, zone: Any) -> Iterator[str]:
    left: Left = deque(sorted(batch.left_out, key=lambda told: int(told["line"])))
    after = 0
    with translation.override(language):
        yield "\ufeff" + exports.line(heads())
    while True:
        with translation.override(language), timezone.override(zone), transaction.atomic():
            reenter(request)
            found = _piece(request, batch, after)
            text = "".join(_merged(found, left))
            transaction.set_rollback(True)
        if not found:
            break
        after = found[-1].position
        yield text
    with translation.override(language):
        yield "".join(_unusable(told) for told in left)


def _piece(request: Request, batch: Batch, after: int) -> list[BatchRow]:
    visible = queries.rows(request.scope, batch).filter(position__gt=after)
    return list(visible.order_by("position")[:PIECE])


def _merged(found: list[BatchRow], left: Left) -> Iterator[str]:
    """Rows, and between them the unusable lines that stand before each."""
    for row in found:
        while left and left[0]["line"] < (row.line or 0):
            yield _unusable(left.popleft())
        yield _row(row)


def _unusable(told: dict[str, Any]) -> str:
    line = unusable(told)
    where = f"{line.column}: {line.message}" if line.column else line.message
    return exports.line([line.line, "", "", "", "", _("Left out"), where, "", "", "", ""])


def _row(row: BatchRow) -> str:
    shown = rows.shown(row)
    command = row.command
    return exports.line(
        [
            row.line,
            row.target_label,
            row.target_pc_id,
            shown.before,
            shown.after,
            shown.word,
            shown.problem,
            shown.code,
            shown.correlation_id,
            command.pk if command else None,
            command.settled_at if command else None,
        ]
    )
