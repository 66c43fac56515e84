"""The list of users over all customers."""

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from customers.users import queries
from customers.users.filters import AllUserFilters
from customers.users.tables import AllUserTable
from portal.access.guard import route
from portal.access.http import Request
from portal.ui.listing import Listing

ALL_USERS = Listing(
    table=AllUserTable,
    filters=AllUserFilters,
    title=_("Customers' users"),
    filename="all-customer-users",
)


@route(effect="read", right=queries.RIGHT)
@require_safe
def all_users(request: Request) -> HttpResponseBase:
    """The users of all customers in which the reader may know them."""
    return ALL_USERS.respond(request, queries.users(request.scope))
