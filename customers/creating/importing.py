"""The page on which a table of new customers is uploaded. What is done with it from there on are the pages of batches."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from customers.creating import intake
from customers.creating.places import RIGHT
from portal.access.guard import route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.lists.intake import columns, decoding, uploads
from portal.outbox.batches import capturing
from portal.ui.pages import page

UNUSABLE = 422


@route(effect="write", right=RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: Request) -> HttpResponse:
    """Upload the table; its mistakes are told on the batch's page, line by line."""
    if request.method != "POST":
        return page(request, "customers/creating/import.html", {"columns": intake.COLUMNS})
    table = request.FILES.get(uploads.FIELD)
    try:
        if uploads.too_large(request):
            raise decoding.too_large()
        chunks, name = (table.chunks(), table.name or "") if table else (iter(()), "")
        batch = intake.create(Actor.from_request(request), request.scope, chunks, name)
    except (decoding.FileRefusedError, capturing.EmptyError, capturing.TooManyError) as error:
        context = {"columns": intake.COLUMNS, "refused": str(error)}
        return page(request, "customers/creating/import.html", context, status=UNUSABLE)
    return redirect(batch)


@route(effect="read", right=RIGHT)
@require_safe
def import_template(_request: Request) -> HttpResponse:
    """The empty table."""
    answer = HttpResponse(columns.template(intake.COLUMNS), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="new-customers.csv"'
    return answer
