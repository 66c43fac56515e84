"""Webhooks: what is registered where, a test event, and what came in."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from portal.access.guard import require, route
from portal.access.http import Request, scope_of
from portal.activity.actors import Actor
from portal.administration import pages, queries
from portal.administration import webhooks as shown
from portal.administration.actions import webhooks as actions
from portal.administration.filters import WebhookFilters
from portal.administration.forms.webhooks import RegistrationForm
from portal.administration.tables import WebhookTable
from portal.connections.models import Connection
from portal.mirror.models import WebhookEvent
from portal.ui import directory
from portal.ui.listing import Listing
from portal.ui.pages import page, wants_fragment

EVENTS = Listing(
    table=WebhookTable, filters=WebhookFilters, title=_("Events received"), filename="webhooks"
)


def webhook_events(request: HttpRequest) -> QuerySet[WebhookEvent]:
    """The events of one connection, for a file that a worker writes."""
    rows = queries.working(scope_of(request))
    return shown.events(get_object_or_404(rows, pk=directory.parent(request)))


@route(effect="read", right="connections.view")
@require_safe
def webhooks(request: Request) -> HttpResponse:
    """Every connection: registered or not, and the events of the last week."""
    context = pages.settings_context(request) | {"rows": shown.rows(queries.working(request.scope))}
    return page(request, "administration/webhooks.html", context)


@route(effect="read", right="connections.view")
@require_safe
def webhook(request: Request, name: str) -> HttpResponseBase:
    """One connection's registration, test and events."""
    row = queries.working_connection(request.scope, name)
    events = EVENTS.part(request, shown.events(row), of=row.pk)
    # A change that was confirmed loads the whole page anew; anything else of htmx asks for the rows.
    if request.headers.get("HX-Target") != "main" and events.response is not None:
        return events.response
    return page(
        request, "administration/webhook.html", _context(request, row) | {"listing": events}
    )


@route(effect="write", right="connections.manage")
@require_POST
def webhook_register(request: Request, name: str) -> HttpResponse:
    """Ask to register; the page then shows how far it is."""
    row = _managed(request, name)
    context = _context(request, row, data=request.POST)
    form = context["form"]
    if not form.is_valid():
        context["listing"] = EVENTS.part(request, shown.events(row), of=row.pk)
        return page(request, "administration/webhook.html", context, status=422)
    wish = actions.Wish(**form.cleaned_data)
    actions.register(Actor.from_request(request), request.scope, context["registration"], wish)
    return redirect("webhook", row.name)


@route(effect="write", right="connections.manage")
@require_POST
def webhook_read(request: Request, name: str) -> HttpResponse:
    """Have Partner Center asked again what is registered."""
    row = _managed(request, name)
    actions.read(row)
    return redirect("webhook", row.name)


@route(effect="read", right="connections.view")
@require_safe
def webhook_status(request: Request, name: str) -> HttpResponse:
    """What is registered, while a worker reads it."""
    row = queries.working_connection(request.scope, name)
    return page(request, "administration/_webhook_registered.html", _registered(row))


@route(effect="write", right="connections.manage")
@require_POST
def webhook_test(request: Request, name: str) -> HttpResponse:
    """Have a test event sent."""
    row = _managed(request, name)
    actions.test(Actor.from_request(request), row)
    return _test(request, row)


@route(effect="write", right="connections.manage")
@require_POST
def webhook_test_result(request: Request, name: str) -> HttpResponse:
    """Ask Partner Center how the test event went; the loaded page does so by itself."""
    row = _managed(request, name)
    actions.ask_result(Actor.from_request(request), row)
    return _test(request, row)


@route(effect="read", right="connections.view")
@require_safe
def webhook_test_status(request: Request, name: str) -> HttpResponse:
    """How far the test event is."""
    row = queries.working_connection(request.scope, name)
    return page(request, "administration/_webhook_test.html", _test_context(request, row))


def _managed(request: Request, name: str) -> Connection:
    row = queries.working_connection(request.scope, name)
    require(request.scope, "connections.manage", row)
    return row


def _test(request: Request, row: Connection) -> HttpResponse:
    if not wants_fragment(request):
        return redirect("webhook", row.name)
    return page(request, "administration/_webhook_test.html", _test_context(request, row))


def _test_context(request: Request, row: Connection) -> dict[str, Any]:
    manage = request.scope.can("connections.manage", row)
    return {"connection": row, "test": shown.last_test(row), "may_manage": manage}


def _registered(row: Connection) -> dict[str, Any]:
    found = shown.registration(row)
    return {"connection": row, "registration": found, "asking": shown.is_asking(found)}


def _context(request: Request, row: Connection, *, data: Any = None) -> dict[str, Any]:
    context = _registered(row) | _test_context(request, row)
    suggestion = request.build_absolute_uri(reverse("webhook_receiver", args=[row.name]))
    form = RegistrationForm(data, registration=context["registration"], suggestion=suggestion)
    return context | {"form": form, "command": shown.command(row), "suggestion": suggestion}
