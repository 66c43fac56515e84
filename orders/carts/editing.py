"""Pages on which a cart is put together: a new one, its name, its lines, copies for other customers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import queries as customer_queries
from orders.carts import actions, asking, choices, contents, partners, queries, saying, totals
from orders.carts.forms import CartForm, CopyForm, LineForm, NewForm
from orders.carts.models import Cart, CartLine
from orders.carts.part import RIGHT
from orders.catalogue import into, words
from orders.catalogue import queries as catalogue
from orders.catalogue.models import Availability, Sku
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.activity.actors import Actor
from portal.ui.pages import page

UNUSABLE = 422
FORM = ["GET", "HEAD", "POST"]


@route(effect="write", right=RIGHT)
@require_http_methods(FORM)
def new(request: Request) -> HttpResponse:
    """A cart for a customer, named here or by the page that leads here."""
    scope, told = request.scope, request.GET.get("customer", "")
    named = customer_queries.customer(scope, int(told)) if told.isdecimal() else None
    initial = {"customer": named.pc_id} if named else {}
    form = NewForm(scope, _data(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _made(request, form)
        if made is not None:
            return redirect(made)
    return page(request, "orders/carts/new.html", {"form": form}, status=_status(form))


def _made(request: Request, form: NewForm) -> Cart | None:
    told = form.cleaned_data
    try:
        return actions.create(_actor(request), request.scope, told["customer"], told["name"])
    except RefusedError as error:
        form.add_error(None, str(error))
        return None


@route(effect="write", right=RIGHT)
@require_http_methods(FORM)
def put(request: Request, sku: int) -> HttpResponse:
    """From the catalogue: into which cart a SKU goes, an open one or a new one."""
    row = queries.sku(request.scope, sku)
    assert row.product is not None, "the query asks for it"
    market = row.product.market
    form = NewForm(request.scope, _data(request), connection_id=row.connection_id, market=market)
    if request.method == "POST" and form.is_valid():
        made = _made(request, form)
        if made is not None:
            return redirect("cart_line_add", pk=made.pk, sku=sku)
    carts = queries.open_ones(request.scope, row.connection_id, market)
    context = {"form": form, "sku": row, "product": row.product, "carts": carts}
    return page(request, "orders/carts/put.html", context, status=_status(form))


@route(effect="write", right=RIGHT)
@require_http_methods(FORM)
def edit(request: Request, pk: int) -> HttpResponse:
    """Name, purchase order, reseller on record."""
    row = queries.cart(request.scope, pk)
    require(request.scope, RIGHT, row)
    wide = request.scope.sees_whole(row.connection_id)
    known = queries.resellers_of(request.scope, row.customer) if wide else []
    form = CartForm(row, known, _data(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        reseller = told.get("reseller", row.reseller) if known else row.reseller
        try:
            actions.describe(
                request.scope,
                row,
                name=told["name"],
                purchase_order=told["purchase_order"],
                reseller=reseller,
            )
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            return redirect(row)
    context = {"cart": row, "form": form}
    return page(request, "orders/carts/edit.html", context, status=_status(form))


@route(effect="write", right=RIGHT)
@require_POST
def find(request: Request, pk: int) -> HttpResponse:
    """A SKU or catalogue item by its id, to be added."""
    row = queries.cart(request.scope, pk)
    require(request.scope, RIGHT, row)
    told = request.POST.get("item", "")
    found = contents.sku_named(row, told)
    if found is not None:
        return redirect("cart_line_add", pk=pk, sku=found.pk)
    if product := contents.product_named(row, told):
        messages.info(request, _("No such SKU is known of this product. These are its SKUs."))
        return redirect(into.along(product.get_absolute_url(), pk))
    messages.error(request, _("The catalogue of this market does not know this SKU."))
    return redirect(row)


@route(effect="write", right=RIGHT)
@require_http_methods(FORM)
def line_add(request: Request, pk: int, sku: int) -> HttpResponse:
    """On which terms and how many."""
    row = queries.cart(request.scope, pk)
    one = queries.sku(request.scope, sku)
    if one.connection_id != row.connection_id:
        raise Http404
    if not one.place.startswith(f"{row.customer.country}/"):
        messages.error(request, _("This is sold in another market than that of the cart."))
        return redirect(one)
    return _line_page(request, row, one, None)


@route(effect="write", right=RIGHT)
@require_http_methods(FORM)
def line(request: Request, pk: int, line: int) -> HttpResponse:
    """Another quantity, term, end, promotion."""
    row = queries.cart(request.scope, pk)
    one = contents.line(row, line)
    one.cart = row
    if one.sku is None:
        messages.error(request, _("The catalogue has lost this product. Remove the line."))
        return redirect(row)
    return _line_page(request, row, one.sku, one)


def _line_page(request: Request, cart: Cart, sku: Sku, row: CartLine | None) -> HttpResponse:
    require(request.scope, RIGHT, cart)
    sold = contents.sold(sku)
    found = choices.of_sku(sku, sold)
    named = partners.may(request.scope, cart)
    form = LineForm(sku, found, _data(request), row, names_partners=named)
    form.offer(cart.customer)
    if request.method == "POST" and form.is_valid():
        try:
            if row is None:
                actions.add(_actor(request), request.scope, cart, sku, form.wish)
            else:
                actions.change(_actor(request), request.scope, row, sku, form.wish)
        except RefusedError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect(cart)
    context = {"cart": cart, "sku": sku, "line": row, "form": form, "choices": found}
    context |= _needs(request, cart, sku, sold)
    return page(request, "orders/carts/line.html", context, status=_status(form))


def _needs(request: Request, cart: Cart, sku: Sku, sold: list[Availability]) -> dict[str, Any]:
    """What it takes to buy it, and whether a base of it is missing: said before it stands in the cart."""
    assert sku.product is not None, "the query asks for it"
    known = catalogue.named(request.scope, sku.product, sku.prerequisite_skus or ())
    lacking = saying.lacks_base(sku, contents.owned(cart.customer) | contents.names(cart))
    return {"needs": words.needs(sku, sold, known), "lacking": lacking}


@route(effect="read", right=RIGHT)
@require_safe
def line_prices(request: Request, pk: int, sku: int) -> HttpResponse:
    """What a line comes to as it stands in the form, by side; asked again at each change of it."""
    row = queries.cart(request.scope, pk)
    require(request.scope, RIGHT, row)
    one = queries.sku(request.scope, sku)
    form = LineForm(one, choices.of_sku(one, contents.sold(one)), request.GET)
    context: dict[str, Any] = {"of_line": True}
    if form.is_valid():
        line = CartLine(cart=row)
        actions.fill(request.scope, line, one, form.wish)
        priced = totals.price(request.scope, row, [line])
        context |= {"totals": priced.totals, "notes": priced.notes}
    return page(request, "orders/carts/_totals.html", context)


@route(effect="write", right=RIGHT)
@require_POST
def options(request: Request, pk: int, sku: int) -> HttpResponse:
    """Ask for the days and promotions of what stands in the form; sent again until they are known."""
    row = queries.cart(request.scope, pk)
    require(request.scope, RIGHT, row)
    one = queries.sku(request.scope, sku)
    form = LineForm(one, choices.of_sku(one, contents.sold(one)), request.POST)
    form.offer(row.customer)
    context: dict[str, Any] = {"cart": row, "sku": one, "form": form}
    if form.is_valid():
        wish = form.wish
        asked = request.user.pk
        told = asking.options(row, wish.choice, wish.quantity, wish.promotion_id, asked)
        context["options"] = told
    return page(request, "orders/carts/_options.html", context)


@route(effect="write", right=RIGHT)
@require_POST
def line_remove(request: Request, pk: int, line: int) -> HttpResponse:
    """Take a line out."""
    row = queries.cart(request.scope, pk)
    one = contents.line(row, line)
    one.cart = row
    try:
        actions.remove(_actor(request), request.scope, one)
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect(row)


@route(effect="write", right=RIGHT)
@require_http_methods(FORM)
def copy(request: Request, pk: int) -> HttpResponse:
    """The same lines for other customers."""
    row = queries.cart(request.scope, pk)
    require(request.scope, RIGHT, row)
    form = CopyForm(request.scope, row, _data(request))
    if request.method == "POST" and form.is_valid():
        customers = form.cleaned_data["customers"]
        try:
            made = actions.copy_all(_actor(request), request.scope, row, customers)
        except RefusedError as error:
            form.add_error("customers", str(error))
        else:
            told = ngettext("%(n)s cart made.", "%(n)s carts made.", len(made))
            messages.info(request, told % {"n": len(made)})
            return redirect(made[0] if len(made) == 1 else reverse("carts"))
    context = {"cart": row, "form": form}
    return page(request, "orders/carts/copy.html", context, status=_status(form))


def _status(form: Any) -> int:
    return UNUSABLE if form.errors else 200


def _actor(request: Request) -> Actor:
    return Actor.from_request(request)


def _data(request: Request) -> QueryDict | None:
    """What was sent, also if it is nothing; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None
