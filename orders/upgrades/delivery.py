"""The worker's side of upgrades: send once, then read until Partner Center has finished.

What a POST has begun is found again by its effect and in the list of transitions, so a lost answer is never
sent blindly. A transition is confirmed when it says "Completed" and the seats are where they should be.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders import actions, delivery
from orders.fresh import Fresh, ids, read
from orders.scheduling import restoring, schedules
from orders.upgrades.progress import begun, lowered, status_of
from orders.upgrades.targets import ONLY
from portal.mirror import refresh
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.outbox.states import StepState
from portal.partnercenter.operations.subscriptions import (
    CONVERT_TRIAL,
    LIST_UPGRADES,
    UPGRADE_SUBSCRIPTION,
)
from portal.partnercenter.operations.upgrades import LIST_TRANSITIONS, START_TRANSITION
from portal.partnercenter.spec import Operation
from portal.ui import formats

Reached = Callable[[Fresh, Command], bool]
Body = Callable[[Attempt, Fresh], "dict[str, Any] | None"]
# Clocks that differ by less are taken for one.
SKEW = dt.timedelta(minutes=2)


def wanted(command: Command) -> dict[str, Any]:
    """What is asked for."""
    found: dict[str, Any] = command.after["upgrade"]
    return found


def _moved(fresh: Fresh, command: Command) -> bool:
    """Fewer seats by so many; all of them: another product in its place, or an end."""
    told = wanted(command)
    left = int(command.before["quantity"]) - int(told["quantity"])
    columns = fresh.columns
    if left > 0:
        return bool(columns["quantity"] == left)
    return bool(columns["status"] == "deleted" or _same_sku(columns["offer_id"], told["product"]))


def _replaced(fresh: Fresh, _command: Command) -> bool:
    return bool(fresh.columns["status"] == "deleted")


def _bought(fresh: Fresh, _command: Command) -> bool:
    return not fresh.columns["is_trial"]


def _same_sku(one: str, other: str) -> bool:
    return one.upper().split(":")[:2] == other.upper().split(":")[:2]


def _send(
    operation: Operation[Any], body: Body, reached: Reached
) -> Callable[[Attempt], verbs.Delivered]:
    def send(attempt: Attempt) -> verbs.Delivered:
        command = attempt.command
        fresh = read(attempt)
        if attempt.may_have_left and reached(fresh, command):
            return _applied(attempt, fresh)
        if difference := fresh.difference(command):
            return verbs.Changed(difference=difference, save=fresh.saver(command))
        made = body(attempt, fresh)
        if made is None:
            seen = {"progress": (_("possible"), _("not possible"))}
            return verbs.Changed(difference=seen, save=fresh.saver(command))
        reply = attempt.write(operation, body=made, **ids(command))
        if operation is START_TRANSITION:
            return verbs.Accepted(correlation_id=reply.correlation_id)
        fresh = read(attempt)
        if not reached(fresh, command):
            return verbs.Accepted(correlation_id=reply.correlation_id)
        return _applied(attempt, fresh, reply.correlation_id)

    return send


def _settle_by(reached: Reached) -> Callable[[Attempt], verbs.Found]:
    def settle(attempt: Attempt) -> verbs.Found:
        fresh = read(attempt)
        return _applied(attempt, fresh) if reached(fresh, attempt.command) else verbs.NotApplied()

    return settle


def _settle_transition(attempt: Attempt) -> verbs.Found:
    fresh, found = read(attempt), _own(attempt)
    status = status_of(found)
    if status == "failed":
        seen = {"progress": ("completed", status)}
        return verbs.Changed(difference=seen, save=fresh.saver(attempt.command))
    if _moved(fresh, attempt.command) and status in ("", "completed"):
        return _applied(attempt, fresh, answer=_kept(found))
    if found is None or attempt.step.state == StepState.ACCEPTED:
        return verbs.NotApplied()
    return verbs.Pending()


def _own(attempt: Attempt) -> Mapping[str, Any] | None:
    """The transition that this step has begun: the newest of its kind since it was sent."""
    reply = attempt.read(LIST_TRANSITIONS, **ids(attempt.command))
    body = dict(reply.body)
    rows = body.get("transition") or body.get("items") or []
    mine = (row for row in map(lowered, rows) if _is_mine(attempt, row))
    return max(mine, key=begun, default=None)


def _is_mine(attempt: Attempt, row: Mapping[str, Any]) -> bool:
    told, sent = wanted(attempt.command), attempt.step.sent_at
    if sent is None or not _same_sku(str(row.get("tocatalogitemid")), told["product"]):
        return False
    offset = dt.timedelta(seconds=attempt.command.connection.clock_offset)
    return row.get("quantity") == told["quantity"] and begun(row) >= sent + offset - SKEW


def _kept(row: Mapping[str, Any] | None) -> dict[str, str]:
    names = {"operation_id": "operationid", "to": "tosubscriptionid"}
    return {name: str(row.get(key) or "") for name, key in names.items()} if row else {}


def _applied(
    attempt: Attempt,
    fresh: Fresh,
    correlation_id: str = "",
    answer: Mapping[str, Any] | None = None,
) -> verbs.Applied:
    """The row as it is now; what has come to be is read with the customer's list."""
    command = attempt.command

    def save() -> dict[str, Any]:
        fresh.saver(command)()
        refresh.request(
            command.connection,
            "subscriptions",
            "",
            parent=command.customer_pc_id,
            reason="change",
            priority=10,
        )
        return {"upgrade": wanted(command)}

    known = correlation_id or attempt.step.correlation_id
    return verbs.Applied(save=save, answer=answer, correlation_id=known)


