"""What becomes of an order after it was placed: cancelled, billed in another cycle, with an add-on more.

All three are one PATCH, told apart by its body (README trap 9). ``portal.emulator.orders`` keeps what was
bought; here stands what has changed since.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.emulator import legacy, orders, render, vetting
from portal.emulator.audit import Event
from portal.emulator.changes import lower_names
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON, Account, Actor, Subscription, charge_end, last_day

if TYPE_CHECKING:
    from portal.emulator.store import Store

ADD, CYCLE, CANCEL = "PURCHASE_ADDON", "CHANGE_BILLING_CYCLE", "CANCEL_SANDBOX_ORDER"


@dataclass(slots=True)
class Change:
    """How an order differs from what was placed."""

    status: str = ""
    billing_cycle: str = ""
    version: int = 1


class OrderChanges:
    """Changes by order id. The caller holds the store's lock."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._changed: dict[str, Change] = {}

    def changed(self) -> dict[str, Change]:
        return dict(self._changed)

    def restore(self, changed: dict[str, Change]) -> None:
        self._changed = dict(changed)

    # Reading

    def of_customer(self, customer_id: str, *, with_price: bool) -> list[JSON]:
        """Return a customer's orders as they stand now, the newest first."""
        account = self._store.account(customer_id)
        merged: dict[str, JSON] = {}
        for one in reversed(orders.of_customer(self._store, customer_id, with_price=with_price)):
            kept = merged.setdefault(one["id"], one)
            if kept is not one:
                kept["lineItems"] = [*kept["lineItems"], *one["lineItems"]]
        return [self._told(account, one) for one in reversed(merged.values())]

    def _told(self, account: Account, order: JSON) -> JSON:
        change = self._changed.get(order["id"].lower(), Change())
        items = account.subscriptions
        for number, line in enumerate(order["lineItems"]):
            line["lineItemNumber"] = number
            item = items.get(str(line.get("subscriptionId", "")).lower())
            if item is not None and item.parent_id:
                line["parentSubscriptionId"] = item.parent_id
            if ":" not in line["offerId"]:
                line["links"].pop("sku", None)
        order["status"] = change.status or order["status"]
        order["billingCycle"] = change.billing_cycle or order["billingCycle"]
        if change.version > 1:
            order["attributes"]["etag"] = render.etag(order["id"], change.version)
        return order

    def order(self, customer_id: str, order_id: str, *, with_price: bool = False) -> JSON:
        """Return one order. Raise ``Refusal`` (404, 20000) for an unknown id."""
        for one in self.of_customer(customer_id, with_price=with_price):
            if one["id"].lower() == order_id.lower():
                return one
        raise Refusal(20000)

    def provisioning(self, customer_id: str, order_id: str) -> list[JSON]:
        """Return how far each line is (OrderLineItemProvisioningStatus)."""
        order = self.order(customer_id, order_id)
        states = {"pending": "prefulfillmentPending", "cancelled": "unfulfilled"}
        state = states.get(order["status"], "fulfilled")
        return [
            {
                "orderLineItemId": line["lineItemNumber"],
                "lineItemNumber": line["lineItemNumber"],
                "status": state,
                "quantityProvisioningInformation": [
                    {"quantity": line["quantity"], "status": state}
                ],
            }
            for line in order["lineItems"]
        ]

    # Changing

    def operation(self, customer_id: str, order_id: str, body: object) -> str:
        """Return which of the documented actions a PATCH is."""
        sent, order = lower_names(body), self.order(customer_id, order_id)
        if str(sent.get("status", "")).lower() == "cancelled" != order["status"]:
            return CANCEL
        if _new_lines(sent):
            return ADD
        return CYCLE

    def patch(self, customer_id: str, order_id: str, body: object, actor: Actor) -> JSON:
        """Change an order and return it. Raise ``Refusal``; that, too, leaves an audit record."""
        account, old = self._store.account(customer_id), self.order(customer_id, order_id)
        try:
            self._apply(account, old, lower_names(body))
        except Refusal:
            self._record(account, actor, "failed", old)
            raise
        change = self._changed.setdefault(old["id"].lower(), Change())
        change.version += 1
        new = self.order(customer_id, order_id)
        self._record(account, actor, "succeeded", old, new)
        return new

    def _apply(self, account: Account, order: JSON, sent: JSON) -> None:
        if order["status"] == "cancelled":
            raise Refusal(4018)
        etag = str((sent.get("attributes") or {}).get("etag") or "")
        if etag and etag != order["attributes"]["etag"]:
            raise Refusal(2055, status=400)
        if str(sent.get("status", "")).lower() == "cancelled":
            self._cancel(account, order)
        elif lines := _new_lines(sent):
            self._store.touch(account)
            for line in lines:
                self._add(account, order, lower_names(line))
        else:
            self._cycle(account, order, str(sent.get("billingcycle") or "").lower())

    def _cancel(self, account: Account, order: JSON) -> None:
        """Software within its window (900117), what has no subscription at any time: this is a sandbox."""
        sold = self._sold(account, order)
        now = self._store.clock.now()
        for item in sold:
            if not item.item.is_software:
                raise Refusal(800063)
            if item.cancel_until is None or now > item.cancel_until:
                raise Refusal(900117)
        self._store.touch(account)
        for item in sold:
            item.status, item.lots, item.version = "deleted", [], item.version + 1
        self._changed.setdefault(order["id"].lower(), Change()).status = "cancelled"

    def _cycle(self, account: Account, order: JSON, cycle: str) -> None:
        """Legacy alone: new commerce changes the subscription (rule billing_cycle_change)."""
        sold = self._sold(account, order)
        if not cycle or not sold or not all(item.item.is_legacy for item in sold):
            raise Refusal(800097 if cycle else 800002)
        if any(cycle not in legacy.cycles(item.item) for item in sold):
            raise Refusal(800085)
        self._store.touch(account)
        today = self._store.clock.now().date()
        for item in sold:
            item.item = legacy.item(item.item.product_id, cycle)
            item.charge_end = charge_end(item.start.date(), cycle, today)
            item.version += 1
        self._changed.setdefault(order["id"].lower(), Change()).billing_cycle = cycle

    def _add(self, account: Account, order: JSON, line: JSON) -> None:
        vetting.may_order(self._store.dossiers.of(account.customer.id))
        parent = account.subscriptions.get(str(line["parentsubscriptionid"]).lower())
        if parent is None or parent not in self._sold(account, order):
            raise Refusal(20003)
        item = legacy.item(str(line.get("offerid") or ""), order["billingCycle"])
        quantity = line.get("quantity")
        if parent.item.product_id not in legacy.bases(item.product_id):
            raise Refusal(800029)
        if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity < item.smallest:
            raise Refusal(900275)
        if quantity > item.largest:
            raise Refusal(800067)
        now = self._store.clock.now()
        made = Subscription(
            id=self._store.ids.guid(),
            customer_id=account.customer.id,
            item=item,
            name=str(line.get("friendlyname") or item.title),
            quantity=quantity,
            status="active",
            created=now,
            start=now,
            last_day=parent.last_day or last_day(now.date(), item.term),
            order_id=order["id"],
            partner_id=str(line.get("partneridonrecord") or parent.partner_id),
            country=parent.country,
            parent_id=parent.id,
        )
        made.charge_end = parent.charge_end
        account.subscriptions[made.id] = made

    def _sold(self, account: Account, order: JSON) -> list[Subscription]:
        named = (str(line.get("subscriptionId", "")).lower() for line in order["lineItems"])
        return [account.subscriptions[one] for one in named if one in account.subscriptions]

    def _record(
        self, account: Account, actor: Actor, status: str, old: JSON, new: JSON | None = None
    ) -> None:
        data = (("OrderId", str(old["id"])),)
        event = Event(account.customer, "order", "update_order", status, old, new, data)
        self._store.audit.write(event, actor, self._store.clock.now())


def _new_lines(sent: JSON) -> list[JSON]:
    """The lines of a PATCH that name a parent and no subscription: add-ons to buy."""
    found = []
    for one in sent.get("lineitems") or []:
        line = lower_names(one)
        if line.get("parentsubscriptionid") and not line.get("subscriptionid"):
            found.append(line)
    return found
