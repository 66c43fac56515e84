"""The worker's side of the verbs of an order: read it, compare, PATCH, keep the answer.

All three are one PATCH on the order (README trap 9). What came of it on subscriptions is read again.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.models import Order
from orders.placed import actions, mapping, rules
from orders.placed.part import ORDERS, TARGET
from portal.mirror import dirty, families, refresh, upsert
from portal.mirror.values import children, identifier
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.operations.orders import (
    CANCEL_SANDBOX_ORDER,
    CHANGE_BILLING_CYCLE,
    GET_ORDER,
    PURCHASE_ADDON,
)
from portal.partnercenter.spec import Operation
from portal.ui import formats, statuses

FIELDS = {
    "status": _("Status"),
    "billing_cycle": _("Billing"),
    "lines": _("Lines"),
    "addon": _("Add-on"),
    "quantity": _("Quantity"),
}
Body = Callable[[dict[str, Any], Command], dict[str, Any]]


@dataclass(frozen=True)
class Fresh:
    """The order as Partner Center has it, with the fields that its verbs compare."""

    payload: dict[str, Any]
    observed_at: dt.datetime
    told: Mapping[str, Any]

    def reached(self, command: Command) -> bool:
        """Whether it is as asked; an add-on also by what was bought, since numbers alone tell nothing."""
        if command.verb == actions.BUY_ADDON and not self._bought(command):
            return False
        fields = [name for name in command.after if name in self.told]
        return all(self.told[name] == command.after[name] for name in fields)

    def _bought(self, command: Command) -> bool:
        wanted = command.parameters["offer_id"]
        added = children(self.payload, "lineItems")[command.before["lines"] :]
        return any(
            identifier(line.get("offerId")) == wanted
            and line.get("quantity") == command.after["quantity"]
            for line in added
        )

    def difference(self, command: Command) -> dict[str, tuple[Any, Any]]:
        """The fields that are not as the person saw them: (seen, now)."""
        return {
            name: (value, self.told[name])
            for name, value in command.before.items()
            if name in self.told and self.told[name] != value
        }

    def saver(self, command: Command) -> verbs.Save:
        """Bring the mirror's row up to this, have its subscriptions read again, tell what is confirmed."""

        def save() -> dict[str, Any]:
            family = families.get(ORDERS)
            upsert.upsert(
                family,
                family.listing.representation,
                command.connection,
                [self.payload],
                observed_at=self.observed_at,
                parent=command.customer_pc_id,
            )
            refresh.request(
                command.connection,
                "subscriptions",
                "",
                parent=command.customer_pc_id,
                reason="change",
                priority=dirty.VIEWED,
            )
            return {name: self.told.get(name, value) for name, value in command.after.items()}

        return save


def cancelled(_payload: dict[str, Any], command: Command) -> dict[str, Any]:
    """The documented body names the order and its status alone."""
    return {"id": command.target_pc_id, "status": rules.CANCELLED}


def billed(payload: dict[str, Any], command: Command) -> dict[str, Any]:
    """The whole order in another cycle (rule patch_is_whole_resource)."""
    return payload | {"billingCycle": command.after["billing_cycle"]}


def extended(payload: dict[str, Any], command: Command) -> dict[str, Any]:
    """The documented body holds the new line alone."""
    told = command.parameters
    line = {
        "lineItemNumber": 0,
        "offerId": told["offer_id"],
        "parentSubscriptionId": told["base_pc_id"],
        "friendlyName": command.after["addon"],
        "quantity": command.after["quantity"],
        "partnerIdOnRecord": told["partner_mpn_id"] or None,
        "attributes": {"objectType": "OrderLineItem"},
    }
    return {
        "referenceCustomerId": command.customer_pc_id,
        "lineItems": [line],
        "attributes": payload.get("attributes") or {"objectType": "Order"},
    }


def deliver(operation: Operation[Any], body: Body) -> Callable[[Attempt], verbs.Delivered]:
    """How a step that is this PATCH is sent; confirmed is what a read after it finds."""

    def send(attempt: Attempt) -> verbs.Delivered:
        command = attempt.command
        fresh = read(attempt)
        if attempt.may_have_left and fresh.reached(command):
            return verbs.Applied(save=fresh.saver(command))
        if difference := fresh.difference(command):
            return verbs.Changed(difference=difference, save=fresh.saver(command))
        reply = attempt.write(operation, body=body(fresh.payload, command), **ids(command))
        again = read(attempt)
        if not again.reached(command):
            return verbs.Accepted(correlation_id=reply.correlation_id)
        return verbs.Applied(save=again.saver(command), correlation_id=reply.correlation_id)

    return send


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says about a write whose answer was lost or is still being worked on."""
    command, fresh = attempt.command, read(attempt)
    if fresh.reached(command):
        return verbs.Applied(save=fresh.saver(command), correlation_id=attempt.step.correlation_id)
    if difference := fresh.difference(command):
        return verbs.Changed(difference=difference, save=fresh.saver(command))
    return verbs.NotApplied()


def ids(command: Command) -> dict[str, str]:
    """Customer and order, as paths name them."""
    return {"customer_id": command.customer_pc_id, "order_id": command.target_pc_id}


def read(attempt: Attempt) -> Fresh:
    """The order as it is now. Raises PartnerError."""
    command = attempt.command
    reply = attempt.read(GET_ORDER, query={"include_price": "True"}, **ids(command))
    payload = dict(reply.body)
    reading = families.Reading(
        connection=command.connection, observed_at=reply.observed_at, parent=command.customer_pc_id
    )
    columns = mapping.order(payload, reading)
    told = {name: columns[name] for name in ("status", "billing_cycle")}
    return Fresh(payload, reply.observed_at, told | {"lines": len(columns["lines"])})


def target(command: Command) -> Order | None:
    """The order, None once Partner Center no longer has it."""
    return Order.objects.filter(pk=command.target_id, gone_at=None).first()


def show(field: str, value: Any) -> str:
    """One value of a Command in words."""
    if field == "status":
        return str(statuses.status(value).word)
    if field == "billing_cycle":
        return formats.billing(value)
    return formats.count(value) if isinstance(value, int) else str(value)


def register() -> None:
    """Enter the verbs; called from AppConfig.ready."""
    told: tuple[tuple[str, Any, Operation[Any], Body], ...] = (
        (actions.CANCEL, _("Cancel order"), CANCEL_SANDBOX_ORDER, cancelled),
        (actions.CHANGE_CYCLE, _("Change billing of an order"), CHANGE_BILLING_CYCLE, billed),
        (actions.BUY_ADDON, _("Buy an add-on"), PURCHASE_ADDON, extended),
    )
    for name, label, operation, body in told:
        send = deliver(operation, body)
        verbs.register(
            verbs.Verb(
                name=name,
                label=label,
                right=actions.RIGHTS[name],
                target_type=TARGET,
                target=target,
                steps=(verbs.Step(name=operation.name, deliver=send, settle=settle),),
                fields=FIELDS,
                target_url="order",
                show=show,
            )
        )
