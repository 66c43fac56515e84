"""Pages of licences: over all customers, of one customer, one product, and those of one user."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from customers import queries as customer_queries
from customers.demand import Reading
from customers.licences import actions, demand, queries, tables
from customers.licences.filters import LicenceFilters
from customers.licences.tables import CustomerLicenceTable, LicenceTable
from customers.models import CustomerUser
from customers.permissions.standing import first, owner
from customers.permissions.words import Need
from customers.reading import tab_context
from customers.users import actions as changing
from customers.users import queries as users
from customers.users.part import PEOPLE
from portal.access.guard import refresh_url, route
from portal.access.http import Request
from portal.outbox import queries as changes
from portal.ui import panels
from portal.ui.age import Age
from portal.ui.listing import Listing
from portal.ui.pages import page, wants_fragment

LICENCES = Listing(
    table=LicenceTable,
    filters=LicenceFilters,
    title=_("Licences"),
    filename="licences",
)
OF_CUSTOMER = Listing(
    table=CustomerLicenceTable,
    filters=LicenceFilters,
    title=_("Licences"),
    filename="licences",
)
VIEW = "customers.view"


@route(effect="read", right=VIEW)
@require_safe
def licences(request: Request) -> HttpResponseBase:
    """Bought, assigned and idle over all customers of the reader."""
    return LICENCES.respond(request, queries.skus(request.scope))


@route(effect="read", right=VIEW)
@require_safe
def customer_licences(request: Request, pk: int) -> HttpResponseBase:
    """The products of a customer's tenant; opening the tab has them read again if they are old."""
    customer = customer_queries.customer(request.scope, pk)
    part = OF_CUSTOMER.part(request, queries.of_customer(request.scope, customer), of=pk)
    if part.response:
        return part.response
    context = tab_context(request, customer, demand.PART) | {"listing": part}
    context["standing"] = first(request.scope, customer, Need.READ, Need.LICENCES)
    context["parts"] = panels.tabs(request, PEOPLE, customer, pk=pk)
    return page(request, "customers/licences/customer.html", context)


@route(effect="read", right=VIEW)
@require_safe
def licence(request: Request, pk: int) -> HttpResponse:
    """One product of a tenant: its units, its service plans, and who is known to hold it."""
    scope = request.scope
    row = queries.product(scope, pk)
    context = {
        "sku": row,
        "age": Age(row.list_observed_at),
        "group": tables.GROUPS.get(row.licence_group, row.licence_group),
        "seller": tables.seller(row),
        "plans": sorted(row.service_plans, key=lambda plan: plan["name"].casefold()),
        "holders": queries.holders(scope, row) if scope.can(users.RIGHT, row) else None,
    }
    return page(request, "customers/licences/licence.html", context)


@route(effect="read", right=users.RIGHT)
@require_safe
def user_licences(request: Request, pk: int) -> HttpResponse:
    """What a user holds, by group, and what the tenant has left."""
    user = users.user(request.scope, pk)
    fragment = "customers/licences/_reading.html"
    if wants_fragment(request):
        return page(request, fragment, _reading(request, user, demand.reading(user)))
    lines, products = queries.of_user(request.scope, user)
    context = _reading(request, user, demand.reading(user)) | {
        "lines": lines,
        "tabs": panels.tabs(request, actions.TARGET, user, pk=pk),
        "change": changes.live_for(request.scope, actions.TARGET, pk),
        "may_edit": not request.scope.read_only and request.scope.can(changing.RIGHT, user),
        "products": products,
        "standing": first(request.scope, owner(user), Need.READ, Need.LICENCES),
        "may_assign": not request.scope.read_only and request.scope.can(actions.RIGHT, user),
    }
    return page(request, "customers/licences/user.html", context)


@route(effect="write", right="mirror.refresh")
@require_POST
def user_licences_read(request: Request, pk: int) -> HttpResponse:
    """Have the licences of a user read: the loaded page asks by itself when they are old."""
    user = users.user(request.scope, pk)
    fragment = wants_fragment(request)
    found = demand.ask(request.scope, user, again="again" in request.POST or not fragment)
    if not fragment:
        return redirect("customer_user_licences", pk=pk)
    return page(request, "customers/licences/_reading.html", _reading(request, user, found))


def _reading(request: Request, user: CustomerUser, found: Reading) -> dict[str, object]:
    again = refresh_url(request.scope, user, "customer_user_licences_read")
    return {
        "user": user,
        "customer": user.customer,
        "reading": found,
        "may_read": bool(again),
        "live": wants_fragment(request),
        "age": Age(found.at, refresh_url=again),
    }
