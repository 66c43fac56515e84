"""What staff do for a customer's users. Each asks the guard, checks what is known, and submits a Command."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.asking import submitting
from customers.asking.submitting import Wish
from customers.models import Customer, CustomerUser, DirectoryRole, UserState
from customers.permissions.standing import must_stand
from customers.permissions.words import Need
from customers.users import rules
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import clouds, commands, secrets
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.partnercenter.operations.users import CREATE_USER

CREATE = "customer_user.create"
UPDATE = "customer_user.update"
DELETE = "customer_user.delete"
RESTORE = "customer_user.restore"
RESET_PASSWORD = "customer_user.reset_password"  # noqa: S105 - the name of a verb
ADD_ROLE = "customer_user.add_role"
REMOVE_ROLE = "customer_user.remove_role"
RIGHT = "customer_users.manage"
NEEDS = {RESET_PASSWORD: Need.PASSWORDS, ADD_ROLE: Need.ROLES, REMOVE_ROLE: Need.ROLES}
"""What a verb takes of the customer's permission, where it is not managing users."""
FIELDS = ("display_name", "first_name", "last_name", "user_principal_name", "usage_location")


@dataclass(frozen=True)
class Password:
    """The password to set: a typed one, or "" for one that the portal makes."""

    typed: str = ""
    must_change: bool = True


def may_create(customer: Customer) -> None:
    """Raise RefusedError for a customer to which nothing can be added, also because of its cloud."""
    submitting.must_be_there(customer)
    clouds.must_have(customer.connection, CREATE_USER.name)


def create(
    actor: Actor, scope: Scope, customer: Customer, values: Mapping[str, Any], asked: Asked
) -> Command:
    """Ask for a new user; ``values`` are FIELDS, ``password`` ("" has one made) and ``must_change``.

    Raises RefusedError, Http404, PermissionDenied, commands.KeyReusedError.
    """
    require(scope, RIGHT, customer)
    if found := commands.earlier(actor, CREATE, customer, asked.submission):
        return found
    may_create(customer)
    must_stand(scope, customer, Need.USERS)
    after = checked(customer, values)
    password = Password(values.get("password", ""), values.get("must_change", True))
    check_new_password(password, after["user_principal_name"])
    parameters = {"must_change": password.must_change}
    wish = Wish(CREATE, dict.fromkeys(after), after, parameters)
    with transaction.atomic():
        command = submitting.submit(actor, scope, customer, wish, asked)
        _hand(command, password)
    return command


def checked(
    customer: Customer, values: Mapping[str, Any], own: CustomerUser | None = None
) -> dict[str, str]:
    """The fields of a user as they would be sent. Raises RefusedError."""
    found = {name: str(values.get(name) or "").strip() for name in FIELDS}
    rules.check_names(found)
    if own is None or found["user_principal_name"] != own.user_principal_name:
        rules.check_user_name(customer, found["user_principal_name"], own)
    return found


def check_new_password(password: Password, user_name: str) -> None:
    """Raise RefusedError for a weak typed password."""
    if password.typed:
        rules.check_password(password.typed, user_name)


def update(
    actor: Actor, scope: Scope, user: CustomerUser, values: Mapping[str, Any], asked: Asked
) -> Command:
    """Ask for other names, another user name or usage location. What is not named stays."""
    require(scope, RIGHT, user)
    if found := commands.earlier(actor, UPDATE, user, asked.submission):
        return found
    before, after = difference(user, values)
    return _submit(actor, scope, user, Wish(UPDATE, before, after), asked)


