"""Pages of orders: over all customers, the tab of a customer, and one order with its lines."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from customers import queries as customer_queries
from customers.models import Customer
from customers.reading import tab_context
from orders.lists import tabs
from orders.placed import changing, following, queries, reading, told
from orders.placed.filters import EveryOrderFilters, OrderFilters
from orders.placed.part import CYCLES, PART, RIGHT, TARGET
from orders.placed.tables import CostedOrderTable, EveryOrderTable, OrderTable
from orders.purchase_orders import showing
from portal.access.guard import refresh_url, route
from portal.access.http import Request
from portal.mirror import refresh
from portal.outbox import queries as changes
from portal.ui import formats
from portal.ui.age import Age
from portal.ui.listing import Listing
from portal.ui.pages import page

EVERY = Listing(
    table=EveryOrderTable,
    filters=EveryOrderFilters,
    title=_("Orders"),
    filename="all-orders",
    template="orders/tabbed.html",
)
ORDERS = Listing(table=OrderTable, filters=OrderFilters, title=_("Orders"), filename="orders")
COSTED = Listing(
    table=CostedOrderTable, filters=OrderFilters, title=_("Orders"), filename="orders-cost"
)


@route(effect="read", right=RIGHT)
@require_safe
def orders(request: Request) -> HttpResponseBase:
    """The orders of all customers of the reader, the newest first."""
    told = {"tabs": tabs(request), "empty_more": SimpleLazyObject(lambda: _read_so_far(request))}
    return EVERY.respond(request, queries.orders(request.scope), told)


def _read_so_far(request: Request) -> str:
    """Of how many customers the orders have been read, for the list while it is empty. One query."""
    read, number = queries.read_of(request.scope)
    if read >= number:
        return ""
    told = gettext(
        "Read so far: %(read)s of %(number)s customers. Opening one has it read at once."
    )
    return told % {"read": formats.count(read), "number": formats.count(number)}


@route(effect="read", right=RIGHT)
@require_safe
def customer_orders(request: Request, pk: int) -> HttpResponseBase:
    """The orders of a customer; opening the tab has them read again if they are old."""
    scope, customer = request.scope, customer_queries.customer(request.scope, pk)
    if queries.sees_cost(scope, customer.connection):
        part = COSTED.part(request, queries.costed(scope, pk), of=pk)
    else:
        part = ORDERS.part(request, queries.of_customer(scope, pk), of=pk)
    if part.asked_export and part.response:
        return part.response
    context = tab_context(request, customer, PART) | {"listing": part}
    cycle = request.GET.get("cycle", "")
    if cycle in CYCLES and context["reading"].at:
        context["age"] = _age_of_cycle(customer, cycle, context["age"])
    if isinstance(part.response, HttpResponse):
        # The line of the age is about what the filter shows now, and so is "Refresh now".
        part.response.write(render_to_string("orders/placed/_age.html", context, request))
        return part.response
    return page(request, "orders/placed/list.html", context)


def _age_of_cycle(customer: Customer, cycle: str, age: Age) -> Age:
    """How old the orders of one billing cycle are: as the whole list, or newer where these were read alone."""
    again = ""
    if age.refresh_url:
        address = reverse("customer_orders_read", args=[customer.pk])
        again = f"{address}?{urlencode({'cycle': cycle})}"
    return refresh.age(age.at, [reading.of_cycle(customer, cycle)], again)


@route(effect="write", right=reading.RIGHT)
@require_POST
def read_orders(request: Request, pk: int) -> HttpResponse:
    """Have a customer's orders read, or those of one billing cycle alone."""
    customer = customer_queries.customer(request.scope, pk)
    cycle = request.GET.get("cycle", "")
    if cycle and cycle not in CYCLES:
        raise Http404
    wanted = reading.of_cycle(customer, cycle) if cycle else reading.of_all(customer)
    reading.ask(request.scope, customer, wanted)
    shown = f"?{urlencode({'cycle': cycle})}" if cycle else ""
    return redirect(f"{reverse('customer_orders', args=[pk])}{shown}")


@route(effect="read", right=RIGHT)
@require_safe
def order(request: Request, pk: int) -> HttpResponse:
    """One order with its lines; what they cost for those who may see it."""
    # Before the row: a change that ends in between is then still told as open, and the page looks again.
    change = changes.live_for(request.scope, TARGET, pk)
    row = queries.order(request.scope, pk)
    shows_cost = queries.sees_cost(request.scope, row.connection)
    again = refresh_url(request.scope, row, "order_refresh")
    context = {
        "order": row,
        "change": change,
        "offers": [*showing.offered(request.scope, row), *changing.offered(request.scope, row)],
        "may_ask": bool(again),
        "may_link": bool(again) and request.scope.can(following.LINKS, row),
        "age": refresh.age(row.observed_at, [reading.of_all(told.customer_of(row))], again),
        "shows_cost": shows_cost,
        "lines": told.lines_of(row, with_cost=shows_cost),
    } | showing.of_page(request.scope, row)
    return page(request, "orders/placed/order.html", context)


@route(effect="write", right=reading.RIGHT)
@require_POST
def order_refresh(request: Request, pk: int) -> HttpResponse:
    """Have the customer's orders read again."""
    row = queries.order(request.scope, pk)
    customer = told.customer_of(row)
    reading.ask(request.scope, customer, reading.of_all(customer))
    return redirect(row)
