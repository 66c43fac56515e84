"""Pages of subscriptions: over all customers, of one customer, and one by itself."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from customers import queries as customer_queries
from customers.views import object_context
from orders import history, lots, payloads, queries, refreshing
from orders.asides import asking
from orders.asides.views import READ
from orders.filters import CustomerSubscriptionFilters, SubscriptionFilters
from orders.models import Subscription
from orders.placed import queries as placed
from orders.prices import running
from orders.renewals import queries as renewals
from orders.scheduling import terms
from orders.tables import CustomerSubscriptionTable, SubscriptionTable
from portal.access.guard import refresh_url, route
from portal.access.http import Request
from portal.mirror.ages import ages
from portal.outbox import queries as changes
from portal.outbox.days import DayForm
from portal.ui.age import Age
from portal.ui.listing import Listing
from portal.ui.pages import page, wants_fragment

SUBSCRIPTIONS = Listing(
    table=SubscriptionTable,
    filters=SubscriptionFilters,
    title=_("Subscriptions"),
    filename="subscriptions",
    template="orders/list.html",
)
OF_CUSTOMER = Listing(
    table=CustomerSubscriptionTable,
    filters=CustomerSubscriptionFilters,
    title=_("Subscriptions"),
    filename="subscriptions",
)


@route(effect="read", right="subscriptions.view")
@require_safe
def subscriptions(request: Request) -> HttpResponseBase:
    """All subscriptions over all customers of the reader."""
    scope = request.scope
    age = Age(ages(scope.visible_connection_ids()).get("subscriptions"))
    return SUBSCRIPTIONS.respond(request, queries.subscriptions(scope), {"age": age})


@route(effect="read", right="subscriptions.view")
@require_safe
def customer_subscriptions(request: Request, pk: int) -> HttpResponseBase:
    """The subscriptions tab of a customer; a reseller sees what it sold."""
    customer = customer_queries.customer(request.scope, pk)
    part = OF_CUSTOMER.part(request, queries.of_customer(request.scope, customer), of=pk)
    if part.response:
        return part.response
    context = object_context(request, customer) | {"listing": part}
    return page(request, "orders/customer_subscriptions.html", context)


@route(effect="read", right="subscriptions.view")
@require_safe
def subscription(request: Request, pk: int) -> HttpResponse:
    """One subscription: seats with their clocks, the next term, history by request."""
    # Before the row: a change that ends in between is then still told as open, and the page looks again.
    change = changes.live_for(request.scope, "subscription", pk)
    row = queries.subscription(request.scope, pk, renewals.with_idle)
    again = refresh_url(request.scope, row, "subscription_refresh")
    context = {
        "subscription": row,
        "age": refreshing.age(row, again),
        "lots": lots.lots(row),
        "schedule": lots.schedule(row),
        "change": change,
        "history": history.of_subscription(request.scope, row),
        "order": placed.of_subscription(request.scope, row),
        "prices": running.words(request.scope, row),
        "next_cycle": terms.next_cycle(payloads.latest(row)),
        "asides": asking.offered(row) if request.scope.can(READ, row) else [],
    }
    return page(request, "orders/subscription.html", context)


@route(effect="write", right="mirror.refresh")
@require_POST
def subscription_detail(request: Request, pk: int) -> HttpResponse:
    """Have the detail read, if nobody has yet: the loaded page asks by itself, a person may again."""
    row = queries.subscription(request.scope, pk)
    found = refreshing.read_detail(request.scope, row, again="again" in request.POST)
    return _detail(request, row, found) if wants_fragment(request) else redirect(row)


@route(effect="read", right="subscriptions.view")
@require_safe
def subscription_detail_status(request: Request, pk: int) -> HttpResponse:
    """How the reading stands, asked for until it is over."""
    row = queries.subscription(request.scope, pk)
    return _detail(request, row, refreshing.reading(row))


@route(effect="read", right="subscriptions.view")
@require_safe
def subscription_history(request: Request, pk: int) -> HttpResponse:
    """As it was on a day, today unless one is asked for, and its changes."""
    scope, form = request.scope, DayForm.of(request)
    row, day = queries.subscription(scope, pk), form.day
    since = history.known_since(scope, row)
    context = {
        "subscription": row,
        "form": form,
        "day": day,
        "state": history.state_on(scope, row, day, since) if day else None,
        "since": since,
        "history": history.of_subscription(scope, row, history.PAGE),
    }
    return page(request, "orders/history.html", context)


def _detail(request: Request, row: Subscription, found: refreshing.Reading) -> HttpResponse:
    """The fragment, on the page or in the panel of a verb (``place``)."""
    asked = request.POST if request.method == "POST" else request.GET
    place = "panel" if asked.get("place") == "panel" else "page"
    context = {"subscription": row, "reading": found, "place": place}
    return page(request, "orders/_detail.html", context)


@route(effect="write", right="mirror.refresh")
@require_POST
def subscription_refresh(request: Request, pk: int) -> HttpResponse:
    """Ask the workers to read this subscription from Partner Center again."""
    row = queries.subscription(request.scope, pk)
    refreshing.refresh(request.scope, row)
    return redirect(row)
