"""The page of price sheets: what Partner Center asks for each product in a market and month. Cost, for its own staff."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from orders.prices import queries
from orders.prices.filters import SheetFilters
from orders.prices.models import PriceSheet, SheetView
from orders.prices.part import SHEETS, month_of, sheet_id
from orders.prices.queries import COST_RIGHT
from orders.prices.tables import SheetTable
from portal.access.guard import route
from portal.access.http import Request
from portal.connections.models import Connection
from portal.mirror import refresh
from portal.ui.age import Age
from portal.ui.listing import Listing

PRICES = Listing(
    table=SheetTable,
    filters=SheetFilters,
    title=gettext_lazy("Price sheets"),
    filename="price-sheets",
    template="orders/prices/sheets.html",
)
READ = "mirror.refresh"
MOST = 40
EARLIEST = dt.date(2019, 1, 1)


@route(effect="read", right=COST_RIGHT)
@require_safe
def sheets(request: Request) -> HttpResponseBase:
    """The prices of all sheets that were read."""
    scope = request.scope
    asked = {name: request.GET.get(name, "") for name in ("market", "month")}
    again = f"{reverse('price_sheets_read')}?{urlencode(asked)}" if scope.can(READ) else ""
    age = Age(queries.read_at(scope), again)
    today = f"{month_of(timezone.localdate()):%Y-%m}"
    context = {"age": age, "may_read": bool(again), "month": asked["month"] or today}
    return PRICES.respond(request, queries.sheet_prices(scope), context)


@route(effect="write", right=COST_RIGHT)
@require_POST
def read(request: Request) -> HttpResponse:
    """Have the sheets of a month read: of one market, or of all in which there are customers."""
    scope = request.scope
    if not scope.can(READ):
        raise PermissionDenied
    said = request.POST if "month" in request.POST else request.GET
    month, market = _month(said.get("month", "")), said.get("market", "")
    places = queries.sheets_of(scope, market)[:MOST]
    if month is None:
        messages.error(request, _("Write a month as 2026-11."))
        return redirect("price_sheets")
    _ask(places, month)
    if places:
        messages.info(request, _("Partner Center is being asked. The list fills as it answers."))
    return redirect(f"{reverse('price_sheets')}?{urlencode({'market': market})}")


def _ask(places: list[tuple[Connection, str]], month: dt.date) -> None:
    """Keep the sheets of a month from now on, and have them read at once."""
    for connection, market in places:
        for view in SheetView.values:
            name = sheet_id(market, view, month)
            kept = {"market": market, "view": view, "month": month}
            PriceSheet.objects.get_or_create(connection=connection, pc_id=name, defaults=kept)
            refresh.ask([refresh.Target(connection, SHEETS, parent=name)])


def _month(text: str) -> dt.date | None:
    """A month as 2026-11, this one where nothing is said; None for what is none or too far away."""
    this = month_of(timezone.localdate())
    if not text:
        return this
    try:
        found = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    upcoming = month_of(this + dt.timedelta(days=32))
    return found if EARLIEST <= found <= upcoming else None
