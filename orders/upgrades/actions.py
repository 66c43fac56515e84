"""Asking for an upgrade: of some or all seats, of an older offer, or of a trial. Raises as ``orders.actions.rename``."""

from dataclasses import dataclass
from typing import Any

from orders import actions, rules
from orders.actions import UPGRADES, Confirmed
from orders.models import Subscription
from orders.refusals import say
from orders.upgrades import kinds
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command

RIGHT = "subscriptions.upgrade"


@dataclass(frozen=True)
class Wish:
    """What it shall become. ``into`` is a subscription that takes the seats; ``way`` how they move."""

    product: str
    title: str = ""
    quantity: int | None = None
    into: str = ""
    term: str = ""
    cycle: str = ""
    way: str = ""
    order: str = ""


def upgrade(
    actor: Actor,
    scope: Scope,
    subscription: Subscription,
    wish: Wish,
    asked: Asked,
    confirmed: Confirmed = actions.UNSEEN,
) -> Command:
    """Ask for it, by the call of the subscription's kind."""
    require(scope, RIGHT, subscription)
    verb = UPGRADES.get(kinds.of(subscription), actions.UPGRADE)
    if found := commands.earlier(actor, verb, subscription, asked.submission):
        return found
    state = rules.state_of(subscription, keeps=confirmed.keeps)
    told = plan(state, wish)
    # Put back only where something of the subscription stays as it is.
    restored = actions.kept(state, restore=True) if is_part(state, told["quantity"]) else {}
    wanted = (verb, state, {"upgrade": told}, restored)
    return actions.submit(actor, scope, subscription, asked, wanted)


def plan(state: rules.Known, wish: Wish) -> dict[str, Any]:
    """What is asked for, checked. Raises RefusedError."""
    may_upgrade(state)
    if not wish.product:
        raise RefusedError("target_missing", say("target_missing"), "product")
    present = state.quantity or 0
    quantity = wish.quantity if wish.quantity is not None else present
    if quantity < 1 or (quantity > present and kinds.of(state.subscription) != kinds.TRIAL):
        raise RefusedError("too_many_to_move", say("too_many_to_move", most=present), "seats")
    if not is_part(state, quantity):
        # Of what becomes another product nothing can be put back.
        rules.may_drop_schedule(rules.without_wish(state))
    else:
        rules.may_drop_schedule(state)
    told = vars(wish) | {"quantity": quantity}
    return {name: value for name, value in told.items() if value not in ("", None)}


def may_upgrade(state: rules.Known) -> None:
    """Raise RefusedError if it cannot become anything else."""
    rules.is_there(state)
    if state.status != "active":
        raise RefusedError("not_active", say("not_active"))
    if not kinds.of(state.subscription):
        raise RefusedError("no_upgrade", say("no_upgrade"))


def is_part(state: rules.Known, quantity: int) -> bool:
    """Whether some seats stay where they are."""
    new_commerce = kinds.of(state.subscription) == kinds.TRANSITION
    return new_commerce and quantity < (state.quantity or 0)
