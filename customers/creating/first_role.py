"""The worker's side of a role for the first user of a new customer: the user is there by then, and the role too."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from customers.asking import submitting
from customers.creating.first_user import ROLES
from customers.models import CustomerUser
from customers.users import actions
from customers.users.part import ROLES as FAMILY
from portal.mirror import refresh
from portal.mirror.values import identifier
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.operations.users import (
    ADD_ROLE_MEMBER,
    LIST_ROLES_OF_USER,
)

GIVE = "customer.give_first_role"
USER = "user_principal_name"
FIELDS = {USER: _("User name"), "role": _("Role")}


def before() -> dict[str, str]:
    """What a new user holds."""
    return {"role": ""}


def after(user_name: str, role: str) -> dict[str, str]:
    """Who gets which role."""
    return {USER: user_name, "role": role}


def give(attempt: Attempt) -> verbs.Delivered:
    """Give it, unless the user is gone by now or has it."""
    user = _user(attempt.command)
    if user is None:
        return verbs.Changed(difference={USER: (attempt.command.after[USER], "")})
    if _holds(attempt, user):
        return verbs.Applied(save=_saver(attempt.command))
    reply = attempt.write(
        ADD_ROLE_MEMBER,
        body={
            "id": user.pc_id,
            "displayName": user.display_name,
            "userPrincipalName": user.user_principal_name,
            "attributes": {"objectType": "UserMember"},
        },
        customer_id=attempt.command.customer_pc_id,
        role_id=attempt.command.after["role"],
    )
    return verbs.Applied(save=_saver(attempt.command), correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """Whether the user has the role tells whether the write got through."""
    user = _user(attempt.command)
    if user is None or not _holds(attempt, user):
        return verbs.NotApplied()
    save = _saver(attempt.command)
    return verbs.Applied(save=save, correlation_id=attempt.step.correlation_id)


def _user(command: Command) -> CustomerUser | None:
    """The user as its creation left it in the mirror."""
    rows = CustomerUser.objects.filter(
        connection=command.connection,
        customer_pc_id=command.customer_pc_id,
        user_principal_name__iexact=command.after[USER],
        gone_at=None,
    )
    return rows.first()


def _holds(attempt: Attempt, user: CustomerUser) -> bool:
    path = {"customer_id": attempt.command.customer_pc_id, "user_id": user.pc_id}
    items: Any = attempt.read(LIST_ROLES_OF_USER, **path).body.get("items") or []
    return attempt.command.after["role"] in {identifier(one.get("id")) for one in items}


def _saver(command: Command) -> verbs.Save:
    """Have the roles with their members read again."""

    def save() -> Mapping[str, Any]:
        parent = command.customer_pc_id
        refresh.request(command.connection, FAMILY, "", parent=parent, reason="change")
        return dict(command.after)

    return save


def show(field: str, value: Any) -> str:
    """One value in words."""
    if not value:
        return pgettext("no value", "none")
    return str(ROLES.get(value, value)) if field == "role" else str(value)


def register() -> None:
    """Enter the verb; called from AppConfig.ready."""
    verbs.register(
        verbs.Verb(
            name=GIVE,
            label=_("Give the first user a role"),
            right=actions.RIGHT,
            target_type=submitting.TARGET,
            target=submitting.target,
            steps=(verbs.Step(name=ADD_ROLE_MEMBER.name, deliver=give, settle=settle),),
            fields=FIELDS,
            target_url="customer_users",
            show=show,
            personal=frozenset({USER}),
        )
    )
