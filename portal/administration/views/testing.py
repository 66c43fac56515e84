"""Test connection: put the questions, show their answers as they come."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from portal.access.guard import require, route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.administration import queries, verdicts
from portal.administration.actions import testing as actions
from portal.ui.pages import page, wants_fragment


@route(effect="write", right="connections.manage")
@require_POST
def connection_test(request: Request, name: str) -> HttpResponse:
    """Ask each family of calls once."""
    row = queries.working_connection(request.scope, name)
    require(request.scope, "connections.manage", row)
    actions.test(Actor.from_request(request), row)
    if not wants_fragment(request):
        return redirect("connection", row.name)
    return _answers(request, name)


@route(effect="read", right="connections.view")
@require_safe
def connection_test_status(request: Request, name: str) -> HttpResponse:
    """What came back so far; asks again until the last answer is there."""
    return _answers(request, name)


def _answers(request: Request, name: str) -> HttpResponse:
    row = queries.working_connection(request.scope, name)
    found = verdicts.latest(row)
    context = {
        "connection": row,
        "verdicts": found,
        "waiting": any(verdict.waiting for verdict in found),
        "may_manage": request.scope.can("connections.manage", row),
    }
    return page(request, "administration/_test.html", context)
