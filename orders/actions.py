"""What staff do to a subscription: seats, suspend, reactivate, another name, the end of its term.

Each asks the guard, checks the mirror's row against Microsoft's rules as far as they can be known
here, and submits a Command with what was seen and what is wanted. Partner Center has the last word.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from customers.asking.submitting import Wish, submit_for
from orders import rules
from orders.models import Subscription
from orders.quantities import Quantity
from orders.renewals import deciding
from orders.renewals.deciding import Decision
from orders.scheduling import keeping
from portal.access.guard import require
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror import refresh
from portal.outbox import commands
from portal.outbox.approvals.foretelling import WAITS
from portal.outbox.commands import Asked
from portal.outbox.models import Command

CHANGE_QUANTITY = "subscription.change_quantity"
SUSPEND = "subscription.suspend"
REACTIVATE = "subscription.reactivate"
RENAME = "subscription.rename"
SET_TERM_END = "subscription.set_term_end"
CHANGE_TERM = "subscription.change_term"
CHANGE_CYCLE = "subscription.change_cycle"
SCHEDULE_CHANGE = "subscription.schedule"
CANCEL_SCHEDULE = "subscription.cancel_schedule"
CANCEL = "subscription.cancel"
REGISTER = "subscription.register"
AUTO_RENEW = "subscription.auto_renew"
UPGRADE = "subscription.upgrade"
UPGRADE_OFFER = "subscription.upgrade_offer"
CONVERT_TRIAL = "subscription.convert_trial"
RIGHTS = {
    CHANGE_QUANTITY: "subscriptions.change_quantity",
    SUSPEND: "subscriptions.suspend",
    REACTIVATE: "subscriptions.reactivate",
    RENAME: "subscriptions.rename",
    SET_TERM_END: "subscriptions.set_term_end",
    SCHEDULE_CHANGE: "subscriptions.schedule",
    CANCEL_SCHEDULE: "subscriptions.schedule",
    CHANGE_TERM: "subscriptions.change_terms",
    CHANGE_CYCLE: "subscriptions.change_terms",
    CANCEL: "subscriptions.cancel",
    REGISTER: "subscriptions.register",
    AUTO_RENEW: "subscriptions.set_term_end",
    UPGRADE: "subscriptions.upgrade",
    UPGRADE_OFFER: "subscriptions.upgrade",
    CONVERT_TRIAL: "subscriptions.upgrade",
}
# The verb for each of ``orders.upgrades.kinds``.
UPGRADES = {"transition": UPGRADE, "offer": UPGRADE_OFFER, "trial": CONVERT_TRIAL}
# What a schedule does not survive (rule mid_term_change_drops_schedule).
MID_TERM = frozenset({CHANGE_QUANTITY, SUSPEND, CHANGE_TERM, UPGRADE})
TARGET = "subscription"
UNDECIDED = Decision()
# The parameter with the schedule that a change in mid-term deletes, and the wish to have it put back.
SCHEDULE, RESTORE = "schedule", "restore"


@dataclass(frozen=True)
class Confirmed:
    """What the person confirmed against: the seats they saw; ``keeps``: what is scheduled is put back after."""

    seen: int | None = None
    keeps: bool = False


UNSEEN = Confirmed()


def change_quantity(
    actor: Actor,
    scope: Scope,
    subscription: Subscription,
    quantity: Quantity,
    asked: Asked,
    confirmed: Confirmed = UNSEEN,
) -> Command:
    """Ask for another number of seats.

    A difference is resolved here, against what is known or already on its way. Raises
    RefusedError, Http404, PermissionDenied, commands.KeyReusedError.
    """
    require(scope, RIGHTS[CHANGE_QUANTITY], subscription)
    if found := commands.earlier(actor, CHANGE_QUANTITY, subscription, asked.submission):
        return found
    state = rules.state_of(subscription, keeps=confirmed.keeps)
    rules.as_seen(state, confirmed.seen)
    total = rules.new_quantity(state, quantity)
    if rules.needs_detail(state, total):
        _read_detail(subscription)
    parameters = {"asked": str(quantity), "quantity": total} | kept(state, restore=True)
    after = {"quantity": total}
    return submit(actor, scope, subscription, asked, (CHANGE_QUANTITY, state, after, parameters))


def suspend(
    actor: Actor,
    scope: Scope,
    subscription: Subscription,
    asked: Asked,
    confirmed: Confirmed = UNSEEN,
) -> Command:
    """Ask to suspend; a schedule that it deletes is kept for the reactivation. Raises as ``change_quantity``."""
    require(scope, RIGHTS[SUSPEND], subscription)
    if found := commands.earlier(actor, SUSPEND, subscription, asked.submission):
        return found
    state = rules.state_of(subscription, keeps=confirmed.keeps)
    rules.may_suspend(state)
    after = {"status": "suspended"}
    parameters = kept(state, restore=False)
    return submit(actor, scope, subscription, asked, (SUSPEND, state, after, parameters))


def reactivate(
    actor: Actor,
    scope: Scope,
    subscription: Subscription,
    asked: Asked,
    confirmed: Confirmed = UNSEEN,
) -> Command:
    """Ask to reactivate a suspended one, with the schedule that the suspension deleted. Raises as ``suspend``."""
    require(scope, RIGHTS[REACTIVATE], subscription)
    if found := commands.earlier(actor, REACTIVATE, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    rules.may_reactivate(state)
    after = {"status": "active"}
    schedule = keeping.left_by_suspension(subscription) if confirmed.keeps else None
    parameters = {SCHEDULE: schedule, RESTORE: True} if schedule else {}
    return submit(actor, scope, subscription, asked, (REACTIVATE, state, after, parameters))


def rename(
    actor: Actor, scope: Scope, subscription: Subscription, name: str, asked: Asked
) -> Command:
    """Ask for another name (update-the-nickname-for-a-subscription). Raises as ``change_quantity``."""
    require(scope, RIGHTS[RENAME], subscription)
    if found := commands.earlier(actor, RENAME, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    after = {"friendly_name": rules.new_name(state, name)}
    return submit(actor, scope, subscription, asked, (RENAME, state, after, {}))


def set_term_end(
    actor: Actor,
    scope: Scope,
    subscription: Subscription,
    choice: str,
    asked: Asked,
    decision: Decision = UNDECIDED,
) -> Command:
    """Ask for one of the choices of ``term_end.TermEnd``, and keep who decided it. Raises as ``change_quantity``."""
    require(scope, RIGHTS[SET_TERM_END], subscription)
    if found := commands.earlier(actor, SET_TERM_END, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    rules.may_choose(state, choice, decided=decision.given)
    wish = (SET_TERM_END, state, {"term_end": choice}, dict[str, Any]())
    command = submit(actor, scope, subscription, asked, wish)
    deciding.keep(actor, subscription, choice, decision, command)
    return command


def kept(state: rules.Known, *, restore: bool) -> dict[str, Any]:
    """The schedule that the change may delete because the person wants it kept."""
    if not state.keeps or state.kept is None:
        return {}
    return {SCHEDULE: state.kept} | ({RESTORE: True} if restore else {})


def submit(
    actor: Actor,
    scope: Scope,
    subscription: Subscription,
    asked: Asked,
    wish: tuple[str, rules.Known, dict[str, Any], dict[str, Any]],
) -> Command:
    """Submit ``wish`` (verb, state, after, parameters) of a subscription; its action has checked it."""
    verb, state, after, parameters = wish
    told = Wish(verb, seen(verb, state), after, parameters)
    return submit_for(actor, scope, subscription, told, asked)


# Verbs about the next term or charge, which leave this term as it is: what of it they were decided on.
_ABOUT_NEXT = {
    SCHEDULE_CHANGE: ("schedule", "term_end"),
    CANCEL_SCHEDULE: ("schedule",),
    CHANGE_CYCLE: ("next_cycle",),
    AUTO_RENEW: ("auto_renew",),
}


def seen(verb: str, state: rules.Known) -> dict[str, Any]:
    """The fields that delivery compares with a fresh read before it sends.

    A schedule counts, because a mid-term change would drop it unseen; trials always carry one.
    """
    if verb == RENAME:  # the only one that leaves term, seats and schedule as they are
        return {"friendly_name": state.name}
    if verb in _ABOUT_NEXT:
        return {"status": state.status} | {n: getattr(state, n) for n in _ABOUT_NEXT[verb]}
    told: dict[str, Any] = {"status": state.status}
    if verb == SET_TERM_END:
        told["term_end"] = state.term_end
    if verb in (CHANGE_QUANTITY, *UPGRADES.values()):
        told["quantity"] = state.quantity
    if verb == CHANGE_TERM:
        row = state.subscription
        told |= {"term_duration": row.term_duration, "billing_cycle": row.billing_cycle}
    if verb not in (REACTIVATE, CANCEL, REGISTER) and not state.subscription.is_trial:
        told["scheduled_change"] = rules.lasting(state.subscription.scheduled_change)
    return told


def plan(
    verb: str, state: rules.Known, value: Any = None, decision: Decision = UNDECIDED
) -> dict[str, Any]:
    """What the verb would leave, checked as if it were asked now; nothing is kept. Raises RefusedError."""
    match verb:
        case v if v == CHANGE_QUANTITY:
            return {"quantity": rules.new_quantity(state, value)}
        case v if v == RENAME:
            return {"friendly_name": rules.new_name(state, value)}
        case v if v == SET_TERM_END:
            rules.may_choose(state, value, decided=decision.given)
            return {"term_end": value}
        case v if v == SUSPEND:
            rules.may_suspend(state)
            return {"status": "suspended"}
        case _:
            rules.may_reactivate(state)
            return {"status": "active"}


def _read_detail(subscription: Subscription) -> None:
    refresh.request(
        subscription.connection,
        "subscriptions",
        subscription.pc_id,
        parent=subscription.customer_pc_id,
        reason="change",
        priority=10,
    )


def waits(command: Command) -> str:
    """What to say when the Command does not go out at once; "" when it does."""
    if command.follows_id and command.state == "waiting":
        return _("It goes out once change %(pk)s is confirmed.") % {"pk": command.follows_id}
    told = {
        "waiting": _(
            "Another change of this subscription is under way. This one goes out after it."
        ),
        "awaiting_approval": str(WAITS),
    }
    return told.get(command.state, "")
