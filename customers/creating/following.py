"""What follows the creation of a customer: agreement, qualification, first user, its role; each a change of its own.

Their target is the request until the customer is there; ``chains.arrived`` then points them at it. A
step that fails stops those behind it, and the customer stands as it is by then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from customers.agreements.actions import (
    ASK_QUALIFICATION,
    CONFIRM_AGREEMENT,
    RIGHTS,
    may_be_asked,
)
from customers.creating import first_role, permission
from customers.creating.first_user import FirstUser
from customers.creating.places import Place
from customers.models import NewCustomer
from customers.users.actions import CREATE as CREATE_USER
from customers.users.actions import RIGHT as MANAGE_USERS
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.models import Command

TARGET = "new_customer"
Values = dict[str, Any]


@dataclass(frozen=True)
class More:
    """The agreement's day and person, the qualification with what its kind needs, the first user; None for neither."""

    agreement: Values | None = None
    qualification: Values | None = None
    user: FirstUser | None = None


@dataclass(frozen=True)
class Step:
    """One change that follows."""

    verb: str
    before: Values
    after: Values
    parameters: Values


def offered(scope: Scope, place: Place) -> frozenset[str]:
    """The parts that this person may fill in there, beside the customer itself: the permission, and verbs.

    The verbs all need a person's consent, and the public cloud.
    """
    given = {permission.FIELD} if permission.offered(place.connection) else set()
    if not may_be_asked(place.connection):
        return frozenset(given)
    rights = RIGHTS | {CREATE_USER: MANAGE_USERS}
    return frozenset(
        given | {verb for verb, right in rights.items() if scope.can(right, place.row)}
    )


def follow(actor: Actor, scope: Scope, row: NewCustomer, more: More, created: Command) -> None:
    """Submit what is asked for, each behind the one before. Raises as ``commands.submit``."""
    last = created
    for step in _steps(more):
        last = commands.submit(actor, scope, _draft(row, step, last), row)


def _steps(more: More) -> Iterator[Step]:
    if more.agreement is not None:
        yield Step(CONFIRM_AGREEMENT, {"agreed_on": None}, more.agreement, {})
    if more.qualification is not None:
        yield Step(ASK_QUALIFICATION, {"status": None}, more.qualification, {})
    if more.user is None:
        return
    after, parameters = more.user.after, {"must_change": more.user.must_change}
    yield Step(CREATE_USER, dict.fromkeys(after), dict(after), parameters)
    if more.user.role:
        given = first_role.after(after["user_principal_name"], more.user.role)
        yield Step(first_role.GIVE, dict(first_role.before()), dict(given), {})


def _draft(row: NewCustomer, step: Step, last: Command) -> commands.Draft:
    return commands.Draft(
        verb=step.verb,
        connection=row.connection,
        reseller_id=row.reseller_id,
        customer_pc_id="",
        customer_name=row.company_name,
        target_type=TARGET,
        target_pc_id=row.domain,
        target_label=row.company_name,
        parameters=step.parameters,
        before=step.before,
        after=step.after,
        reason=last.reason,
        follows_id=last.pk,
    )
