"""Sync: how each mirror stands, live; start a run; decide about a removal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access.guard import require, route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.administration import pages, queries
from portal.administration.actions import runs as actions
from portal.mirror.models import Kind, SyncPass
from portal.mirror.runs import NothingMirrored
from portal.ui.pages import page, wants_fragment


@route(effect="read", right="sync.view")
@require_safe
def sync(request: Request) -> HttpResponse:
    """Runs and passes of every visible connection."""
    context = pages.settings_context(request) | pages.sync_context(request.scope)
    return page(request, "administration/sync.html", context)


@route(effect="read", right="sync.view")
@require_safe
def sync_status(request: Request) -> HttpResponse:
    """The live part of that page."""
    return page(request, "administration/_sync.html", pages.sync_context(request.scope))


@route(effect="write", right="sync.run")
@require_POST
def sync_start(request: Request, name: str) -> HttpResponse:
    """Begin a full run or one for changes."""
    row = queries.working_connection(request.scope, name)
    require(request.scope, "sync.run", row)
    kind = request.POST.get("kind", Kind.FULL)
    if kind not in Kind.values:
        return HttpResponse(_("Choose full or changes."), status=400)
    try:
        actions.start(Actor.from_request(request), row, kind)
    except NothingMirrored:
        messages.error(request, _("Start a full sync first: there is nothing to compare with."))
    return _back(request)


@route(effect="write", right="sync.run")
@require_POST
def sync_decide(request: Request, pk: int) -> HttpResponse:
    """Confirm or refuse a removal that is larger than usual."""
    rows = SyncPass.objects.select_related("run__connection")
    blocked = get_object_or_404(rows, pk=pk)
    queries.working_connection(request.scope, blocked.run.connection.name)
    require(request.scope, "sync.run", blocked.run.connection)
    remove = request.POST.get("decision") == "remove"
    if not actions.decide(Actor.from_request(request), blocked, remove=remove):
        messages.error(request, _("Somebody decided before, or a newer sync will."))
    return _back(request)


def _back(request: Request) -> HttpResponse:
    if wants_fragment(request):
        return page(request, "administration/_sync.html", pages.sync_context(request.scope))
    return redirect("sync")