# --- what is sent ---------------------------------------------------------------------------------


def _transition(attempt: Attempt, fresh: Fresh) -> dict[str, Any]:
    told = wanted(attempt.command)
    made = {
        "fromCatalogItemId": fresh.payload.get("offerId"),
        "fromSubscriptionId": attempt.command.target_pc_id,
        "toCatalogItemId": told["product"],
        "toSubscriptionId": told.get("into"),
        "quantity": told["quantity"],
        "termDuration": told.get("term") or fresh.payload.get("termDuration"),
        "billingCycle": str(told.get("cycle") or fresh.payload.get("billingCycle")).capitalize(),
        "transitionType": told.get("way") or ONLY,
    }
    return {name: value for name, value in made.items() if value is not None}


def _trial(attempt: Attempt, fresh: Fresh) -> dict[str, Any]:
    told = wanted(attempt.command)
    return {
        "offerId": fresh.payload.get("offerId"),
        "targetOfferId": told["product"],
        "orderId": told.get("order") or fresh.payload.get("orderId"),
        "quantity": told["quantity"],
        "billingCycle": told.get("cycle") or fresh.payload.get("billingCycle"),
        "attributes": {"objectType": "Conversion"},
    }


def _offer(attempt: Attempt, _fresh: Fresh) -> dict[str, Any] | None:
    """The upgrade as it was offered, with its type as the POST writes it; None if it is offered no more."""
    told = wanted(attempt.command)
    reply = attempt.read(LIST_UPGRADES, **ids(attempt.command))
    for row in reply.body.get("items") or []:
        offer = row.get("targetOffer") or {}
        if str(offer.get("id")).lower() == told["product"].lower() and row.get("isEligible"):
            return dict(row) | {"upgradeType": 1}
    return None


# --- the verbs ------------------------------------------------------------------------------------


def _summary(command: Command) -> str:
    told = wanted(command)
    names = {
        "n": formats.count(told.get("quantity")),
        "product": told.get("title") or schedules.product_name(told["product"]) or told["product"],
    }
    line = ngettext("%(n)s seat → %(product)s", "%(n)s seats → %(product)s", told["quantity"])
    return line % names


def register() -> None:
    """Enter the verbs; called from OrdersConfig.ready."""
    for name, label, operation, body, reached, settle in (
        (
            actions.UPGRADE,
            gettext_lazy("Upgrade"),
            START_TRANSITION,
            _transition,
            _moved,
            _settle_transition,
        ),
        (
            actions.UPGRADE_OFFER,
            gettext_lazy("Upgrade offer"),
            UPGRADE_SUBSCRIPTION,
            _offer,
            _replaced,
            _settle_by(_replaced),
        ),
        (
            actions.CONVERT_TRIAL,
            gettext_lazy("Convert trial"),
            CONVERT_TRIAL,
            _trial,
            _bought,
            _settle_by(_bought),
        ),
    ):
        step = verbs.Step(
            name=operation.name, deliver=_send(operation, body, reached), settle=settle
        )
        steps = (step, restoring.step()) if name == actions.UPGRADE else (step,)
        verbs.register(delivery.verb(name, label, steps, _summary))
