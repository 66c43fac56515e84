"""What staff do to a subscription: seats, suspend, reactivate, another name, the end of its term.

Each asks the guard, checks the mirror's row against Microsoft's rules as far as they can be known
here, and submits a Command with what was seen and what is wanted. Partner Center has the last word.
"""

from typing import Any

from django.utils.translation import gettext as _

from orders import rules
from orders.models import Subscription
from orders.quantities import Quantity
from portal.access.guard import require
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror import refresh
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command

CHANGE_QUANTITY = "subscription.change_quantity"
SUSPEND = "subscription.suspend"
REACTIVATE = "subscription.reactivate"
RENAME = "subscription.rename"
SET_TERM_END = "subscription.set_term_end"
RIGHTS = {
    CHANGE_QUANTITY: "subscriptions.change_quantity",
    SUSPEND: "subscriptions.suspend",
    REACTIVATE: "subscriptions.reactivate",
    RENAME: "subscriptions.rename",
    SET_TERM_END: "subscriptions.set_term_end",
}
TARGET = "subscription"


def change_quantity(
    actor: Actor,
    scope: Scope,
    subscription: Subscription,
    quantity: Quantity,
    asked: Asked,
    based_on: int | None = None,
) -> Command:
    """Ask for another number of seats; ``based_on`` are those that the person saw.

    A difference is resolved here, against what is known or already on its way. Raises
    RefusedError, Http404, PermissionDenied, commands.KeyReusedError.
    """
    require(scope, RIGHTS[CHANGE_QUANTITY], subscription)
    if found := commands.earlier(actor, CHANGE_QUANTITY, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    rules.as_seen(state, based_on)
    total = rules.new_quantity(state, quantity)
    if rules.needs_detail(state, total):
        _read_detail(subscription)
    parameters = {"asked": str(quantity), "quantity": total}
    after = {"quantity": total}
    return _submit(actor, scope, subscription, asked, (CHANGE_QUANTITY, state, after, parameters))


def suspend(actor: Actor, scope: Scope, subscription: Subscription, asked: Asked) -> Command:
    """Ask to suspend. Raises as ``change_quantity``."""
    require(scope, RIGHTS[SUSPEND], subscription)
    if found := commands.earlier(actor, SUSPEND, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    rules.may_suspend(state)
    after = {"status": "suspended"}
    return _submit(actor, scope, subscription, asked, (SUSPEND, state, after, {}))


def reactivate(actor: Actor, scope: Scope, subscription: Subscription, asked: Asked) -> Command:
    """Ask to reactivate a suspended one. Raises as ``change_quantity``."""
    require(scope, RIGHTS[REACTIVATE], subscription)
    if found := commands.earlier(actor, REACTIVATE, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    rules.may_reactivate(state)
    after = {"status": "active"}
    return _submit(actor, scope, subscription, asked, (REACTIVATE, state, after, {}))


def rename(
    actor: Actor, scope: Scope, subscription: Subscription, name: str, asked: Asked
) -> Command:
    """Ask for another name (update-the-nickname-for-a-subscription). Raises as ``change_quantity``."""
    require(scope, RIGHTS[RENAME], subscription)
    if found := commands.earlier(actor, RENAME, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    after = {"friendly_name": rules.new_name(state, name)}
    return _submit(actor, scope, subscription, asked, (RENAME, state, after, {}))


def set_term_end(
    actor: Actor, scope: Scope, subscription: Subscription, choice: str, asked: Asked
) -> Command:
    """Ask for one of the choices of ``term_end.TermEnd``. Raises as ``change_quantity``."""
    require(scope, RIGHTS[SET_TERM_END], subscription)
    if found := commands.earlier(actor, SET_TERM_END, subscription, asked.submission):
        return found
    state = rules.state_of(subscription)
    rules.may_choose(state, choice)
    return _submit(
        actor, scope, subscription, asked, (SET_TERM_END, state, {"term_end": choice}, {})
    )


def _submit(
    actor: Actor,
    scope: Scope,
    subscription: Subscription,
    asked: Asked,
    wish: tuple[str, rules.Known, dict[str, Any], dict[str, Any]],
) -> Command:
    verb, state, after, parameters = wish
    customer = subscription.customer.name if subscription.customer else ""
    draft = commands.Draft(
        verb=verb,
        connection=subscription.connection,
        reseller_id=subscription.reseller_id,
        customer_pc_id=subscription.customer_pc_id,
        customer_name=customer,
        target_pc_id=subscription.pc_id,
        target_label=f"{subscription} · {customer}" if customer else str(subscription),
        parameters=parameters,
        before=seen(verb, state),
        after=after,
        reason=asked.reason,
        submission=asked.submission,
        batch_id=asked.batch_id,
        follows_id=asked.follows_id,
    )
    return commands.submit(actor, scope, draft, subscription)


def seen(verb: str, state: rules.Known) -> dict[str, Any]:
    """The fields that delivery compares with a fresh read before it sends.

    A schedule counts, because a mid-term change would drop it unseen; trials always carry one.
    """
    if verb == RENAME:  # the only one that leaves term, seats and schedule as they are
        return {"friendly_name": state.name}
    told: dict[str, Any] = {"status": state.status}
    if verb == SET_TERM_END:
        told["term_end"] = state.term_end
    if verb == CHANGE_QUANTITY:
        told["quantity"] = state.quantity
    if verb != REACTIVATE and not state.subscription.is_trial:
        told["scheduled_change"] = rules.lasting(state.subscription.scheduled_change)
    return told


def plan(verb: str, state: rules.Known, value: Any = None) -> dict[str, Any]:
    """What the verb would leave, checked as if it were asked now; nothing is kept. Raises RefusedError."""
    match verb:
        case v if v == CHANGE_QUANTITY:
            return {"quantity": rules.new_quantity(state, value)}
        case v if v == RENAME:
            return {"friendly_name": rules.new_name(state, value)}
        case v if v == SET_TERM_END:
            rules.may_choose(state, value)
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
        "awaiting_approval": _("A second person must approve it before it is sent."),
    }
    return told.get(command.state, "")
