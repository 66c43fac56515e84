"""Pages of the catalogue: the list, a product with its SKUs, a SKU with what it takes to buy it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from orders.catalogue import into, queries, reading, words
from orders.catalogue.filters import ProductFilters, known_markets
from orders.catalogue.forms import StockForm
from orders.catalogue.models import Availability, Product, Sku
from orders.catalogue.part import AVAILABILITIES, SKUS
from orders.catalogue.queries import READ, RIGHT
from orders.catalogue.tables import ProductTable, SkuTable
from portal.access.guard import route
from portal.access.http import Request
from portal.ui.listing import Listing
from portal.ui.pages import page

PRODUCT_LIST = Listing(
    table=ProductTable,
    filters=ProductFilters,
    title=gettext_lazy("Catalogue"),
    filename="products",
    template="catalogue/list.html",
    carries=(into.NAME,),
)
# The right of the room "carts", which offers what stands here.
BUY = "carts.edit"
SKU_LIST = Listing(
    table=SkuTable, title=gettext_lazy("SKUs"), filename="product-skus", carries=(into.NAME,)
)


@route(effect="read", right=RIGHT)
@require_safe
def catalogue(request: Request) -> HttpResponseBase:
    """What can be bought; where there are several markets, in the largest until somebody chooses."""
    scope = request.scope
    if not request.GET and len(known := known_markets(scope)) > 1:
        return redirect(f"{reverse('catalogue')}?{urlencode({'market': known[0]})}")
    read = reading.of_market(scope, request.GET.get("market", ""))
    cart = into.chosen(request)
    context = {"age": read.age, "read": read, "into": cart}
    return PRODUCT_LIST.respond(request, into.marked(queries.products(scope), cart), context)


@route(effect="write", right=READ)
@require_POST
def catalogue_read(request: Request) -> HttpResponse:
    """Have the lists of products of a market read again, or of all."""
    market = request.GET.get("market", "")
    if reading.ask_products(request.scope, market):
        messages.info(request, _("Partner Center is being asked. The list fills as it answers."))
    url = f"{reverse('catalogue')}?{urlencode({'market': market})}"
    return redirect(into.along(url, into.chosen(request)))


@route(effect="read", right=RIGHT)
@require_safe
def product(request: Request, pk: int) -> HttpResponseBase:
    """One product with its SKUs in its market."""
    scope = request.scope
    row = queries.product(scope, pk)
    # Before the rows: what is read in between is then still told as being read, and the page looks again.
    cart = into.chosen(request)
    again = into.along(reverse("product_read", args=[pk]), cart)
    read = reading.of(scope, row, SKUS, again)
    part = SKU_LIST.part(request, into.marked(queries.skus(scope, row), cart), of=pk)
    if part.response:
        return part.response
    context = {
        "product": row,
        "listing": part,
        "elsewhere": queries.elsewhere(scope, row),
        "read": read,
        "into": cart,
    }
    return page(request, "catalogue/product.html", context)


@route(effect="write", right=READ)
@require_POST
def product_read(request: Request, pk: int) -> HttpResponse:
    """Have the SKUs of a product read again, and on which terms those that are known are sold, if they are few."""
    row = queries.product(request.scope, pk)
    reading.ask_product(request.scope, row)
    return redirect(into.along(row.get_absolute_url(), into.chosen(request)))


@route(effect="read", right=RIGHT)
@require_safe
def sku(request: Request, pk: int, sku: int) -> HttpResponse:
    """One SKU: for whom, on which terms, and what it takes."""
    row = queries.product(request.scope, pk)
    one = queries.sku(request.scope, row, sku)
    return page(request, "catalogue/sku.html", sku_context(request, row, one))


@route(effect="write", right=READ)
@require_POST
def sku_read(request: Request, pk: int, sku: int) -> HttpResponse:
    """Have the availabilities of a SKU read again."""
    row = queries.product(request.scope, pk)
    one = queries.sku(request.scope, row, sku)
    reading.ask_sku(request.scope, row, one)
    return redirect(into.along(one.get_absolute_url(), into.chosen(request)))


def sku_context(request: Request, product: Product, sku: Sku) -> dict[str, Any]:
    """What the page of a SKU shows."""
    scope = request.scope
    cart = into.chosen(request)
    again = into.along(reverse("product_sku_read", args=[product.pk, sku.pk]), cart)
    # Before the rows: see ``product``.
    read = reading.of(scope, sku, AVAILABILITIES, again, product.connection)
    sold: list[Availability] = queries.availabilities(scope, sku)
    known = queries.named(scope, product, sku.prerequisite_skus or ())
    may_ask = queries.may(scope, READ, sku)
    return {
        "product": product,
        "sku": sku,
        "sold": sold,
        "needs": words.needs(sku, sold, known),
        "quantity": words.quantity(sku),
        "kinds": words.listed(words.kinds(sku)),
        "read": read,
        "into": cart,
        "may_buy": not (sku.gone_at or scope.read_only) and queries.may(scope, BUY, sku),
        "may_ask": may_ask and not product.connection.is_retired,
        "form": StockForm(scope, sku) if sku.is_stocked else None,
    }
