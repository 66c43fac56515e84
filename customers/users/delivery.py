"""The worker's side of the verbs of users: read, compare, send, keep the answer without its password."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from customers.asking import earlier
from customers.models import CustomerUser, UserState
from customers.users import actions, mapping
from customers.users.part import NEWCOMER, TARGET, USERS
from customers.users.sync import PAGE
from portal.mirror import families, refresh, upsert
from portal.outbox import chains, secrets, verbs
from portal.outbox.attempt import Attempt, Reply
from portal.outbox.models import Command
from portal.partnercenter.errors import NotFound, PartnerError
from portal.partnercenter.operations.users import (
    CREATE_USER,
    DELETE_USER,
    GET_USER,
    LIST_USERS,
    RESET_PASSWORD,
    RESET_PASSWORD_BY_UPDATE,
    RESTORE_USER,
    UPDATE_USER,
)
from portal.partnercenter.transport import utc_now

ATTRIBUTES = {"objectType": "CustomerUser"}
WIRE = {
    "display_name": "displayName",
    "first_name": "firstName",
    "last_name": "lastName",
    "user_principal_name": "userPrincipalName",
    "usage_location": "usageLocation",
}


@dataclass(frozen=True)
class Fresh:
    """A user as Partner Center has it; ``payload`` carries no password."""

    payload: dict[str, Any]
    columns: Mapping[str, Any]
    observed_at: dt.datetime

    def reached(self, command: Command) -> bool:
        """Whether it is as asked."""
        return all(self.has(name, value) for name, value in command.after.items())

    def has(self, name: str, value: Any) -> bool:
        """Whether a field is so; user names are alike whatever their case."""
        now = self.columns[name]
        if name == "user_principal_name":
            return str(now).lower() == str(value).lower()
        return bool(now == value)

    def difference(self, command: Command) -> dict[str, tuple[Any, Any]]:
        """The fields that are not as the person saw them: (seen, now)."""
        return {
            name: (seen, self.columns[name])
            for name, seen in command.before.items()
            if not self.has(name, seen)
        }

    def saver(self, command: Command) -> verbs.Save:
        """Bring the mirror's row up to this, and tell what is confirmed."""

        def save() -> dict[str, Any]:
            family = families.get(USERS)
            assert family.detail is not None, "users have a detail representation"
            upsert.upsert(
                family,
                family.detail.representation,
                command.connection,
                [self.payload],
                observed_at=self.observed_at,
                parent=command.customer_pc_id,
            )
            return {name: self.columns[name] for name in command.after}

        return save


def fresh_of(command: Command, body: Mapping[str, Any], observed_at: dt.datetime) -> Fresh:
    """What an answer says of a user."""
    payload = mapping.without_secret(dict(body))
    reading = families.Reading(
        connection=command.connection, observed_at=observed_at, parent=command.customer_pc_id
    )
    return Fresh(payload, mapping.user(payload, reading), observed_at)


# --- create ---------------------------------------------------------------------------------------


def create(attempt: Attempt) -> verbs.Delivered:
    """Send it unless the user name is taken already. The password goes to the person who asked."""
    command = attempt.command
    if (found := _by_name(attempt)) is not None:
        name = found.columns["user_principal_name"]
        return verbs.Changed(
            difference={"user_principal_name": (None, name)}, save=found.saver(command)
        )
    body = {WIRE[name]: value for name, value in command.after.items() if value}
    reply = attempt.write(
        CREATE_USER,
        body=body | _password(command) | {"attributes": ATTRIBUTES},
        customer_id=command.customer_pc_id,
    )
    answer = fresh_of(command, reply.body, utc_now())
    return verbs.Applied(save=_arrival(command, answer), correlation_id=reply.correlation_id)


def _arrival(command: Command, made: Fresh) -> verbs.Save:
    """Keep the user, and point at it what was asked for it beforehand: its licences."""

    def save() -> Mapping[str, Any] | None:
        confirmed = made.saver(command)()
        row = CustomerUser.objects.get(
            connection=command.connection,
            customer_pc_id=command.customer_pc_id,
            pc_id=made.columns["pc_id"],
        )
        place = (TARGET, row.pk)
        chains.arrived((NEWCOMER, command.pk), place, row.pc_id, command.customer_pc_id)
        return confirmed

    return save


def settle_create(attempt: Attempt) -> verbs.Found:
    """Look for the user name: nobody else can have it at the same time."""
    command = attempt.command
    found = _by_name(attempt)
    if found is None:
        return verbs.NotApplied()
    if found.reached(command):
        return verbs.Applied(
            save=_arrival(command, found), correlation_id=attempt.step.correlation_id
        )
    difference = {
        name: (value, found.columns[name])
        for name, value in command.after.items()
        if not found.has(name, value)
    }
    return verbs.Changed(difference=difference, save=found.saver(command))


def _by_name(attempt: Attempt) -> Fresh | None:
    """The active user of the wanted user name; Partner Center offers no filter by it."""
    command = attempt.command
    wanted = command.after["user_principal_name"].lower()
    pages = attempt.pages(LIST_USERS, customer_id=command.customer_pc_id, query={"size": PAGE})
    for page in pages:
        for item in page.items:
            if str(item.get("userPrincipalName", "")).lower() == wanted:
                return fresh_of(command, item, page.observed_at)
    return None


