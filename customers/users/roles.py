"""The worker's side of giving and taking directory roles."""

import datetime as dt
from typing import Any

from customers.users import actions
from customers.users.delivery import ids
from customers.users.part import ROLES
from customers.users.sync import PAGE
from portal.mirror import families, refresh, upsert
from portal.mirror.values import identifier
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.errors import NotFound, PartnerError
from portal.partnercenter.operations.users import (
    ADD_ROLE_MEMBER,
    GET_USER,
    LIST_MEMBERS_OF_ROLE,
    LIST_ROLES_OF_USER,
    REMOVE_ROLE_MEMBER,
)


def add(attempt: Attempt) -> verbs.Delivered:
    """Give the role, unless the user has it."""
    command = attempt.command
    if _holds(attempt):
        return _had(attempt, command.after["role"])
    user = attempt.read(GET_USER, **ids(command)).body
    reply = attempt.write(
        ADD_ROLE_MEMBER,
        body={
            "id": command.target_pc_id,
            "displayName": user.get("displayName", ""),
            "userPrincipalName": user.get("userPrincipalName", ""),
            "attributes": {"objectType": "UserMember"},
        },
        customer_id=command.customer_pc_id,
        role_id=command.parameters["role_id"],
    )
    return verbs.Applied(save=_saver(attempt), correlation_id=reply.correlation_id)


def remove(attempt: Attempt) -> verbs.Delivered:
    """Take the role back, unless the user lost it meanwhile."""
    command = attempt.command
    if not _holds(attempt):
        return _had(attempt, "")
    role_id = command.parameters["role_id"]
    reply = attempt.write(REMOVE_ROLE_MEMBER, role_id=role_id, **ids(command))
    return verbs.Applied(save=_saver(attempt), correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """Whether the user has the role tells whether a write got through."""
    command = attempt.command
    if _holds(attempt) != bool(command.after["role"]):
        return verbs.NotApplied()
    return verbs.Applied(save=_saver(attempt), correlation_id=attempt.step.correlation_id)


def _had(attempt: Attempt, now: str) -> verbs.Delivered:
    """It is as asked before anything was sent: by our own lost write, or by somebody else."""
    if attempt.may_have_left:
        return verbs.Applied(save=_saver(attempt))
    command = attempt.command
    return verbs.Changed(difference={"role": (command.before["role"], now)}, save=_saver(attempt))


def _holds(attempt: Attempt) -> bool:
    reply = attempt.read(LIST_ROLES_OF_USER, **ids(attempt.command))
    items: Any = reply.body.get("items") or []
    return attempt.command.parameters["role_id"] in {identifier(one.get("id")) for one in items}


def _saver(attempt: Attempt) -> verbs.Save:
    """Read the role's members now; the mirror reads all roles again where that fails."""
    command = attempt.command
    try:
        members, at = _members(attempt)
    except (NotFound, PartnerError):
        return lambda: _later(command)
    return lambda: _save(command, members, at)


def _members(attempt: Attempt) -> tuple[list[dict[str, Any]], dt.datetime]:
    command = attempt.command
    pages = list(
        attempt.pages(
            LIST_MEMBERS_OF_ROLE,
            customer_id=command.customer_pc_id,
            role_id=command.parameters["role_id"],
            query={"size": PAGE},
        )
    )
    return [member for page in pages for member in page.items], pages[0].observed_at


def _save(command: Command, members: list[dict[str, Any]], at: dt.datetime) -> dict[str, Any]:
    family = families.get(ROLES)
    name = command.after["role"] or command.before["role"]
    payload = {"id": command.parameters["role_id"], "name": name, "members": members}
    upsert.upsert(
        family,
        family.listing.representation,
        command.connection,
        [payload],
        observed_at=at,
        parent=command.customer_pc_id,
    )
    return dict(command.after)


def _later(command: Command) -> dict[str, Any]:
    refresh.request(command.connection, ROLES, "", parent=command.customer_pc_id, reason="change")
    return dict(command.after)


def steps() -> dict[str, verbs.Step]:
    """The step of each verb about roles, by the verb's name."""
    return {
        actions.ADD_ROLE: verbs.Step(name=ADD_ROLE_MEMBER.name, deliver=add, settle=settle),
        actions.REMOVE_ROLE: verbs.Step(
            name=REMOVE_ROLE_MEMBER.name, deliver=remove, settle=settle
        ),
    }
