"""What a page of an order asks Partner Center for: how far its lines are, and their activation links."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from orders.models import Order
from orders.placed import actions, asking, queries, reading, told
from portal.access.guard import require, route
from portal.access.http import Request
from portal.ui.pages import page_or_fragment

LINKS = actions.RIGHTS[actions.BUY_ADDON]


@route(effect="write", right=reading.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def order_progress(request: Request, pk: int) -> HttpResponse:
    """How far each line is; the page asks until Partner Center has said so."""
    row = queries.order(request.scope, pk)
    require(request.scope, reading.RIGHT, row)
    context: dict[str, Any] = {"order": row}
    if request.method == "POST":
        context["told"] = asking.provisioning(row, request.scope.user_id)
        names = {line.number: line.name for line in told.lines_of(row)}
        context["rows"] = [(names.get(one.number or 0, ""), one) for one in context["told"].lines]
    return page_or_fragment(
        request, "orders/placed/progress.html", "orders/placed/_progress.html", context
    )


@route(effect="write", right=LINKS)
@require_http_methods(["GET", "HEAD", "POST"])
def order_links(request: Request, pk: int, number: int) -> HttpResponse:
    """The activation links of one line. They stand on this page alone, which nobody keeps."""
    row = queries.order(request.scope, pk)
    require(request.scope, LINKS, row)
    line = line_of(row, number)
    context: dict[str, Any] = {"order": row, "line": line}
    if request.method == "POST":
        context["told"] = asking.links(row, number, request.scope.user_id)
    answer = page_or_fragment(
        request, "orders/placed/links.html", "orders/placed/_links.html", context
    )
    answer["Cache-Control"] = "no-store"
    return answer


def line_of(row: Order, number: int) -> told.Line:
    """One line of an order, or 404."""
    found = next((line for line in told.lines_of(row) if line.number == number), None)
    if found is None:
        raise Http404
    return found
