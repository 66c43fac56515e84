"""External ids from a table: upload, look at what it would do, have it done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.guard import route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.lists import external, importing
from portal.lists.intake import decoding, previews
from portal.lists.intake.columns import template
from portal.lists.views.external import EDIT, UNUSABLE
from portal.ui import formats
from portal.ui.pages import page

KIND = "external-ids"


@route(effect="write", right=EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def load(request: Request) -> HttpResponse:
    """Upload a table and see what it would do; a second time, by the kept file, do it."""
    if request.method != "POST":
        return _answer(request)
    try:
        upload = None if "kept" in request.POST else previews.uploaded(request)
        plan = importing.plan(
            request.scope, previews.kept(request, KIND) if upload is None else upload.chunks()
        )
        if plan.problems:
            return _answer(request, plan=plan, status=UNUSABLE)
        if upload is not None:
            return _answer(request, plan=plan, kept=previews.keep(request, upload, KIND))
        importing.carry_out(Actor.from_request(request), request.scope, plan)
    except (decoding.FileRefusedError, external.RefusedError) as error:
        return _answer(request, refused=str(error), status=UNUSABLE)
    messages.success(request, _done(plan))
    return redirect("external_ids")


@route(effect="read", right="customers.view")
@require_safe
def table(_request: Request) -> HttpResponse:
    """The empty table to fill in."""
    answer = HttpResponse(template(importing.COLUMNS), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="external-ids.csv"'
    return answer


def _answer(request: Request, status: int = 200, **context: object) -> HttpResponse:
    full = {"columns": importing.COLUMNS, **context}
    return page(request, "lists/external_ids_import.html", full, status=status)


def _done(plan: importing.Plan) -> str:
    counts = plan.counts
    return ngettext(
        "%(added)s external ID added, %(changed)s changed, %(known)s known already.",
        "%(added)s external IDs added, %(changed)s changed, %(known)s known already.",
        counts[importing.NEW],
    ) % {
        "added": formats.count(counts[importing.NEW]),
        "changed": formats.count(counts[importing.CHANGED]),
        "known": formats.count(counts[importing.SAME]),
    }
