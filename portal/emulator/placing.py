"""Placing orders: from the lines of a cart, or of an order sent at once, to active subscriptions.

What is ordered together is an order for each billing cycle. A group with a wrong line is left out and
told as an error, the others go through. What shows late, and how late, is the control plane's to say.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from portal.emulator import (
    azure_purchases,
    carts,
    catalogue,
    papers,
    promotions,
    purchase_orders,
    render,
    vetting,
)
from portal.emulator.audit import Event
from portal.emulator.carts import Buyer, Line
from portal.emulator.catalogue import Item
from portal.emulator.clock import iso
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON, NEVER, Account, Actor, Subscription
from portal.emulator.sales import Cart, Placed
from portal.emulator.seeds.invoices import decimal, price_cents

if TYPE_CHECKING:
    from portal.emulator.store import Store

# What becomes a subscription; reservations and perpetual software do not.
LASTING = frozenset({"OnlineServicesNCE", "Azure", "SoftwareSubscription", "SaaS", "SavingsPlan"})
LINE_ERROR = 800009


@dataclass(frozen=True)
class Group:
    """Lines that make one order."""

    id: str
    cycle: str
    lines: list[Line]

    @property
    def problem(self) -> str:
        """Why it cannot be ordered, "" if it can."""
        errors = (line.wire.get("error") for line in self.lines)
        return "; ".join(f"{one['errorCode']}: {one['errorDescription']}" for one in errors if one)


def checkout(store: "Store", cart: Cart, actor: Actor) -> JSON:
    """Order what is in a cart; a second time, return the first result (rule cart). Raise ``Refusal``."""
    if cart.result is not None:
        return cart.result
    who = carts.buyer(store, cart.customer_id)
    lines = carts.lines_of(cart, who)
    may_order(store, who, lines)
    orders, errors = [], []
    for group in _groups(lines):
        if group.problem:
            told = {"orderGroupId": group.id, "code": LINE_ERROR, "description": group.problem}
            errors.append(told)
        else:
            orders.append(place(store, who, group, actor))
    result: JSON = {"orders": orders, "attributes": {"objectType": "CartCheckoutResult"}}
    if errors:
        result["orderErrors"] = errors
    cart.result, cart.modified = result, who.now
    return result


def may_order(store: "Store", who: Buyer, lines: list[Line]) -> None:
    """Look at the customer, its agreement and that of the reseller on record (rules mca and mpa). Raise ``Refusal``."""
    partners = {line.partner_id for line in lines}
    customer = who.customer
    vetting.may_order(store.dossiers.of(customer.id))
    dossier = store.dossiers.of(customer.id)
    found = papers.agreements(dossier, customer, store.profile(customer), store.anchor)
    agreed = any(one["type"] == papers.CUSTOMER_AGREEMENT for one in found)
    if not agreed and not papers.signed_directly(customer):
        raise Refusal(13605)
    for position, reseller in enumerate(store.resellers):
        if reseller.mpn_id in partners and not papers.partner_signed(position):
            raise Refusal(900123)
    azure_purchases.may_order(store, who, lines)


def _groups(lines: list[Line]) -> list[Group]:
    found: dict[str, Group] = {}
    for line in lines:
        name = str(line.wire["orderGroup"])
        found.setdefault(name, Group(name, line.cycle, [])).lines.append(line)
    return list(found.values())


def create_order(store: "Store", customer_id: str, body: JSON, actor: Actor) -> JSON:
    """Order lines without a cart (create-an-order). Raise ``Refusal``: a wrong line refuses all of it."""
    who = carts.buyer(store, customer_id)
    lines, _attested = carts.read(_as_cart(body), who)
    carts.check(lines, who)
    group = Group("0", lines[0].cycle, lines)
    if group.problem:
        raise Refusal(LINE_ERROR, group.problem)
    may_order(store, who, lines)
    return place(store, who, group, actor)


def _as_cart(body: JSON) -> JSON:
    """An order's body with the names of a cart's."""
    cycle = body.get("billingcycle")
    lines = []
    for told in body.get("lineitems") or ():
        sent = {str(name).lower(): value for name, value in dict(told).items()}
        partner = sent.get("partneridonrecord")
        named = [{"key": "transaction_reseller", "value": partner}] if partner else []
        named += [
            {"key": "additional_transaction_reseller", "value": one}
            for one in sent.get("additionalpartneridsonrecord") or ()
        ]
        lines.append(
            sent
            | {"catalogitemid": sent.get("offerid"), "billingcycle": cycle, "participants": named}
        )
    return {
        "lineitems": lines,
        "partneronrecordattestationaccepted": body.get("partneronrecordattestationaccepted"),
    }


def place(store: "Store", who: Buyer, group: Group, actor: Actor) -> JSON:
    """Keep an order and begin its subscriptions. Return the order as the answer shows it."""
    sales = store.sales
    order_id = guid_short(store)
    sold = {
        number: _subscription(store, who, line, order_id)
        for number, line in enumerate(group.lines)
        if line.sku is not None and line.sku.product.kind in LASTING
    }
    order = _order(who, group, order_id)
    waits = purchase_orders.is_needed(store, group.lines)
    placed = Placed(
        order=order,
        at=who.now,
        visible=who.now + timedelta(seconds=sales.lag.orders),
        ready=NEVER if waits else who.now + timedelta(seconds=sales.lag.subscriptions),
        cents=[_cents(store, who, line) for line in group.lines],
        waiting=sold,
    )
    if waits:
        order["status"] = purchase_orders.PENDING
    sales.placed.setdefault(who.customer.id, []).append(placed)
    store.touch(who.account)
    provision(who.account, [placed] if placed.ready <= who.now else [])
    event = Event(
        who.customer, "order", "create_order", "succeeded", None, order, (("OrderId", order_id),)
    )
    store.audit.write(event, actor, who.now)
    return shown(placed, with_price=True)


def guid_short(store: "Store") -> str:
    """Twelve hexadecimal digits, the form of a new-commerce order id."""
    return store.ids.guid().replace("-", "")[:12]


def provision(account: Account, due: list[Placed]) -> None:
    """Let the subscriptions of orders begin to exist."""
    for placed in due:
        for number, item in placed.waiting.items():
            account.subscriptions[item.id] = item
            line = placed.order["lineItems"][number]
            line["subscriptionId"] = item.id
            own = f"/customers/{item.customer_id}/subscriptions/{item.id}"
            line["links"] = {"subscription": render.link(own), **line["links"]}
        placed.waiting = {}
        placed.order["status"] = "completed"


def shown(placed: Placed, *, with_price: bool) -> JSON:
    """An order as its customer's list shows it."""
    lines = placed.order["lineItems"]
    if not with_price:
        return {**placed.order, "lineItems": [dict(line) for line in lines]}
    priced = [
        {**line, "pricing": _pricing(cents, int(line["quantity"]))}
        for line, cents in zip(lines, placed.cents, strict=True)
    ]
    total = sum(c * int(line["quantity"]) for line, c in zip(lines, placed.cents, strict=True))
    return {**placed.order, "lineItems": priced, "totalPrice": render.number(decimal(total))}


