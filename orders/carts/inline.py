"""A line changed where it stands: seats, term and billing; what the page says comes back with it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from orders.carts import actions, choices, contents, partners, queries
from orders.carts.forms import LineForm
from orders.carts.models import Cart, CartLine
from orders.carts.part import RIGHT
from orders.carts.problems import GONE, words
from orders.carts.views import cart_page
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.activity.actors import Actor

FIELDS = ("choice", "quantity")


@route(effect="write", right=RIGHT)
@require_POST
def row(request: Request, pk: int, line: int) -> HttpResponse:
    """Save what was chosen in the row; what was not sent stays as it is."""
    cart = queries.cart(request.scope, pk)
    require(request.scope, RIGHT, cart)
    one = contents.line(cart, line)
    one.cart = cart
    refused = _saved(request, cart, one)
    if refused or request.headers.get("HX-Request"):
        return cart_page(request, pk, {one.pk: refused} if refused else {})
    return redirect(f"{cart.get_absolute_url()}#line-{one.pk}")


def _saved(request: Request, cart: Cart, line: CartLine) -> str:
    """Why it was not saved, in words; "" if it was."""
    if line.sku is None:
        return words(GONE)
    found = choices.of_sku(line.sku, contents.sold(line.sku))
    named = partners.may(request.scope, cart)
    kept = LineForm(line.sku, found, None, line, names_partners=named).initial
    told: dict[str, Any] = dict(kept)
    told |= {name: request.POST[name] for name in FIELDS if name in request.POST}
    form = LineForm(line.sku, found, told, line, names_partners=named)
    if not form.is_valid():
        return " ".join(str(text) for errors in form.errors.values() for text in errors)
    if not form.has_changed() and not line.error_code:
        return ""
    try:
        actions.change(Actor.from_request(request), request.scope, line, line.sku, form.wish)
    except RefusedError as error:
        return str(error)
    return ""
