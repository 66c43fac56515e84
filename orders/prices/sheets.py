"""The page of price sheets: what Partner Center asks for each product in a market and month. Cost, for its own staff."""

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

from orders.prices import queries, reading
from orders.prices.filters import SheetFilters
from orders.prices.part import month_of
from orders.prices.queries import COST_RIGHT
from orders.prices.tables import SheetTable
from portal.access.guard import route
from portal.access.http import Request
from portal.ui.age import Age
from portal.ui.listing import Listing

PRICES = Listing(
    table=SheetTable,
    filters=SheetFilters,
    title=gettext_lazy("Price sheets"),
    filename="price-sheets",
    template="orders/prices/sheets.html",
)


@route(effect="read", right=COST_RIGHT)
@require_safe
def sheets(request: Request) -> HttpResponseBase:
    """The prices of all sheets that were read."""
    scope = request.scope
    asked = {name: request.GET.get(name, "") for name in ("market", "month")}
    again = f"{reverse('price_sheets_read')}?{urlencode(asked)}" if scope.can(reading.READ) else ""
    age = Age(queries.read_at(scope), again)
    today = f"{month_of(timezone.now().date()):%Y-%m}"
    context = {"age": age, "may_read": bool(again), "month": asked["month"] or today}
    return PRICES.respond(request, queries.sheet_prices(scope), context)


@route(effect="write", right=COST_RIGHT)
@require_POST
def read(request: Request) -> HttpResponse:
    """Have the sheets of a month read: of one market, or of all in which there are customers."""
    if not request.scope.can(reading.READ):
        raise PermissionDenied
    said = request.POST if "month" in request.POST else request.GET
    month, market = reading.month(said.get("month", "")), said.get("market", "")
    if month is None:
        messages.error(request, reading.wrong_month())
    elif reading.ask(request.scope, market, month):
        messages.info(request, _("Partner Center is being asked. The list fills as it answers."))
    return redirect(f"{reverse('price_sheets')}?{urlencode({'market': market})}")
