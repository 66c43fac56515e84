"""Pages of carts: all of them, those of a customer, one with its lines and totals, its check and checkout."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import demand
from customers import queries as customer_queries
from customers.agreements.part import PART as AGREEMENTS
from customers.agreements.standing import UNREAD
from customers.views import object_context
from orders.carts import (
    actions,
    asking,
    choices,
    contents,
    ordering,
    placing,
    queries,
    saying,
    totals,
)
from orders.carts.filters import CartFilters
from orders.carts.forms import AskForm
from orders.carts.models import Cart, CartLine, CartState, LineState
from orders.carts.part import RIGHT, TARGET, VIEW
from orders.carts.tables import CartTable
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.activity.actors import Actor
from portal.outbox import queries as changes
from portal.outbox.approvals.foretelling import WAITS
from portal.outbox.commands import Asked
from portal.ui.listing import Listing
from portal.ui.pages import page, page_or_fragment

UNUSABLE = 422
CARTS = Listing(
    table=CartTable,
    filters=CartFilters,
    title=gettext_lazy("Carts"),
    filename="carts",
    template="orders/carts/list.html",
)
OF_CUSTOMER = Listing(
    table=CartTable, filters=CartFilters, title=gettext_lazy("Carts"), filename="customer-carts"
)


@route(effect="read", right=VIEW)
@require_safe
def carts(request: Request) -> HttpResponseBase:
    """All carts that the reader may see, the last changed first."""
    context = {"may_edit": request.scope.can(RIGHT) and not request.scope.read_only}
    return CARTS.respond(request, queries.carts(request.scope), context)


@route(effect="read", right=VIEW)
@require_safe
def customer_carts(request: Request, pk: int) -> HttpResponseBase:
    """The carts of a customer."""
    customer = customer_queries.customer(request.scope, pk)
    part = OF_CUSTOMER.part(request, queries.carts(request.scope, pk), of=pk)
    if part.response:
        return part.response
    live = not (customer.gone_at or customer.connection.is_retired)
    may = live and request.scope.can(RIGHT, customer) and not request.scope.read_only
    context = object_context(request, customer) | {"listing": part, "may_edit": may}
    return page(request, "orders/carts/of_customer.html", context)


@route(effect="read", right=VIEW)
@require_safe
def cart(request: Request, pk: int) -> HttpResponse:
    """One cart: its lines, what they cost by side, what is wrong and what is still awaited."""
    return cart_page(request, pk, {})


def cart_page(request: Request, pk: int, refused: Mapping[int, str]) -> HttpResponse:
    """The page, or for a row that was changed its body alone; ``refused`` says by line what was not saved."""
    # Before the row: a change that ends in between is then still told as open, and the page looks again.
    change = changes.live_for(request.scope, TARGET, pk)
    row = queries.cart(request.scope, pk)
    lines = contents.lines(row)
    context = _context(request, row, lines) | {"change": change}
    context["may_edit"] &= change is None or not change.is_open
    if context["may_edit"]:
        context["add_ons"] = contents.add_ons(row, lines)
        context |= _editable(request, row, lines, context["rows"], refused)
    names = ("orders/carts/cart.html", "orders/carts/_body.html")
    return page_or_fragment(request, *names, context, status=UNUSABLE if refused else 200)


def _editable(
    request: Request,
    row: Cart,
    lines: list[CartLine],
    rows: list[saying.Row],
    refused: Mapping[int, str],
) -> dict[str, Any]:
    """What the page of an open cart shows to those who may change it: choices, what placing it does."""
    sold = contents.sold_of(lines)
    offered = {one.catalog_item_id: one for found in sold.values() for one in found}
    chosen = [
        replace(
            one,
            choices=choices.of_sku(one.line.sku, sold.get(one.line.sku.pk, []))
            if one.line.sku
            else [],
            refused=refused.get(one.line.pk, ""),
        )
        for one in rows
    ]
    return {
        "rows": chosen,
        "lacks": saying.lacks(row, lines) if lines else [],
        "undos": placing.undos(row, lines, offered),
        "waits": placing.waits(request.scope, row, lines) if lines else "",
        "swapped": "HX-Request" in request.headers,
    }


def _context(request: Request, row: Cart, lines: list[CartLine]) -> dict[str, Any]:
    """What every page of a cart shows."""
    priced = totals.price(request.scope, row, lines)
    may = request.scope.can(RIGHT, row) and not request.scope.read_only
    is_open = row.state == CartState.OPEN
    return {
        "cart": row,
        "rows": saying.rows(row, lines, priced),
        "sides": priced.names,
        "totals": priced.totals,
        "may_edit": may and is_open and not row.connection.is_retired,
        "may_copy": may,
        "css": saying.CART_CSS.get(CartState(row.state), "is-info"),
        "awaited": row.next_look_at is not None,
        "refused": any(line.state == LineState.REFUSED for line in lines),
    }


@route(effect="write", right=RIGHT)
@require_POST
def check(request: Request, pk: int) -> HttpResponse:
    """Have Partner Center say what is wrong with the lines."""
    row = queries.cart(request.scope, pk)
    form = AskForm(row, request.POST)
    form.is_valid()
    try:
        ordering.check(_actor(request), request.scope, row, Asked("", form.key))
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect(row)


@route(effect="write", right=RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: Request, pk: int) -> HttpResponse:
    """What a checkout costs and does, what is missing for it; then the order itself."""
    row = queries.cart(request.scope, pk)
    require(request.scope, RIGHT, row)
    lines = contents.lines(row)
    seen, one = ordering.content(row, lines), ordering.is_one_order(lines)
    form = AskForm(row, _data(request), seen=seen, may_be_whole=one)
    if request.method == "POST" and form.is_valid():
        asked = Asked(form.cleaned_data["reason"], form.key)
        try:
            command = ordering.checkout(_actor(request), request.scope, row, asked, form.word)
        except RefusedError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            if command.state == "awaiting_approval":
                messages.info(request, str(WAITS))
            return redirect(row)
    return _checkout_page(request, row, lines, form)


def _checkout_page(
    request: Request, row: Cart, lines: list[CartLine], form: AskForm
) -> HttpResponse:
    context = _context(request, row, lines) | {
        "form": form,
        "points": saying.points(row, lines),
        "lacks": saying.lacks(row, lines),
        "ordered": row.state != CartState.OPEN or not lines,
    }
    context["waits"] = "" if context["ordered"] else placing.waits(request.scope, row, lines)
    status = UNUSABLE if form.errors else 200
    return page(request, "orders/carts/checkout.html", context, status=status)


@route(effect="write", right=RIGHT)
@require_POST
def agreement(request: Request, pk: int) -> HttpResponse:
    """Ask about the customer's agreement where it is not known, and about that of the reseller on record."""
    row = queries.cart(request.scope, pk)
    require(request.scope, RIGHT, row)
    standing = contents.agreement(row.customer)
    context: dict[str, Any] = {"cart": row, "asked": True, "standing": standing}
    told = asking.standing(asking.review(row, request.user.pk))
    context["review"] = told
    if standing == UNREAD and request.scope.can(demand.RIGHT, row.customer):
        context["reading"] = demand.ask(request.scope, row.customer, AGREEMENTS)
    if partner_id := ordering.partner_id(row):
        signed = asking.partner_agreement(row, partner_id, request.user.pk)
        answer = signed.answer if isinstance(signed.answer, dict) else {}
        context |= {"question": signed, "signed": answer.get("isAgreementSigned")}
    context["waits"] = _waits(context)
    return page(request, "orders/carts/_agreement.html", context)


def _waits(context: dict[str, Any]) -> bool:
    """Whether something that was asked is not answered yet."""
    if context["review"].waits:
        return True
    reading, question = context.get("reading"), context.get("question")
    return (reading is not None and reading.state == "asking") or (
        question is not None and not question.settled
    )


@route(effect="write", right=RIGHT)
@require_POST
def repair(request: Request, pk: int) -> HttpResponse:
    """Put the refused lines into a new cart of the same customer."""
    row = queries.cart(request.scope, pk)
    try:
        made = actions.copy(_actor(request), request.scope, row, row.customer, only_refused=True)
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect(row)
    return redirect(made)


@route(effect="write", right=RIGHT)
@require_POST
def delete(request: Request, pk: int) -> HttpResponse:
    """Throw an open cart away."""
    row = queries.cart(request.scope, pk)
    try:
        actions.delete(_actor(request), request.scope, row)
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect(row)
    return redirect("carts")


def _actor(request: Request) -> Actor:
    return Actor.from_request(request)


def _data(request: Request) -> QueryDict | None:
    """What was sent, also if it is nothing; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None
