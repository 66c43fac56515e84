"""What staff do with licences: give one to a user, change its service plans, take it away.

Seats that are short can be bought in the same step: the licence then follows the change of the seats.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from customers.asking.submitting import reseller_of
from customers.licences import hooks, rules, standing
from customers.models import CustomerUser, SubscribedSku
from customers.permissions.standing import must_stand
from customers.permissions.words import Need
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command

ASSIGN = standing.ASSIGN
REMOVE = "licence.remove"
CHANGE = "licence.change"
"""A batch of both; each of its rows asks for the one or the other."""
RIGHT = "licences.assign"
TARGET = "customer_user"


@dataclass(frozen=True)
class Seats:
    """Seats to add to a subscription before the licence goes out."""

    subscription_id: int
    number: int


@dataclass(frozen=True)
class Wish:
    """A licence to give: the plans left out, and seats that are bought for it."""

    off: Sequence[str] = ()
    seats: Seats | None = None


def assign(
    actor: Actor, scope: Scope, user: CustomerUser, sku: SubscribedSku, wish: Wish, asked: Asked
) -> Command:
    """Ask for a licence, or for other service plans of one that is held.

    Raises RefusedError, Http404, PermissionDenied, commands.KeyReusedError.
    """
    require(scope, RIGHT, user)
    if found := commands.earlier(actor, ASSIGN, user, asked.submission):
        return found
    _must_stand(scope, user, asked)
    state = standing.known(user, sku)
    follow = wish.seats is not None or asked.follows_id is not None
    rules.may_assign(state, wish.off, seats_follow=follow)
    if wish.seats is not None and not state.holds and state.free < 1:
        asked = replace(asked, follows_id=add_seats(actor, scope, wish.seats, asked).pk)
    after = {"licence": rules.named(sku, wish.off)}
    return commands.submit(actor, scope, draft(scope, state, (ASSIGN, after), asked), user)


def remove(
    actor: Actor, scope: Scope, user: CustomerUser, sku: SubscribedSku, asked: Asked
) -> Command:
    """Ask to take a licence away. Raises as ``assign``."""
    require(scope, RIGHT, user)
    if found := commands.earlier(actor, REMOVE, user, asked.submission):
        return found
    _must_stand(scope, user, asked)
    state = standing.known(user, sku)
    rules.may_remove(state)
    wish = REMOVE, {"licence": None}
    return commands.submit(actor, scope, draft(scope, state, wish, asked), user)


def add_seats(actor: Actor, scope: Scope, seats: Seats, asked: Asked) -> Command:
    """Ask for the seats; the same key makes them once. Raises as ``assign``."""
    seller = hooks.seller()
    if seller is None:
        raise RefusedError(rules.NO_SEATS, "")
    key = f"{asked.submission}:seats" if asked.submission else ""
    return seller.add(
        actor, scope, seats.subscription_id, seats.number, replace(asked, submission=key)
    )


def _must_stand(scope: Scope, user: CustomerUser, asked: Asked) -> None:
    """Refuse what the customer is known not to permit; a batch leaves the word to Partner Center."""
    if user.customer is not None and asked.batch_id is None:
        must_stand(scope, user.customer, Need.LICENCES)


def draft(
    scope: Scope, state: rules.Known, wish: tuple[str, dict[str, Any]], asked: Asked
) -> commands.Draft:
    """A verb of a licence with what is wanted, as it is submitted."""
    user, sku = state.user, state.sku
    verb, after = wish
    name = user.customer.name if user.customer else ""
    return commands.Draft(
        verb=verb,
        connection=user.connection,
        reseller_id=reseller_of(scope, user.customer) if user.customer else None,
        customer_pc_id=user.customer_pc_id,
        customer_name=name,
        target_pc_id=user.pc_id,
        target_label=f"{user} · {name}" if name else str(user),
        parameters={"sku": sku.pc_id, "group": sku.licence_group, "product": str(sku)},
        before=before(state),
        after=after,
        reason=asked.reason,
        submission=asked.submission,
        batch_id=asked.batch_id,
        follows_id=asked.follows_id,
    )


def before(state: rules.Known) -> dict[str, Any]:
    """What the user holds of the product now, as the person sees it; unknown while it is unread."""
    if not state.is_read:
        return {}
    return {"licence": None if state.off is None else rules.named(state.sku, state.off)}