def visible(store: "Store", customer_id: str, now: datetime) -> list[Placed]:
    """The orders that lists show by now."""
    return [one for one in store.sales.orders(customer_id) if one.visible <= now]


def _pricing(cents: int, quantity: int) -> JSON:
    one = render.number(decimal(cents))
    names = ("listPrice", "discountedPrice", "proratedPrice", "price")
    return {**dict.fromkeys(names, one), "extendedPrice": render.number(decimal(cents * quantity))}


def _order(who: Buyer, group: Group, order_id: str) -> JSON:
    place = f"/customers/{who.customer.id}/orders/{order_id}"
    lines = [_order_line(line, number, who) for number, line in enumerate(group.lines)]
    return {
        "id": order_id,
        "alternateId": order_id,
        "referenceCustomerId": who.customer.id,
        "billingCycle": group.cycle,
        "currencyCode": who.currency,
        "currencySymbol": who.currency,
        "lineItems": lines,
        "creationDate": iso(who.now),
        "status": "pending",
        "transactionType": "UserPurchase",
        "links": {
            "provisioningStatus": render.link(f"{place}/provisioningstatus"),
            "self": render.link(place),
        },
        "attributes": {"etag": render.etag(order_id, 1), "objectType": "Order"},
    }


def _order_line(line: Line, number: int, who: Buyer) -> JSON:
    sku = line.sku
    assert sku is not None, "the line was checked"
    country = who.customer.country
    made: JSON = {
        "lineItemNumber": number,
        "offerId": line.wire["catalogItemId"],
        "friendlyName": line.wire.get("friendlyName") or sku.title,
        "quantity": line.quantity,
        "termDuration": line.term,
        "transactionType": "New",
        "links": {
            "sku": render.link(f"/products/{sku.product.id}/skus/{sku.id}?country={country}")
        },
    }
    if line.partner_id:
        made["partnerIdOnRecord"] = line.partner_id
    if line.more_partner_ids:
        made["additionalPartnerIdsOnRecord"] = line.more_partner_ids
    for name in ("provisioningContext", "purchaseCommitment"):
        if line.wire.get(name):
            made[name] = line.wire[name]
    return made


