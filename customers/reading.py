"""What a tab that is read on demand shows of its reading, and the two addresses behind it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from customers import demand, queries
from customers.models import Customer
from portal.access.guard import route
from portal.access.http import Request
from portal.outbox import queries as changes
from portal.ui import panels
from portal.ui.age import Age
from portal.ui.pages import page, wants_fragment


def tab_context(request: Request, customer: Customer, part: demand.Part) -> dict[str, Any]:
    """The context of a tab: the reading, its age, the change under way, and what may be done (``rights``).

    There are no rights to anything but reading where nothing can be changed.
    """
    live = not (customer.gone_at or customer.connection.is_retired)
    rights = request.scope.rights_on(customer) if live else frozenset()
    found = demand.reading(customer, part)
    return _reading(customer, part, found, may=demand.RIGHT in rights) | {
        "tabs": panels.tabs(request, "customer", customer, pk=customer.pk),
        "change": changes.live_for(request.scope, "customer", customer.pk),
        "rights": rights,
    }


def _reading(
    customer: Customer, part: demand.Part, found: demand.Reading, *, may: bool
) -> dict[str, Any]:
    tab = reverse(part.url_name, args=[customer.pk])
    again = reverse("customer_read", args=[customer.pk, part.slug]) if may else ""
    return {
        "customer": customer,
        "reading": found,
        "part": part.slug,
        "tab_url": tab,
        "may_read": may,
        "age": Age(found.at, refresh_url=again),
    }


@route(effect="write", right=demand.RIGHT)
@require_POST
def read(request: Request, pk: int, part: str) -> HttpResponse:
    """Have a part read: the loaded tab asks by itself when it is old, a person may at any time."""
    customer = queries.customer(request.scope, pk)
    one = demand.part(part)
    fragment = wants_fragment(request)
    again = "again" in request.POST or not fragment
    found = demand.ask(request.scope, customer, one, again=again)
    if not fragment:
        return redirect(one.url_name, pk=pk)
    return page(request, "customers/_reading.html", _live(request, customer, one, found))


@route(effect="read", right="customers.view")
@require_safe
def read_status(request: Request, pk: int, part: str) -> HttpResponse:
    """How the reading stands, asked for until it is over."""
    customer = queries.customer(request.scope, pk)
    one = demand.part(part)
    found = demand.reading(customer, one)
    return page(request, "customers/_reading.html", _live(request, customer, one, found))


def _live(
    request: Request, customer: Customer, one: demand.Part, found: demand.Reading
) -> dict[str, Any]:
    live = not (customer.gone_at or customer.connection.is_retired)
    may = live and request.scope.can(demand.RIGHT, customer)
    return _reading(customer, one, found, may=may) | {"live": True}