def difference(
    user: CustomerUser, values: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """The fields that differ: as they are, and as they are wanted. Raises RefusedError."""
    rules.may_change(user)
    assert user.customer is not None, "there, as may_change has seen"
    seen: dict[str, str] = {name: getattr(user, name) for name in FIELDS}
    wanted = checked(user.customer, seen | dict(values), user)
    after = {name: value for name, value in wanted.items() if value != seen[name]}
    if not after:
        raise RefusedError("unchanged", _("Nothing is different from what Partner Center has."))
    return {name: seen[name] for name in after}, after


def delete(actor: Actor, scope: Scope, user: CustomerUser, asked: Asked) -> Command:
    """Ask to delete a user, who can be restored for 30 days."""
    require(scope, RIGHT, user)
    if found := commands.earlier(actor, DELETE, user, asked.submission):
        return found
    rules.may_delete(user)
    wish = Wish(DELETE, {"state": user.state}, {"state": UserState.INACTIVE.value})
    return _submit(actor, scope, user, wish, asked)


def restore(actor: Actor, scope: Scope, user: CustomerUser, asked: Asked) -> Command:
    """Ask to make a deleted user active again."""
    require(scope, RIGHT, user)
    if found := commands.earlier(actor, RESTORE, user, asked.submission):
        return found
    rules.may_restore(user)
    wish = Wish(RESTORE, {"state": user.state}, {"state": UserState.ACTIVE.value})
    return _submit(actor, scope, user, wish, asked)


def reset_password(
    actor: Actor, scope: Scope, user: CustomerUser, password: Password, asked: Asked
) -> Command:
    """Ask for a new password, which its person reads once when it is set."""
    require(scope, RIGHT, user)
    if found := commands.earlier(actor, RESET_PASSWORD, user, asked.submission):
        return found
    rules.may_change(user)
    check_new_password(password, user.user_principal_name)
    parameters = {"must_change": password.must_change}
    wish = Wish(RESET_PASSWORD, {"state": user.state}, {}, parameters)
    with transaction.atomic():
        command = _submit(actor, scope, user, wish, asked)
        _hand(command, password)
    return command


def add_role(
    actor: Actor, scope: Scope, user: CustomerUser, role: DirectoryRole, asked: Asked
) -> Command:
    """Ask to give the user a directory role (set-user-roles-for-a-customer)."""
    require(scope, RIGHT, user)
    if found := commands.earlier(actor, ADD_ROLE, user, asked.submission):
        return found
    rules.may_add(user, role)
    wish = Wish(ADD_ROLE, {"role": ""}, {"role": role.name}, {"role_id": role.pc_id})
    return _submit(actor, scope, user, wish, asked)


def remove_role(
    actor: Actor, scope: Scope, user: CustomerUser, role: DirectoryRole, asked: Asked
) -> Command:
    """Ask to take a directory role back (remove-customer-user-from-a-role)."""
    require(scope, RIGHT, user)
    if found := commands.earlier(actor, REMOVE_ROLE, user, asked.submission):
        return found
    rules.may_remove(user, role)
    wish = Wish(REMOVE_ROLE, {"role": role.name}, {"role": ""}, {"role_id": role.pc_id})
    return _submit(actor, scope, user, wish, asked)


def _hand(command: Command, password: Password) -> None:
    """Seal a typed password until it is sent."""
    if password.typed:
        secrets.hand(command, secrets.PASSWORD, password.typed)


def _submit(actor: Actor, scope: Scope, user: CustomerUser, wish: Wish, asked: Asked) -> Command:
    assert user.customer is not None, "a user that somebody sees has a customer"
    must_stand(scope, user.customer, NEEDS.get(wish.verb, Need.USERS))
    draft = commands.Draft(
        verb=wish.verb,
        connection=user.connection,
        reseller_id=submitting.reseller_of(scope, user.customer),
        customer_pc_id=user.customer_pc_id,
        customer_name=user.customer.name,
        target_pc_id=user.pc_id,
        target_label=f"{user} · {user.customer}",
        parameters=wish.parameters,
        before=wish.before,
        after=wish.after,
        reason=asked.reason,
        submission=asked.submission,
        batch_id=asked.batch_id,
        follows_id=asked.follows_id,
    )
    return commands.submit(actor, scope, draft, user)
