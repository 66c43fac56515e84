"""What staff do to an order: cancel it, bill it in another cycle, buy an add-on on it.

Each asks the guard, checks what is known here and submits a Command. The two last are for legacy orders.
"""

from typing import Any

from customers.asking.submitting import Wish, submit_for
from orders.models import Order
from orders.placed import rules
from portal.access.guard import require
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command

CANCEL = "order.cancel"
CHANGE_CYCLE = "order.change_billing_cycle"
BUY_ADDON = "order.buy_addon"
RIGHTS = {CANCEL: "orders.cancel", CHANGE_CYCLE: "orders.change", BUY_ADDON: "orders.change"}


def cancel(
    actor: Actor, scope: Scope, row: Order, _values: dict[str, Any], asked: Asked
) -> Command:
    """Ask to cancel it. Raises RefusedError, Http404, PermissionDenied, KeyReusedError."""
    if found := _earlier(actor, scope, row, CANCEL, asked):
        return found
    rules.may_cancel(row)
    wish = Wish(CANCEL, {"status": row.status}, {"status": rules.CANCELLED})
    return submit_for(actor, scope, row, wish, asked)


def change_cycle(
    actor: Actor, scope: Scope, row: Order, values: dict[str, Any], asked: Asked
) -> Command:
    """Ask for another billing cycle (change-the-billing-cycle). Raises as ``cancel``."""
    if found := _earlier(actor, scope, row, CHANGE_CYCLE, asked):
        return found
    after = {"billing_cycle": rules.new_cycle(row, values["cycle"])}
    wish = Wish(CHANGE_CYCLE, {"billing_cycle": row.billing_cycle}, after)
    return submit_for(actor, scope, row, wish, asked)


def buy_addon(
    actor: Actor, scope: Scope, row: Order, values: dict[str, Any], asked: Asked
) -> Command:
    """Ask for an add-on (purchase-an-add-on-to-a-subscription). Raises as ``cancel``.

    ``values``: ``base`` is a subscription of the order by its id here, ``offer`` the legacy offer, ``quantity``.
    """
    if found := _earlier(actor, scope, row, BUY_ADDON, asked):
        return found
    wanted = rules.addon(row, values)
    offer, base = wanted["offer"], wanted["base"]
    number = len(row.lines or [])
    parameters = {
        "offer_id": offer.pc_id,
        "base_pc_id": base.pc_id,
        "partner_mpn_id": base.partner_mpn_id,
    }
    after = {"lines": number + 1, "addon": offer.name, "quantity": wanted["quantity"]}
    before = {"lines": number, "quantity": 0}
    return submit_for(actor, scope, row, Wish(BUY_ADDON, before, after, parameters), asked)


def _earlier(actor: Actor, scope: Scope, row: Order, verb: str, asked: Asked) -> Command | None:
    require(scope, RIGHTS[verb], row)
    return commands.earlier(actor, verb, row, asked.submission)
