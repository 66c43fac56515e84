"""What staff do with licences: give one to a user, change its service plans, take it away.

What a licence lacks can be asked for in the same step. The chain is: the missing seat, then the user's
missing usage location, then the licence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from customers.asking.submitting import reseller_of
from customers.licences import hooks, rules, standing
from customers.models import CustomerUser, SubscribedSku
from customers.permissions.standing import must_stand
from customers.permissions.words import Need
from customers.users import actions as users
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
    """A licence to give: the plans left out, and what is asked for before it where it is missing.

    ``usage_location`` is set for a user who has none; ``seats`` are bought where none is left.
    """

    off: Sequence[str] = ()
    seats: Seats | None = None
    usage_location: str = ""


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
    coming = rules.Coming(
        seats=wish.seats is not None or asked.follows_id is not None,
        location=bool(wish.usage_location),
    )
    rules.may_assign(state, wish.off, coming)
    wanted = ASSIGN, {"licence": rules.named(sku, wish.off)}
    with transaction.atomic():
        seats_id = asked.follows_id
        if wish.seats is not None and not state.holds and state.free < 1:
            seats_id = add_seats(actor, scope, wish.seats, asked).pk
        asked = replace(asked, follows_id=seats_id)
        if wish.usage_location and not user.usage_location:
            asked = replace(asked, follows_id=_set_location(actor, scope, user, wish, asked).pk)
        return commands.submit(actor, scope, draft(scope, state, wanted, asked, seats_id), user)


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
    return seller.add(actor, scope, seats.subscription_id, seats.number, _before(asked, "seats"))


def _set_location(
    actor: Actor, scope: Scope, user: CustomerUser, wish: Wish, asked: Asked
) -> Command:
    values = {"usage_location": wish.usage_location}
    return users.update(actor, scope, user, values, _before(asked, "location"))


def _before(asked: Asked, step: str) -> Asked:
    """As a step that comes before is asked: under a key of its own."""
    key = f"{asked.submission}:{step}" if asked.submission else ""
    return replace(asked, submission=key)


def _must_stand(scope: Scope, user: CustomerUser, asked: Asked) -> None:
    """Refuse what the customer is known not to permit; a batch leaves the word to Partner Center."""
    if user.customer is not None and asked.batch_id is None:
        must_stand(scope, user.customer, Need.LICENCES)


def draft(
    scope: Scope,
    state: rules.Known,
    wish: tuple[str, dict[str, Any]],
    asked: Asked,
    seats_id: int | None = None,
) -> commands.Draft:
    """A verb of a licence with what is wanted, as it is submitted; ``seats_id`` adds the seat for it."""
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
        parameters={"sku": sku.pc_id, "group": sku.licence_group, "product": str(sku)}
        | ({"seats": seats_id} if seats_id else {}),
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
