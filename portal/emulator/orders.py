"""What was ordered for a customer: the order behind each subscription, and that of a reservation.

An order keeps what was bought on its day; what becomes of the subscription later does not change it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portal.emulator import placing, pricesheets, render
from portal.emulator.clock import iso
from portal.emulator.ids import guid, seeded, short_id
from portal.emulator.model import JSON, Customer, Subscription
from portal.emulator.seeds.invoices import decimal, price_cents

if TYPE_CHECKING:
    from portal.emulator.store import Store

# BillingCycleType: the query writes the names in small letters without a break.
CYCLES = frozenset({"unknown", "monthly", "annual", "none", "onetime", "triennial", "biennial"})
_RESERVING = 4, 2  # one customer in four, those whose shelf has the Azure plan
_PRODUCT, _SKU, _AVAILABILITY = "DZH318Z0BQ4B", "000Z", "DZH318Z0DSPL"
_NAME = "Reserved_VM_Instance_Standard_D1_AP_East_1_Year"
_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Reservation:
    """A reserved instance that a customer holds for a year."""

    id: str
    order_id: str
    group: str
    line: str
    resource: str
    quantity: int
    at: datetime
    product_id: str = _PRODUCT
    sku_id: str = _SKU

    @property
    def ends(self) -> datetime:
        """The day on which it expires."""
        return (self.at + _YEAR).replace(hour=0, minute=0, second=0, microsecond=0)


def reservation(store: "Store", customer: Customer) -> Reservation | None:
    """Return the reservation of a customer of the seed, None for most."""
    every, rest = _RESERVING
    founded = store.dossiers.of(customer.id).founded is not None
    if founded or customer.index % every != rest:
        return None
    random = seeded(store.settings.seed, "reservation", customer.index)
    return Reservation(
        id=guid(random),
        order_id=short_id(random),
        group=guid(random).replace("-", ""),
        line=guid(random),
        resource=guid(random),
        quantity=random.randint(1, 4),
        at=store.anchor - timedelta(days=random.randint(20, 300), minutes=random.randrange(600)),
    )


def of_customer(store: "Store", customer_id: str, *, with_price: bool) -> list[JSON]:
    """Return a customer's orders, the newest first. Raise ``Refusal`` (404) for an unknown customer."""
    customer = store.customer(customer_id)
    placed = {one.order["id"] for one in store.sales.orders(customer.id)}
    found = [
        (item.created, _order(customer, item.order_id, item.created, item.item.billing_cycle, line))
        for item in store.bought(customer_id)
        if item.order_id not in placed
        for line in [_line(item, store.anchor if with_price else None)]
    ]
    reserved = reservation(store, customer)
    if reserved is not None:
        line = _reserved(customer, reserved, with_price=with_price)
        order = _order(customer, reserved.order_id, reserved.at, "one_time", line)
        found.append((reserved.at, order))
    found += [
        (one.at, placing.shown(one, with_price=with_price))
        for one in placing.visible(store, customer.id, store.clock.now())
    ]
    return [order for _, order in sorted(found, key=lambda one: one[0], reverse=True)]


def cycle(name: str) -> str:
    """Return the name of a billing cycle as the query writes it."""
    return name.lower().replace("_", "")


def _order(customer: Customer, order_id: str, at: datetime, billing: str, line: JSON) -> JSON:
    place = f"/customers/{customer.id}/orders/{order_id}"
    currency, _rate = pricesheets.money(customer.country)
    return {
        "id": order_id,
        "alternateId": order_id,
        "referenceCustomerId": customer.id,
        "billingCycle": billing,
        "currencyCode": currency,
        "currencySymbol": currency,
        "lineItems": [line],
        "creationDate": iso(at),
        "status": "completed",
        "transactionType": "UserPurchase",
        "links": {
            "provisioningStatus": render.link(f"{place}/provisioningstatus"),
            "self": render.link(place),
        },
        "attributes": {"etag": render.etag(order_id, 1), "objectType": "Order"},
    }


def _line(item: Subscription, anchor: datetime | None) -> JSON:
    """The line; with its price where the anchor of the price sheets is given."""
    product = item.item
    own = f"/customers/{item.customer_id}/subscriptions/{item.id}"
    made: JSON = {
        "lineItemNumber": 0,
        "offerId": product.offer_id,
        "subscriptionId": item.id,
        "friendlyName": product.title,
        "quantity": item.quantity,
        "termDuration": product.term,
        "transactionType": "New",
        "links": {
            "subscription": render.link(own),
            "sku": _sku(product.product_id, product.sku_id, item.country),
        },
    }
    if item.partner_id:
        made["partnerIdOnRecord"] = item.partner_id
    if anchor is not None:
        cents = price_cents(item, item.created, anchor, item.country)
        made["pricing"] = _pricing(cents, item.quantity)
    return made


def _reserved(customer: Customer, one: Reservation, *, with_price: bool) -> JSON:
    made: JSON = {
        "lineItemNumber": 0,
        "offerId": f"{_PRODUCT}:{_SKU}:{_AVAILABILITY}",
        "friendlyName": _NAME,
        "quantity": one.quantity,
        "termDuration": "P1Y",
        "transactionType": "New",
        "links": {"sku": _sku(_PRODUCT, _SKU, customer.country)},
    }
    if customer.resellers:
        made["partnerIdOnRecord"] = customer.resellers[0].mpn_id
    if with_price:
        made["pricing"] = _pricing(41_200, one.quantity)
    return made


def _sku(product: str, sku: str, country: str) -> JSON:
    return render.link(f"/products/{product}/skus/{sku}?country={country}")


def _pricing(cents: int, quantity: int) -> JSON:
    one = render.number(decimal(cents))
    total = render.number(decimal(cents * quantity))
    names = ("listPrice", "discountedPrice", "proratedPrice", "price")
    return {**dict.fromkeys(names, one), "extendedPrice": total}
