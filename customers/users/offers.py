"""Which buttons stand on a user's page: those of verbs that the reader may ask for now."""

from dataclasses import dataclass

from customers.models import CustomerUser, UserState
from customers.users import actions, rules
from portal.access.refusing import RefusedError
from portal.access.scope import Scope


@dataclass(frozen=True)
class Offers:
    """``change`` stands for editing and the password, ``roles`` for giving and taking them."""

    change: bool = False
    delete: bool = False
    restore: bool = False
    roles: bool = False


def of(scope: Scope, user: CustomerUser) -> Offers:
    """What may be asked. Why something may not, its own page tells."""
    if scope.read_only or not scope.can(actions.RIGHT, user):
        return Offers()
    deleted = rules.state_of(user) == UserState.INACTIVE
    there = _allowed(rules.must_be_there, user)
    change = there and not deleted and not user.is_synchronised
    restore = there and deleted and _allowed(rules.is_restorable, user)
    return Offers(change=change, delete=change, restore=restore, roles=there and not deleted)


def _allowed(rule: "rules.Rule", user: CustomerUser) -> bool:
    try:
        rule(user)
    except RefusedError:
        return False
    return True
