"""Pages of indirect resellers: the list, and one with what other systems call it."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from customers.resellers import queries
from customers.resellers.filters import ResellerFilters
from customers.resellers.tables import ResellerTable
from portal.access.guard import route
from portal.access.http import Request
from portal.mirror.ages import ages
from portal.ui.age import Age
from portal.ui.listing import Listing
from portal.ui.pages import page

RESELLERS = Listing(
    table=ResellerTable,
    filters=ResellerFilters,
    title=_("Indirect resellers"),
    filename="resellers",
)


@route(effect="read", right="resellers.view")
@require_safe
def resellers(request: Request) -> HttpResponseBase:
    """All indirect resellers over all connections of the reader."""
    scope = request.scope
    age = Age(ages(scope.visible_connection_ids()).get("resellers"))
    return RESELLERS.respond(request, queries.reseller_list(scope), {"age": age})


@route(effect="read", right="customers.view")
@require_safe
def reseller(request: Request, pk: int) -> HttpResponse:
    """One indirect reseller; its own staff see it too."""
    row = queries.reseller(request.scope, pk)
    context = {
        "reseller": row,
        "age": Age(row.list_observed_at),
        "may_list": request.scope.can("resellers.view"),
    }
    return page(request, "resellers/reseller.html", context)
