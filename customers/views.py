"""Pages of customers: the list, one customer's overview, and "refresh now"."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from customers import actions, queries
from customers.filters import CustomerFilters
from customers.models import Customer
from customers.tables import CustomerTable
from portal.access.guard import refresh_url, route
from portal.access.http import Request
from portal.mirror import refresh
from portal.mirror.ages import age_of, ages
from portal.outbox import clouds
from portal.partnercenter.operations.customers import REMOVE_CUSTOMER_RELATIONSHIP
from portal.ui import panels
from portal.ui.age import Age
from portal.ui.listing import Listing
from portal.ui.pages import page

CUSTOMERS = Listing(
    table=CustomerTable,
    filters=CustomerFilters,
    title=_("Customers"),
    filename="customers",
    template="customers/list.html",
)


@route(effect="read", right="customers.view")
@require_safe
def customers(request: Request) -> HttpResponseBase:
    """All customers over all connections of the reader."""
    scope = request.scope
    age = Age(ages(scope.visible_connection_ids()).get("customers"))
    context = {"age": age, "may_create": scope.can("customers.create")}
    return CUSTOMERS.respond(request, queries.customer_list(scope), context)


@route(effect="read", right="customers.view")
@require_safe
def customer(request: Request, pk: int) -> HttpResponse:
    """One customer: who it is, who sells to it, what stands on its other tabs."""
    row = queries.customer(request.scope, pk)
    context = object_context(request, row) | {
        "links": queries.reseller_links(request.scope, row),
        "may_remove": row.gone_at is None and request.scope.can("customers.remove", row),
        "has_end": clouds.has(row.connection, REMOVE_CUSTOMER_RELATIONSHIP.name),
    }
    return page(request, "customers/customer.html", context)


@route(effect="write", right="mirror.refresh")
@require_POST
def customer_refresh(request: Request, pk: int) -> HttpResponse:
    """Ask the workers to read this customer from Partner Center again."""
    row = queries.customer(request.scope, pk)
    actions.refresh(request.scope, row)
    return redirect(row)


def object_context(request: Request, row: Customer) -> dict[str, object]:
    """What every tab of a customer's page shares: the row, its age, its tabs."""
    pk = row.pk
    again = refresh_url(request.scope, row, "customer_refresh")
    targets = actions.targets(row)
    read_at = age_of(row, *(one.family for one in targets))
    return {
        "customer": row,
        "age": refresh.age(read_at, targets, again),
        "tabs": panels.tabs(request, "customer", row, pk=pk),
    }
