"""Rules from a table: upload, look at what it would do, have it done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from orders.prices import importing, queries
from orders.prices.actions import RefusedError
from orders.prices.cells import COLUMNS
from orders.prices.models import PriceBook
from orders.prices.queries import CHANGE
from orders.prices.quoting import RIGHT
from orders.prices.views import UNUSABLE
from portal.access.guard import require, route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.lists.intake import decoding, previews
from portal.lists.intake.columns import template
from portal.ui import formats
from portal.ui.pages import page

KIND = "price-rules"


@route(effect="write", right=CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def load(request: Request, pk: int) -> HttpResponse:
    """Upload a table and see what it would do; a second time, by the kept file, do it."""
    book = queries.book(request.scope, pk)
    require(request.scope, CHANGE, book)
    if request.method != "POST":
        return _answer(request, book)
    try:
        upload = None if "kept" in request.POST else previews.uploaded(request)
        chunks = previews.kept(request, KIND) if upload is None else upload.chunks()
        plan = importing.plan(request.scope, book, chunks)
        if plan.problems:
            return _answer(request, book, plan=plan, status=UNUSABLE)
        if upload is not None:
            return _answer(request, book, plan=plan, kept=previews.keep(request, upload, KIND))
        importing.carry_out(Actor.from_request(request), request.scope, book, plan)
    except (decoding.FileRefusedError, RefusedError) as error:
        return _answer(request, book, refused=str(error), status=UNUSABLE)
    messages.success(request, _done(plan))
    return redirect(book)


@route(effect="read", right=RIGHT)
@require_safe
def table(_request: Request) -> HttpResponse:
    """The empty table to fill in."""
    answer = HttpResponse(template(COLUMNS), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="price-rules.csv"'
    return answer


def _answer(request: Request, book: PriceBook, status: int = 200, **found: object) -> HttpResponse:
    context = {"book": book, "columns": COLUMNS, **found}
    return page(request, "orders/prices/import.html", context, status=status)


def _done(plan: importing.Plan) -> str:
    counts = plan.counts
    return ngettext(
        "%(added)s rule added, %(changed)s changed, %(known)s known already.",
        "%(added)s rules added, %(changed)s changed, %(known)s known already.",
        counts[importing.NEW],
    ) % {
        "added": formats.count(counts[importing.NEW]),
        "changed": formats.count(counts[importing.CHANGED]),
        "known": formats.count(counts[importing.SAME]),
    }
