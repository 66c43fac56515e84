"""What follows the creation of a customer: its agreement, then its qualification, each a change of its own.

Their target is the request until the customer is there; ``chains.arrived`` then points them at it. A
step that fails stops those behind it, and the customer stands as it is by then.
"""

from dataclasses import dataclass
from typing import Any

from customers.agreements.actions import (
    ASK_QUALIFICATION,
    CONFIRM_AGREEMENT,
    RIGHTS,
    may_be_asked,
)
from customers.creating.places import Place
from customers.models import NewCustomer
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.models import Command

TARGET = "new_customer"
Values = dict[str, Any]


@dataclass(frozen=True)
class More:
    """The agreement's day and person, and the qualification with what its kind needs; None for neither."""

    agreement: Values | None = None
    qualification: Values | None = None


def offered(scope: Scope, place: Place) -> frozenset[str]:
    """The verbs that this person may have follow a creation there."""
    if not may_be_asked(place.connection):
        return frozenset()
    return frozenset(verb for verb, right in RIGHTS.items() if scope.can(right, place.row))


def follow(actor: Actor, scope: Scope, row: NewCustomer, more: More, created: Command) -> None:
    """Submit what is asked for, each behind the one before. Raises as ``commands.submit``."""
    wishes: list[tuple[str, Values, Values | None]] = [
        (CONFIRM_AGREEMENT, {"agreed_on": None}, more.agreement),
        (ASK_QUALIFICATION, {"status": None}, more.qualification),
    ]
    last = created
    for verb, before, after in wishes:
        if after is not None:
            draft = _draft(row, verb, (before, after), last)
            last = commands.submit(actor, scope, draft, row)


def _draft(
    row: NewCustomer, verb: str, change: tuple[Values, Values], last: Command
) -> commands.Draft:
    before, after = change
    return commands.Draft(
        verb=verb,
        connection=row.connection,
        reseller_id=row.reseller_id,
        customer_pc_id="",
        customer_name=row.company_name,
        target_type=TARGET,
        target_pc_id=row.domain,
        target_label=row.company_name,
        before=before,
        after=after,
        reason=last.reason,
        follows_id=last.pk,
    )
