"""Pages that ask Partner Center something at once: stock, an availability, an id that nobody knows here."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from orders.catalogue import asking, queries
from orders.catalogue.filters import known_markets
from orders.catalogue.forms import LookUpForm, StockForm
from orders.catalogue.models import Product, Sku
from orders.catalogue.queries import READ
from orders.catalogue.views import sku_context
from portal.access.guard import route
from portal.access.http import Request
from portal.ui.pages import page_or_fragment


@route(effect="write", right=READ)
@require_POST
def sku_stock(request: Request, pk: int, sku: int) -> HttpResponse:
    """Ask what is in stock; sent again by the page until Partner Center has answered."""
    product, one = _found(request, pk, sku)
    if not one.is_stocked:
        raise Http404
    form = StockForm(request.scope, one, request.POST)
    valid = form.is_valid()
    told = asking.stock(product, one, form.place, request.user.pk) if valid else None
    context = sku_context(request, product, one) | {"form": form, "stock": told}
    status = 200 if valid else 422
    return page_or_fragment(
        request, "catalogue/sku.html", "catalogue/_stock.html", context, status=status
    )


@route(effect="write", right=READ)
@require_POST
def sku_check(request: Request, pk: int, sku: int) -> HttpResponse:
    """Ask whether an availability is still sold; sent again until Partner Center has answered."""
    product, one = _found(request, pk, sku)
    context = sku_context(request, product, one)
    asked = request.POST.get("availability", "")
    row = next((row for row in context["sold"] if str(row.pk) == asked), None)
    if row is None:
        raise Http404
    context |= {"availability": row, "checked": row.pk}
    context["check"] = asking.availability(product, one, row, request.user.pk)
    return page_or_fragment(request, "catalogue/sku.html", "catalogue/_check.html", context)


@route(effect="write", right=READ)
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: Request) -> HttpResponse:
    """Ask for a product or SKU by its id, also where the mirror does not know it."""
    markets = known_markets(request.scope)
    form = LookUpForm(markets, request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        told = form.cleaned_data
        shelf = queries.shelves(request.scope, told["market"])[0]
        if not queries.may(request.scope, READ, shelf):
            raise PermissionDenied
        ids = told["product_id"], told["sku_id"]
        context["told"] = asking.named(shelf.connection, told["market"], *ids, request.user.pk)
        rows = queries.products(request.scope).filter(market=told["market"])
        context["known"] = rows.filter(pc_id=told["product_id"]).first()
    return page_or_fragment(request, "catalogue/look_up.html", "catalogue/_look_up.html", context)


def _found(request: Request, pk: int, sku: int) -> tuple[Product, Sku]:
    product = queries.product(request.scope, pk)
    one = queries.sku(request.scope, product, sku)
    if not queries.may(request.scope, READ, product):
        raise PermissionDenied
    return product, one
