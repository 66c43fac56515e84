"""What the page of one change shows beside the row itself."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from portal.access.scope import Scope
from portal.outbox import chains, commands, queries, secrets, verbs, wording
from portal.outbox.approvals import queries as approvals
from portal.outbox.approvals import stakes
from portal.outbox.models import Command, CommandStep
from portal.outbox.states import CANCELLABLE, State

FOLLOWERS = 20


def context(scope: Scope, command: Command) -> dict[str, Any]:
    """The page's parts; what a person may do is decided here, not in the template."""
    approval = approvals.approval_of(scope, command)
    return {
        "command": command,
        "lines": wording.lines(command),
        "differences": wording.differences(command),
        "approval": approval,
        "stake": stakes.of_command(scope, command, approval),
        "bar": wording.bar(command),
        "problem": wording.problem(command),
        "standing": chains.standing(command),
        "steps": list(CommandStep.objects.filter(command=command)),
        "withheld": pretty(command.withheld_body),
        "target_url": target_url(command),
        "may": _may(scope, command),
        "secret": secrets.offered(scope, command),
        "hint": hint(command),
        "followers": list(queries.commands(scope).filter(follows=command)[:FOLLOWERS]),
    }


def _may(scope: Scope, command: Command) -> dict[str, bool]:
    settles = scope.can(commands.SETTLE, command) and not scope.read_only
    own = scope.user_id == command.actor_id and not scope.read_only
    return {
        "retry": settles and command.state in (State.FAILED, State.IN_DOUBT),
        "give_up": settles and command.state in (State.FAILED, State.IN_DOUBT),
        "cancel": (settles or own) and command.state in CANCELLABLE,
        "approve": command.state == State.AWAITING_APPROVAL
        and commands.may_approve(scope, command),
    }


def pretty(body: Any) -> str:
    """A body as readable JSON; "" for none."""
    return "" if body is None else json.dumps(body, indent=2, ensure_ascii=False)


def target_url(command: Command) -> str:
    """The page of what is changed, "" if its app has none or it is not there yet."""
    verb = verbs.find(command.verb)
    if verb is None or not verb.target_url or command.target_type != verb.target_type:
        return ""
    return reverse(verb.target_url, args=[command.target_id])


def hint(command: Command) -> verbs.Hint | None:
    """What a confirmed change leaves to do."""
    verb = verbs.find(command.verb)
    if verb is None or verb.hint is None or command.state != State.SUCCEEDED:
        return None
    return verb.hint(command)


def page_asking(request: HttpRequest) -> str:
    """The local address of the page that htmx speaks from, "" if it is not one of ours."""
    url = request.headers.get("HX-Current-URL", "")
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}):
        return ""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