def _password(command: Command) -> dict[str, Any]:
    """The part of a body that sets the password: the same one on every attempt."""
    profile = {
        "password": secrets.made(command, secrets.PASSWORD),
        "forceChangePassword": bool(command.parameters.get("must_change", True)),
    }
    return {"passwordProfile": profile}


# --- one user -------------------------------------------------------------------------------------

Send = Callable[[Attempt, Fresh], Reply[Any]]


def deliver(send: Send, attempt: Attempt) -> verbs.Delivered:
    """Read, compare, send, and keep what is there afterwards."""
    command = attempt.command
    fresh = _read(attempt)
    if command.after and attempt.may_have_left and fresh.reached(command):
        return verbs.Applied(save=fresh.saver(command))
    if difference := fresh.difference(command):
        return verbs.Changed(difference=difference, save=fresh.saver(command))
    reply = send(attempt, fresh)
    if not reply.body:
        return _read_back(attempt, reply)
    answer = fresh_of(command, reply.body, utc_now())
    if not answer.reached(command):
        return _read_back(attempt, reply)
    return verbs.Applied(save=answer.saver(command), correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says about a write whose answer was lost. A password cannot be read: it is set again."""
    command = attempt.command
    fresh = _read(attempt)
    if command.after and fresh.reached(command):
        return verbs.Applied(save=fresh.saver(command), correlation_id=attempt.step.correlation_id)
    if difference := fresh.difference(command):
        return verbs.Changed(difference=difference, save=fresh.saver(command))
    return verbs.NotApplied()


def _update(attempt: Attempt, _fresh: Fresh) -> Reply[Any]:
    command = attempt.command
    body = {WIRE[name]: value for name, value in command.after.items()}
    return attempt.write(UPDATE_USER, body=body | {"attributes": ATTRIBUTES}, **ids(command))


def _delete(attempt: Attempt, _fresh: Fresh) -> Reply[Any]:
    return attempt.write(DELETE_USER, **ids(attempt.command))


def _restore(attempt: Attempt, _fresh: Fresh) -> Reply[Any]:
    body = {"state": UserState.ACTIVE.value, "attributes": ATTRIBUTES}
    return attempt.write(RESTORE_USER, body=body, **ids(attempt.command))


def _reset(attempt: Attempt, _fresh: Fresh) -> Reply[Any]:
    """By today's call; by the one before where Partner Center has only that (both in the scenario)."""
    command = attempt.command
    body = _password(command) | {"attributes": ATTRIBUTES}
    try:
        return attempt.write(RESET_PASSWORD, body=body, **ids(command))
    except PartnerError as error:
        if not earlier.is_missing(error):
            raise
    return attempt.write(RESET_PASSWORD_BY_UPDATE, body=body, **ids(command))


def ids(command: Command) -> dict[str, str]:
    """The path of a user."""
    return {"customer_id": command.customer_pc_id, "user_id": command.target_pc_id}


def _read(attempt: Attempt) -> Fresh:
    reply = attempt.read(GET_USER, **ids(attempt.command))
    return fresh_of(attempt.command, reply.body, reply.observed_at)


def _read_back(attempt: Attempt, reply: Reply[Any]) -> verbs.Delivered:
    """No resource came back, or an older one: read it. A deleted user may be answered with 404."""
    command = attempt.command
    try:
        fresh = _read(attempt)
    except NotFound:
        return _unread(command, reply)
    except PartnerError:
        return verbs.Accepted(correlation_id=reply.correlation_id)
    if not fresh.reached(command):
        return verbs.Accepted(correlation_id=reply.correlation_id)
    return verbs.Applied(save=fresh.saver(command), correlation_id=reply.correlation_id)


def _unread(command: Command, reply: Reply[Any]) -> verbs.Applied:
    def save() -> dict[str, Any]:
        refresh.request(
            command.connection, USERS, "", parent=command.customer_pc_id, reason="change"
        )
        return dict(command.after)

    return verbs.Applied(save=save, correlation_id=reply.correlation_id)


def target(command: Command) -> CustomerUser | None:
    """The user, None once Partner Center no longer has it."""
    rows = CustomerUser.objects.select_related("customer")
    return rows.filter(pk=command.target_id, gone_at=None, customer__gone_at=None).first()


def steps() -> dict[str, verbs.Step]:
    """The step of each verb that is about the user itself, by the verb's name."""
    creating = verbs.Step(name=CREATE_USER.name, deliver=create, settle=settle_create)
    found: dict[str, verbs.Step] = {actions.CREATE: creating}
    for name, operation, send in (
        (actions.UPDATE, UPDATE_USER, _update),
        (actions.DELETE, DELETE_USER, _delete),
        (actions.RESTORE, RESTORE_USER, _restore),
        (actions.RESET_PASSWORD, RESET_PASSWORD, _reset),
    ):
        found[name] = verbs.Step(name=operation.name, deliver=partial(deliver, send), settle=settle)
    return found
