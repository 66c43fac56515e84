"""What is asked about a term: a change of the next one, its cancellation, a longer term now, another billing.

Each raises as ``orders.actions.change_quantity``.
"""

from dataclasses import replace
from typing import Any

from orders import actions, payloads, rules
from orders.actions import (
    CANCEL_SCHEDULE,
    CHANGE_CYCLE,
    CHANGE_TERM,
    RIGHTS,
    SCHEDULE_CHANGE,
    UNSEEN,
    Confirmed,
)
from orders.models import Subscription
from orders.scheduling import options as sold
from orders.scheduling import rules as own
from orders.scheduling import terms
from orders.scheduling.rules import Wish
from portal.access.guard import require
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command


def schedule(
    actor: Actor, scope: Scope, subscription: Subscription, wish: Wish, asked: Asked
) -> Command:
    """Ask for another next term (create-scheduled-changes)."""
    require(scope, RIGHTS[SCHEDULE_CHANGE], subscription)
    if found := commands.earlier(actor, SCHEDULE_CHANGE, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    told = own.new_schedule(state, wish, sold.of(scope, subscription, wish.product))
    wanted = (SCHEDULE_CHANGE, state, {"schedule": told}, {"offer_id": subscription.offer_id})
    return actions.submit(actor, scope, subscription, asked, wanted)


def cancel_schedule(
    actor: Actor, scope: Scope, subscription: Subscription, asked: Asked
) -> Command:
    """Ask to drop what is scheduled, so that the next term is as this one."""
    require(scope, RIGHTS[CANCEL_SCHEDULE], subscription)
    if found := commands.earlier(actor, CANCEL_SCHEDULE, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    named = {"offer_id": subscription.offer_id}
    wanted = (CANCEL_SCHEDULE, state, plan_cancelled(state), named)
    return actions.submit(actor, scope, subscription, asked, wanted)


def plan_cancelled(state: rules.Known) -> dict[str, Any]:
    """What is left of a schedule that is cancelled. Raises RefusedError."""
    own.may_cancel_schedule(state)
    return {"schedule": None}


def change_term(
    actor: Actor,
    scope: Scope,
    subscription: Subscription,
    wish: Wish,
    asked: Asked,
    confirmed: Confirmed = UNSEEN,
) -> Command:
    """Ask for a longer term that begins now; what is scheduled is lost or put back."""
    require(scope, RIGHTS[CHANGE_TERM], subscription)
    if found := commands.earlier(actor, CHANGE_TERM, subscription, asked.submission):
        return found
    state = rules.state_of(subscription, keeps=confirmed.keeps)
    after = plan_term(state, wish, sold.of(scope, subscription))
    kept = actions.kept(state, restore=True)
    return actions.submit(actor, scope, subscription, asked, (CHANGE_TERM, state, after, kept))


def plan_term(state: rules.Known, wish: Wish, options: list[sold.Option]) -> dict[str, Any]:
    """What a longer term leaves. Raises RefusedError."""
    option = own.new_term(state, wish.term, wish.cycle, options)
    rules.may_drop_schedule(state)
    return {"term_duration": option.term, "billing_cycle": option.cycle}


def change_cycle(
    actor: Actor, scope: Scope, subscription: Subscription, wish: Wish, asked: Asked
) -> Command:
    """Ask to be billed otherwise from the next charge on; seats, term and schedule stay."""
    require(scope, RIGHTS[CHANGE_CYCLE], subscription)
    if found := commands.earlier(actor, CHANGE_CYCLE, subscription, asked.submission):
        return found
    state = known_cycle(rules.state_of(subscription))
    after = {"next_cycle": own.new_cycle(state, wish.cycle, sold.of(scope, subscription))}
    return actions.submit(actor, scope, subscription, asked, (CHANGE_CYCLE, state, after, {}))


def known_cycle(state: rules.Known) -> rules.Known:
    """With how it is billed from the next charge on, as far as Partner Center has told."""
    if state.next_cycle is not None:
        return state
    return replace(state, next_cycle=terms.next_cycle(payloads.latest(state.subscription)))
