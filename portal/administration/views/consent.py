"""Consent: away to Microsoft, back again, and a page that waits for the worker."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.access.guard import require, route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.administration import pages, queries
from portal.administration.actions import consent as actions
from portal.connections.consent import NotYours
from portal.connections.models import ConsentAttempt
from portal.ui.pages import page


@route(effect="write", right="connections.manage")
@require_POST
def connection_consent(request: Request, name: str) -> HttpResponse:
    """Send the browser to Microsoft's consent page of this connection."""
    row = queries.working_connection(request.scope, name)
    require(request.scope, "connections.manage", row)
    back = request.build_absolute_uri(reverse("consent_callback"))
    return redirect(actions.start(Actor.from_request(request), row, back))


# A GET, because Microsoft sends the browser here; the state in it stands in for the CSRF token.
@route(effect="write", right="connections.manage", get_writes=True)
@require_safe
@never_cache
def consent_callback(request: Request) -> HttpResponse:
    """Keep what Microsoft answered and leave the address bar without the code."""
    try:
        attempt = actions.receive(Actor.from_request(request), request.GET.dict())
    except NotYours:
        return page(request, "administration/consent_lost.html", status=400)
    return redirect("consent", attempt.pk)


@route(effect="read", right="connections.manage")
@require_safe
def consent(request: Request, pk: int) -> HttpResponse:
    """The page that waits, and then says what Microsoft answered."""
    return page(request, "administration/consent.html", _context(request, pk))


@route(effect="read", right="connections.manage")
@require_safe
def consent_status(request: Request, pk: int) -> HttpResponse:
    """The changing part of that page, asked for every other second until it is settled."""
    return page(request, "administration/_consent.html", _context(request, pk))


def _context(request: Request, pk: int) -> dict[str, object]:
    rows = ConsentAttempt.objects.select_related("connection")
    attempt = get_object_or_404(rows, pk=pk, user_id=request.user.pk)
    require(request.scope, "connections.manage", attempt.connection)
    return pages.consent_context(attempt)
