"""Pages of users: the tab of a customer, and one user with its roles."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from customers import queries as customer_queries
from customers.models import Customer, CustomerUser
from customers.permissions import standing
from customers.permissions.words import Need
from customers.reading import tab_context
from customers.users import actions, directory, offers, queries, refreshing, rules
from customers.users.filters import UserFilters
from customers.users.part import PART, PEOPLE
from customers.users.tables import UserTable
from portal.access.guard import refresh_url, route
from portal.access.http import Request
from portal.outbox import queries as changes
from portal.outbox import secrets
from portal.outbox.models import Command
from portal.ui import panels
from portal.ui.age import Age
from portal.ui.listing import Listing
from portal.ui.pages import page

USERS = Listing(table=UserTable, filters=UserFilters, title=_("Users"), filename="customer-users")


@route(effect="read", right=queries.RIGHT)
@require_safe
def users(request: Request, pk: int) -> HttpResponseBase:
    """The users of a customer; opening the tab has them read again if they are old."""
    customer = customer_queries.customer(request.scope, pk)
    part = USERS.part(request, queries.of_customer(request.scope, customer), of=pk)
    if part.response:
        return part.response
    may = not request.scope.read_only and request.scope.can(actions.RIGHT, customer)
    context = tab_context(request, customer, PART) | {"listing": part, "may_manage": may}
    context["secret"] = _secret(request, context["change"])
    context["standing"] = _standing(request, customer)
    context["parts"] = panels.tabs(request, PEOPLE, customer, pk=pk)
    return page(request, "customers/users/list.html", context)


@route(effect="read", right=queries.RIGHT)
@require_safe
def user(request: Request, pk: int) -> HttpResponse:
    """One user: who it is, what state it is in, what roles it holds."""
    # Before the row: a change that ends in between is then still told as open, and the page looks again.
    change = changes.live_for(request.scope, rules.TARGET, pk)
    row = queries.user(request.scope, pk)
    assert row.customer is not None, "queries.user leaves out users without one"
    known = directory.roles(row.customer)
    context = object_context(request, row, change) | {
        "roles": directory.roles_of(row, known),
        "roles_known": bool(known),
        "country": rules.country(row.usage_location),
        "until": rules.restorable_until(row),
        "standing": _standing(request, standing.owner(row)),
    }
    return page(request, "customers/users/user.html", context)


@route(effect="write", right=refreshing.RIGHT)
@require_POST
def user_refresh(request: Request, pk: int) -> HttpResponse:
    """Ask the workers to read this user and the customer's roles again."""
    row = queries.user(request.scope, pk)
    refreshing.refresh(request.scope, row)
    return redirect(row)


def object_context(
    request: Request, row: CustomerUser, change: Command | None
) -> dict[str, object]:
    """What every tab of a user's page shares: the row, its age, its tabs, what may be asked."""
    again = refresh_url(request.scope, row, "customer_user_refresh")
    return {
        "user": row,
        "customer": row.customer,
        "age": Age(row.observed_at, refresh_url=again),
        "tabs": panels.tabs(request, rules.TARGET, row, pk=row.pk),
        "change": change,
        "secret": _secret(request, change),
        "offers": offers.of(request.scope, row),
    }


def _standing(request: Request, customer: Customer) -> standing.Standing:
    """What may be missing of the customer's permission to read and manage its users."""
    return standing.first(request.scope, customer, Need.READ, Need.USERS)


def _secret(request: Request, change: Command | None) -> Command | None:
    """The change whose password the reader has not read yet."""
    return secrets.offered(request.scope, change) if change else None
