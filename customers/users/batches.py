"""From ticked users to a batch that deletes them; what is done with it from there on are the pages of batches."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST

from customers import queries as customer_queries
from customers.models import CustomerUser
from customers.users import actions, queries
from customers.users.everywhere import ALL_USERS
from customers.users.views import USERS
from portal.access.guard import route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.outbox.batches import capturing
from portal.outbox.batches.capturing import Target, Wish
from portal.ui.bulk import BadSelectionError, Selection


@route(effect="write", right=actions.RIGHT)
@require_POST
def delete(request: Request) -> HttpResponse:
    """Write the ticked users down as a batch, out of the list on which they were ticked."""
    of = _customer(request)
    rows = _selected(request, of)
    try:
        selection = Selection.of(request)
        chosen = selection.rows(request, USERS if of else ALL_USERS, rows)
        wish = Wish(verb=actions.DELETE, source=selection.said)
        targets = (
            Target(user, f"{user} · {user.customer}")
            for user in chosen.order_by("display_name", "pk")
        )
        batch = capturing.capture(Actor.from_request(request), request.scope, wish, targets)
    except (BadSelectionError, capturing.EmptyError, capturing.TooManyError) as error:
        messages.warning(request, str(error))
        return redirect("customer_users", of) if of else redirect("all_customer_users")
    return redirect(batch)


def _selected(request: Request, of: int | None) -> QuerySet[CustomerUser]:
    """The rows of the list: those of one customer on its page, of all on the list's own."""
    scope = request.scope
    rows = queries.users(scope)
    if of is not None:
        rows = queries.of_customer(scope, customer_queries.customer(scope, of))
    return queries.with_reseller(scope, rows)


def _customer(request: Request) -> int | None:
    """The customer on whose page the list stands, None for the list over all of them."""
    try:
        match = resolve(urlsplit(request.POST.get("next", "")).path)
    except Resolver404:
        return None
    return int(match.kwargs["pk"]) if match.url_name == "customer_users" else None