def _cents(store: "Store", who: Buyer, line: Line) -> int:
    """What one costs each time it is charged, less the promotion that applies."""
    if line.sku is None:
        return 0
    if (committed := azure_purchases.cents(line, who.currency)) is not None:
        return committed
    bought = _subscription(store, who, line, "")
    cents = price_cents(bought, who.now, store.anchor, who.customer.country)
    if not bought.promotion_id:
        return cents
    off = Decimal(promotions.PROMOTIONS[bought.promotion_id].discount)
    return int((cents * (1 - off)).quantize(1, ROUND_HALF_UP))


def _subscription(store: "Store", who: Buyer, line: Line, order_id: str) -> Subscription:
    item = item_of(line)
    bought = Subscription(
        id=store.ids.guid() if order_id else "",
        customer_id=who.customer.id,
        item=item,
        name=str(line.wire.get("friendlyName") or item.title),
        quantity=line.quantity,
        status="active",
        created=who.now,
        start=who.now,
        last_day=None,
        order_id=order_id,
        partner_id=line.partner_id,
        country=who.customer.country,
        benefit=azure_purchases.benefit(line, who.currency),
    )
    if not item.is_azure_plan:
        bought.begin_term(who.now, item.term)
        bought.last_day = carts.end_of(line) or bought.last_day
        if item.is_software or bought.benefit:
            bought.lots = []
        bought.promotion_id = promotions.applied(line.purchase, who.account, again=line.repeats)
    return bought


def item_of(line: Line) -> Item:
    """What was bought, as the estate knows such an item: the same object if it does."""
    sku, availability = line.sku, line.availability
    assert sku is not None
    assert availability is not None
    cycle = line.cycle
    known = (*catalogue.seat_items(), *catalogue.software_items(), catalogue.azure_plan())
    wanted = f"{sku.product.id}:{sku.id}:{availability.id}"
    for one in known:
        same = one.is_azure_plan or (one.term, one.billing_cycle) == (line.term, cycle)
        if one.offer_id == wanted and same:
            return one
    return Item(
        product_id=sku.product.id,
        sku_id=sku.id,
        availability_id=availability.id,
        title=sku.title,
        product_type=sku.product.kind,
        term=line.term,
        billing_cycle=cycle,
        smallest=sku.smallest,
        largest=sku.largest,
        licence_id=sku.licence_id,
    )
