"""Connections: the list, one connection, its form and its mode."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guard import require, route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.administration import pages, queries
from portal.administration.actions import connections as actions
from portal.administration.forms.connections import ConnectionForm, ModeForm
from portal.connections.models import Connection
from portal.ui import panels
from portal.ui.pages import page


@route(effect="read")
@require_safe
def settings(request: Request) -> HttpResponse:
    """Lead to the first room of the Settings that this person may enter."""
    rooms = panels.tabs(request, "settings", None)
    if not rooms:
        raise PermissionDenied
    return redirect(rooms[0].url)


@route(effect="read", right="connections.view")
@require_safe
def connections(request: Request) -> HttpResponse:
    """All connections with what they may do and how they are."""
    context = pages.settings_context(request) | {
        "rows": pages.connection_rows(request.scope),
        "may_create": _may_create(request),
    }
    return page(request, "administration/connections.html", context)


@route(effect="read", right="connections.view")
@require_safe
def connection(request: Request, name: str) -> HttpResponse:
    """One connection: consent, test, mode, budget, clock."""
    row = queries.connection(request.scope, name)
    response = page(
        request, "administration/connection.html", pages.connection_context(request, row)
    )
    return pages.allow_form_to(response, row)


@route(effect="write", right="connections.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def connection_new(request: Request) -> HttpResponse:
    """The form of a new connection."""
    if not _may_create(request):
        raise PermissionDenied
    form = ConnectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = form.save(commit=False)
        actions.create(Actor.from_request(request), row)
        messages.success(request, _("%(name)s created. Test it and give consent.") % {"name": row})
        return redirect("connection", row.name)
    return _form(request, form, None)


@route(effect="write", right="connections.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def connection_edit(request: Request, name: str) -> HttpResponse:
    """The same form over a connection that exists."""
    row = queries.working_connection(request.scope, name, lock=request.method == "POST")
    require(request.scope, "connections.manage", row)
    before = actions.snapshot(row)
    form = ConnectionForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        actions.change(Actor.from_request(request), form.save(commit=False), before, form.changed)
        messages.success(request, _("%(name)s saved.") % {"name": row})
        return redirect("connection", row.name)
    return _form(request, form, row)


@route(effect="write", right="connections.manage")
@require_POST
def connection_mode(request: Request, name: str) -> HttpResponse:
    """Change the mode after its consequence was read."""
    row = queries.working_connection(request.scope, name, lock=True)
    require(request.scope, "connections.manage", row)
    form = ModeForm(request.POST, connection=row)
    if not form.is_valid():
        for texts in form.errors.values():
            messages.error(request, " ".join(str(text) for text in texts))
        return redirect("connection", row.name)
    before = actions.snapshot(row)
    row.mode = form.cleaned_data["mode"]
    actions.change(Actor.from_request(request), row, before, ["mode"])
    said = _("%(name)s is now in mode: %(mode)s.")
    messages.success(request, said % {"name": row, "mode": row.get_mode_display()})
    return redirect("connection", row.name)


@route(effect="write", right="connections.manage")
@require_POST
def connection_retire(request: Request, name: str) -> HttpResponse:
    """End a connection for good after its name was typed."""
    row = queries.working_connection(request.scope, name, lock=True)
    require(request.scope, "connections.manage", row)
    if request.POST.get("typed_name", "").strip() != row.name:
        messages.error(request, _("Type the connection's name to retire it."))
        return redirect("connection", row.name)
    try:
        actions.retire(Actor.from_request(request), row)
    except actions.UnsettledError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s is retired.") % {"name": row})
    return redirect("connection", row.name)


def _form(request: Request, form: ConnectionForm, row: Connection | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "connection": row}
    status = 422 if form.is_bound else 200
    return page(request, "administration/connection_form.html", context, status=status)


def _may_create(request: Request) -> bool:
    """Whoever manages one connection only does not add another beside it."""
    scope = request.scope
    return scope.all_connections and scope.can("connections.manage")
