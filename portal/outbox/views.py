"""The Changes pages: the list, one change, its state by itself, and what a person can do about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from portal.access.guard import route
from portal.access.http import Request
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands, pages, queries, secrets
from portal.outbox.filters import CommandFilters
from portal.outbox.models import Command
from portal.outbox.tables import CommandTable
from portal.ui.listing import Listing
from portal.ui.pages import page, page_or_fragment

CHANGES = Listing(
    table=CommandTable,
    filters=CommandFilters,
    title=_("Changes"),
    filename="changes",
    template="outbox/list.html",
)

Act = Callable[[Actor, Scope, Command], None]


@route(effect="read", right="changes.view")
@require_safe
def changes(request: Request) -> HttpResponseBase:
    """Everything that was asked, newest first."""
    return CHANGES.respond(request, queries.commands(request.scope))


@route(effect="read", right="changes.view")
@require_safe
def change(request: Request, pk: int) -> HttpResponse:
    """One change: asked and confirmed side by side, its steps and ids, and the way on."""
    command = queries.command(request.scope, pk)
    return page(request, "outbox/change.html", pages.context(request.scope, command))


@route(effect="read", right="changes.view")
@require_safe
def change_status(request: Request, pk: int) -> HttpResponse:
    """The state alone, asked for every other second while it is open."""
    command = queries.command(request.scope, pk)
    context: dict[str, Any] = {"command": command}
    if not command.is_open:
        context["refresh_url"] = pages.page_asking(request)
    return page(request, "outbox/_row_state.html", context)


@route(effect="write", right="changes.settle")
@require_POST
def change_retry(request: Request, pk: int) -> HttpResponse:
    """Try again, or look at once for the outcome of one in doubt."""
    return _act(request, pk, commands.retry)


@route(effect="write", right="changes.settle")
@require_POST
def change_give_up(request: Request, pk: int) -> HttpResponse:
    """Leave it as it is."""
    return _act(request, pk, commands.give_up)


@route(effect="write", right="changes.view")
@require_POST
def change_cancel(request: Request, pk: int) -> HttpResponse:
    """Take back what has not left yet."""
    return _act(request, pk, commands.cancel)


@route(effect="write", right="changes.approve")
@require_POST
def change_approve(request: Request, pk: int) -> HttpResponse:
    """The second person's yes."""
    return _act(request, pk, commands.approve)


@route(effect="write", right="changes.approve")
@require_POST
def change_decline(request: Request, pk: int) -> HttpResponse:
    """The second person's no."""
    return _act(request, pk, commands.decline)


@route(effect="write", right="changes.view")
@require_POST
def change_secret(request: Request, pk: int) -> HttpResponse:
    """What Partner Center answered once, shown once to the person who asked; afterwards it is gone."""
    command = queries.command(request.scope, pk)
    found = secrets.take(Actor.from_request(request), request.scope, command)
    context = {"command": command, "values": found}
    answer = page_or_fragment(request, "outbox/secret.html", "outbox/_secret_shown.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _act(request: Request, pk: int, act: Act) -> HttpResponse:
    command = queries.command(request.scope, pk)
    try:
        act(Actor.from_request(request), request.scope, command)
    except commands.OvertakenError as error:
        messages.warning(request, str(error))
    return redirect("change", pk)
