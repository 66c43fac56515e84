"""A table whose lines become the rows of a batch, and the page on which it is uploaded.

The lines that can be used are captured; the others stay on the batch as left out, and its page tells their mistakes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect

from portal.access.http import Request
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.lists.intake import columns, decoding, reading, uploads
from portal.lists.intake.columns import Column
from portal.lists.intake.reading import Reading
from portal.outbox.batches import capturing
from portal.outbox.batches.capturing import Target, Wish
from portal.outbox.models import Batch
from portal.ui.pages import page

if TYPE_CHECKING:
    from django.utils.functional import Promise

UNUSABLE = 422


@dataclass(frozen=True)
class Table:
    """A kind of table: its title, what a line is, its columns, what its lines ask, where its empty form is.

    ``targets`` turns the lines that were read into rows, and adds to the problems those that it cannot
    use. ``verb`` is what all rows ask, or is chosen by them.
    """

    title: "str | Promise"
    lines: "str | Promise"
    columns: Sequence[Column]
    targets: Callable[[Scope, Reading], Iterable[Target]]
    verb: str | Callable[[Sequence[Target]], str]
    empty: str
    file_name: "str | Promise"
    template: str = "outbox/batch_file.html"


def begin(actor: Actor, scope: Scope, table: Table, chunks: Iterable[bytes], name: str) -> Batch:
    """Read the file and capture a batch of the lines that can be used.

    Raises decoding.FileRefusedError, capturing.EmptyError if no line can be used, TooManyError,
    PermissionDenied.
    """
    found = reading.read(chunks, table.columns)
    targets = list(table.targets(scope, found))
    problems = sorted(found.problems, key=lambda problem: problem.line)
    wish = Wish(
        verb=table.verb if isinstance(table.verb, str) else table.verb(targets),
        source=name,
        left_out=[problem.as_json() for problem in problems],
    )
    return capturing.capture(actor, scope, wish, targets)


def upload(request: Request, table: Table) -> HttpResponse:
    """The page; with a file on to its batch, or why it was not accepted."""
    if request.method != "POST":
        return page(request, table.template, {"table": table})
    file = request.FILES.get(uploads.FIELD)
    try:
        if uploads.too_large(request):
            raise decoding.too_large()
        chunks, name = (file.chunks(), file.name or "") if file else (iter(()), "")
        batch = begin(Actor.from_request(request), request.scope, table, chunks, name)
    except (decoding.FileRefusedError, capturing.EmptyError, capturing.TooManyError) as error:
        context = {"table": table, "refused": str(error)}
        return page(request, table.template, context, status=UNUSABLE)
    return redirect(batch)


def empty(table: Table) -> HttpResponse:
    """The table to fill in."""
    content = columns.template(table.columns)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{table.file_name}.csv"'
    return answer
