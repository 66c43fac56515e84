"""The page on which a table is uploaded whose lines become the rows of a batch. Its mistakes are told on the batch's page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect

from portal.access.http import Request
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.lists.intake import columns, decoding, uploads
from portal.lists.intake.columns import Column
from portal.outbox.batches import capturing
from portal.outbox.models import Batch
from portal.ui.pages import page

if TYPE_CHECKING:
    from django.utils.functional import Promise

UNUSABLE = 422


@dataclass(frozen=True)
class Table:
    """A kind of table: its title, what a line is, its columns, who takes it, where its empty form is.

    ``take`` raises decoding.FileRefusedError, capturing.EmptyError and TooManyError.
    """

    title: "str | Promise"
    lines: "str | Promise"
    columns: Sequence[Column]
    take: Callable[[Actor, Scope, Iterable[bytes], str], Batch]
    empty: str
    file_name: "str | Promise"
    template: str = "outbox/batch_file.html"


def upload(request: Request, table: Table) -> HttpResponse:
    """The page; with a file on to its batch, or why it was not accepted."""
    if request.method != "POST":
        return page(request, table.template, {"table": table})
    file = request.FILES.get(uploads.FIELD)
    try:
        if uploads.too_large(request):
            raise decoding.too_large()
        chunks, name = (file.chunks(), file.name or "") if file else (iter(()), "")
        batch = table.take(Actor.from_request(request), request.scope, chunks, name)
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
