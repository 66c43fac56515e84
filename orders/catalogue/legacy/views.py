"""Pages of legacy offers: the list, one, and what Partner Center says of it now."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from orders.catalogue import asking, reading
from orders.catalogue import queries as catalogue
from orders.catalogue.filters import known_markets
from orders.catalogue.legacy import queries
from orders.catalogue.legacy.tables import OfferFilters, OfferTable
from orders.catalogue.models import Offer
from orders.catalogue.queries import READ, RIGHT
from portal.access.guard import route
from portal.access.http import Request
from portal.ui.age import Age
from portal.ui.listing import Listing
from portal.ui.pages import page, page_or_fragment

OFFER_LIST = Listing(
    table=OfferTable,
    filters=OfferFilters,
    title=_("Legacy offers"),
    filename="offers",
    template="catalogue/offers.html",
)


@route(effect="read", right=RIGHT)
@require_safe
def offers(request: Request) -> HttpResponseBase:
    """Legacy offers of a market; the largest one until somebody chooses."""
    scope = request.scope
    if not request.GET and len(known := known_markets(scope)) > 1:
        return redirect(f"{reverse('offers')}?{urlencode({'market': known[0]})}")
    query = urlencode({"market": request.GET.get("market", "")})
    again = f"{reverse('offers_read')}?{query}" if scope.can(READ) else ""
    age = Age(queries.complete_at(scope), refresh_url=again)
    return OFFER_LIST.respond(request, queries.offers(scope), {"age": age})


@route(effect="write", right=READ)
@require_POST
def offers_read(request: Request) -> HttpResponse:
    """Have the offers of a market read again, or of all."""
    market = request.GET.get("market", "")
    reading.ask_offers(request.scope, market)
    return redirect(f"{reverse('offers')}?{urlencode({'market': market})}")


@route(effect="read", right=RIGHT)
@require_safe
def offer(request: Request, pk: int) -> HttpResponse:
    """One offer: what it takes, what can be added, what it is an add-on to."""
    row = queries.offer(request.scope, pk)
    return page(request, "catalogue/offer.html", _context(request, row))


@route(effect="write", right=READ)
@require_POST
def offer_check(request: Request, pk: int) -> HttpResponse:
    """Ask for the offer and its add-ons as they are now; sent again until both are answered."""
    row = queries.offer(request.scope, pk)
    if not catalogue.may(request.scope, READ, row):
        raise PermissionDenied
    context = _context(request, row)
    context["told"] = asking.offer(row, request.user.pk)
    context["added"] = added = asking.addons(row, request.user.pk)
    known = {one.pc_id for one in context["addons"]}
    listed = asking.added(added)
    context["news"] = [one["name"] for one in listed if str(one["id"]).lower() not in known]
    return page_or_fragment(request, "catalogue/offer.html", "catalogue/_offer_check.html", context)


def _context(request: Request, row: Offer) -> dict[str, Any]:
    scope = request.scope
    may = catalogue.may(scope, READ, row) and not row.connection.is_retired
    return {
        "offer": row,
        "addons": queries.addons(scope, row),
        "bases": queries.bases(scope, row),
        "age": Age(row.list_observed_at),
        "may_ask": may,
    }
