"""Pages of the customer's purchase order: hand it in, see what Partner Center has of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from orders.placed import queries, reading, told
from orders.purchase_orders import actions, asking, rules
from orders.purchase_orders.forms import HandInForm
from orders.purchase_orders.part import RIGHT
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.activity.actors import Actor
from portal.outbox.approvals.foretelling import WAITS
from portal.ui.pages import page, page_or_fragment

UNUSABLE = 422


@route(effect="write", right=RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: Request, pk: int) -> HttpResponse:
    """The form, with what handing in does; then the change."""
    row = queries.order(request.scope, pk)
    require(request.scope, RIGHT, row)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = HandInForm(row, *sent)
    refused = ""
    try:
        rules.may_hand_in(row)
        if sent and form.is_valid():
            actor = Actor.from_request(request)
            command = actions.hand_in(actor, request.scope, row, form.wish, form.asked)
            if command.state == "awaiting_approval":
                messages.info(request, str(WAITS))
            return redirect(row)
    except RefusedError as error:
        refused = "" if error.field in form.fields else str(error)
        if not refused:
            form.add_error(error.field, str(error))
    context = {"order": row, "form": form, "refused": refused, "customer": told.customer_of(row)}
    status = UNUSABLE if refused or form.errors else 200
    return page(request, "orders/purchase_orders/hand_in.html", context, status=status)


@route(effect="write", right=reading.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def attachments(request: Request, pk: int) -> HttpResponse:
    """What Partner Center has; the page asks until it has said so."""
    row = queries.order(request.scope, pk)
    require(request.scope, reading.RIGHT, row)
    context: dict[str, Any] = {"order": row}
    if request.method == "POST":
        context["told"] = asking.attachments(row, request.scope.user_id)
    whole, part = (
        f"orders/purchase_orders/{name}.html" for name in ("attachments", "_attachments")
    )
    return page_or_fragment(request, whole, part, context)
