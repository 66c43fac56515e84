"""The worker's side: make a relationship and lock it for the customer's approval, or end one; keep what stands then.

Graph knows no request id: a relationship whose answer was lost is found by its unique name.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.asking.submitting import TARGET, target
from customers.models import AdminRelationship
from customers.models.permission import STANDING
from customers.permissions import actions, words
from customers.permissions.sync import PAGE, SHAPE
from customers.permissions.telling import END_FIELDS, FIELDS, show
from portal.mirror import families, upsert
from portal.mirror.values import text
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.errors import BadAnswer
from portal.partnercenter.operations.permissions import (
    CREATE_ADMIN_RELATIONSHIP,
    GET_ADMIN_RELATIONSHIP,
    LIST_ADMIN_RELATIONSHIPS,
    REQUEST_ADMIN_RELATIONSHIP,
)

CREATED = "created"
Found = tuple[Mapping[str, Any], dt.datetime]


def create(attempt: Attempt) -> verbs.Delivered:
    """Make it, unless an earlier try has."""
    if attempt.may_have_left and (found := _by_name(attempt)):
        return _made(attempt, found, attempt.step.correlation_id)
    reply = attempt.write(CREATE_ADMIN_RELATIONSHIP, body=wire(attempt.command))
    return _made(attempt, (reply.body, reply.observed_at), reply.correlation_id)


def settle_create(attempt: Attempt) -> verbs.Found:
    """What the list says about a relationship whose answer was lost."""
    found = _by_name(attempt)
    return _made(attempt, found, attempt.step.correlation_id) if found else verbs.NotApplied()


def wire(command: Command) -> dict[str, Any]:
    """The body of the creation."""
    told = command.after
    return {
        "displayName": command.parameters["name"],
        "duration": f"P{told['days']}D",
        "customer": {"tenantId": command.customer_pc_id, "displayName": command.customer_name},
        "accessDetails": {"unifiedRoles": [{"roleDefinitionId": one} for one in told["roles"]]},
        "autoExtendDuration": (actions.EXTENSION if told["extended"] else actions.NO_EXTENSION),
    }


def lock(attempt: Attempt) -> verbs.Delivered:
    """Lock it: from then on the customer's administrator can approve it."""
    found = _read(attempt)
    if _is_locked(found):
        return _locked(attempt, found, attempt.step.correlation_id)
    reply = attempt.write(
        REQUEST_ADMIN_RELATIONSHIP,
        relationship_id=text(found[0].get("id")),
        body={"action": "lockForApproval"},
    )
    found = _read(attempt)
    if not _is_locked(found):
        return verbs.Accepted(correlation_id=reply.correlation_id)
    return _locked(attempt, found, reply.correlation_id)


def settle_lock(attempt: Attempt) -> verbs.Found:
    """Whether it is still a draft."""
    found = _read(attempt)
    if not _is_locked(found):
        return verbs.NotApplied()
    return _locked(attempt, found, attempt.step.correlation_id)


def end(attempt: Attempt) -> verbs.Delivered:
    """Ask for its end, unless it is no longer what the person saw."""
    command = attempt.command
    found = _read_named(attempt)
    if _is_ending(found):
        return _ended(attempt, found, attempt.step.correlation_id)
    now = text(found[0].get("status")).lower()
    if now not in STANDING:
        difference = {"state": (command.before["state"], now)}
        return verbs.Changed(difference=difference, save=lambda: _keep(command, found))
    reply = attempt.write(
        REQUEST_ADMIN_RELATIONSHIP,
        relationship_id=command.parameters["relationship"],
        body={"action": "terminate"},
    )
    found = _read_named(attempt)
    if not _is_ending(found):
        return verbs.Accepted(correlation_id=reply.correlation_id)
    return _ended(attempt, found, reply.correlation_id)


def settle_end(attempt: Attempt) -> verbs.Found:
    """Whether it still stands."""
    found = _read_named(attempt)
    if not _is_ending(found):
        return verbs.NotApplied()
    return _ended(attempt, found, attempt.step.correlation_id)


def _read_named(attempt: Attempt) -> Found:
    """The relationship that the Command names."""
    key = attempt.command.parameters["relationship"]
    reply = attempt.read(GET_ADMIN_RELATIONSHIP, relationship_id=key)
    return reply.body, reply.observed_at


def _is_ending(found: Found) -> bool:
    return text(found[0].get("status")).lower() in words.ENDED


def _ended(attempt: Attempt, found: Found, correlation_id: str) -> verbs.Applied:
    command = attempt.command

    def save() -> dict[str, Any]:
        _keep(command, found)
        return {"state": text(found[0].get("status")).lower()}

    return verbs.Applied(save=save, correlation_id=correlation_id)


def _is_locked(found: Found) -> bool:
    return text(found[0].get("status")).lower() != CREATED


def _by_name(attempt: Attempt) -> Found | None:
    for page in attempt.pages(LIST_ADMIN_RELATIONSHIPS, query={"$top": PAGE}):
        for item in page.items:
            if item.get("displayName") == attempt.command.parameters["name"]:
                return item, page.observed_at
    return None


def _read(attempt: Attempt) -> Found:
    """The relationship that the first step made."""
    command = attempt.command
    row = AdminRelationship.objects.filter(
        connection=command.connection, name=command.parameters["name"]
    ).first()
    if row is None:
        message = "the relationship of this request is not known"
        raise BadAnswer(message, operation=GET_ADMIN_RELATIONSHIP.name)
    reply = attempt.read(GET_ADMIN_RELATIONSHIP, relationship_id=row.pc_id)
    return reply.body, reply.observed_at


def _made(attempt: Attempt, found: Found, correlation_id: str) -> verbs.Applied:
    command = attempt.command

    def save() -> dict[str, Any]:
        _keep(command, found)
        return {}

    answer = {"relationship": text(found[0].get("id"))}
    return verbs.Applied(save=save, answer=answer, correlation_id=correlation_id)


def _locked(attempt: Attempt, found: Found, correlation_id: str) -> verbs.Applied:
    command = attempt.command

    def save() -> dict[str, Any]:
        _keep(command, found)
        return dict(command.after)

    return verbs.Applied(save=save, correlation_id=correlation_id)


def _keep(command: Command, found: Found) -> None:
    payload, at = found
    own = {name: value for name, value in payload.items() if name != "@odata.context"}
    family = families.get(words.FAMILY)
    upsert.upsert(family, SHAPE, command.connection, [own], observed_at=at)


def _summary(command: Command) -> str:
    told = show("roles", command.after["roles"])
    return str(_("Permission requested: %(roles)s")) % {"roles": told}


def _end_summary(command: Command) -> str:
    return str(_("Permission ended: %(name)s")) % {"name": command.parameters["name"]}


def register() -> None:
    """Enter the verbs; called from AppConfig.ready."""
    _register_end()
    steps = (
        verbs.Step(name=CREATE_ADMIN_RELATIONSHIP.name, deliver=create, settle=settle_create),
        verbs.Step(name=REQUEST_ADMIN_RELATIONSHIP.name, deliver=lock, settle=settle_lock),
    )
    verbs.register(
        verbs.Verb(
            name=actions.REQUEST,
            label=_("Request permission"),
            right=actions.RIGHT,
            target_type=TARGET,
            target=target,
            steps=steps,
            fields=FIELDS,
            target_url="customer_permissions",
            show=show,
            summary=_summary,
        )
    )


def _register_end() -> None:
    step = verbs.Step(name=REQUEST_ADMIN_RELATIONSHIP.name, deliver=end, settle=settle_end)
    verbs.register(
        verbs.Verb(
            name=actions.END,
            label=_("End permission"),
            right=actions.RIGHT,
            target_type=TARGET,
            target=target,
            steps=(step,),
            fields=END_FIELDS,
            target_url="customer_permissions",
            show=show,
            summary=_end_summary,
        )
    )
