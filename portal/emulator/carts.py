"""The rules of a cart (new-commerce/facts.json): what a line may say, and which error it shows when it may not.

A wrong line does not refuse the cart: it stays, with its error, until the checkout leaves its group out.
Only a catalogue item that is sold no more refuses everything (400019).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from portal.emulator import (
    alignment,
    azure_purchases,
    founding,
    offers,
    papers,
    promotions,
    render,
    shelves,
)
from portal.emulator.catalogue import AZURE_PLAN
from portal.emulator.clock import iso
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON, Account, Customer
from portal.emulator.promotions import Purchase
from portal.emulator.sales import CART_DAYS, Cart
from portal.reference.markets import is_european, market

if TYPE_CHECKING:
    from portal.emulator.store import Store

SEATS = "OnlineServicesNCE"
_KEPT = {
    "friendlyname": "friendlyName",
    "participants": "participants",
    "promotionid": "promotionId",
    "customtermenddate": "customTermEndDate",
    "attestationaccepted": "attestationAccepted",
    "renewsto": "renewsTo",
    "purchasecommitment": "purchaseCommitment",
}
_ONE_RESELLER, _MORE_RESELLERS = "transaction_reseller", "additional_transaction_reseller"
_MOST_MORE = 5
_OPENED = {papers.EDUCATION: "education", papers.GOVERNMENT: "government"}
_ERRORS = {
    "currency_is_not_supported": "The currency is not that of the customer's market.",
    "catalog_item_id_is_not_valid": "The catalog item is not valid for this customer.",
    "participants_is_not_supported_for_partner": "The participants are not supported.",
    "unable_to_process_cart_line_item": "The customer has an Azure plan already.",
    "subscription_is_not_valid": "The subscription for the reservation is not valid.",
    "invalid_input": "The quantity is not valid.",
    "attestation_not_accepted": "The attestation of the product is not accepted.",
    "billing_plan_not_supported": "The term and billing cycle are not sold together.",
    "invalid_promotion_id": "The promotion is not valid for this line item.",
    "max_allowed_seats_per_subscription_exceeded": "The quantity is above the limit of seats.",
    "invalid_custom_term_end_date_product": "The product cannot be aligned.",
    "invalid_custom_term_end_date": "The custom term end date is not allowed.",
    "base_offer_seat_quantity_not_met": "The customer lacks the base product of the add-on.",
    "minimum_add_on_seats_not_met": "The add-on has a larger minimum quantity.",
    "legacy_offer_not_eligible_for_purchase": "The legacy offer can no longer be purchased.",
}


@dataclass
class Line:
    """A line of a body with what the shelves know of it; it ``repeats`` the SKU of an earlier one."""

    wire: JSON
    sku: shelves.Sku | None = None
    availability: shelves.Availability | None = None
    repeats: bool = False

    @property
    def quantity(self) -> int:
        return int(self.wire["quantity"])

    @property
    def term(self) -> str:
        return str(self.wire.get("termDuration", ""))

    @property
    def cycle(self) -> str:
        return str(self.wire["billingCycle"])

    @property
    def partner_id(self) -> str:
        """The reseller on record, "" for none."""
        for one in self.wire.get("participants") or ():
            named = founding.lower(one)
            if named.get("key") == _ONE_RESELLER:
                return str(named.get("value") or "")
        return ""

    @property
    def more_partner_ids(self) -> list[str]:
        """The resellers beside the one on record."""
        named = [founding.lower(one) for one in self.wire.get("participants") or ()]
        return [str(one.get("value")) for one in named if one.get("key") == _MORE_RESELLERS]

    @property
    def purchase(self) -> Purchase:
        """As promotions look at it."""
        name = ":".join(str(self.wire["catalogItemId"]).split(":")[:2])
        return Purchase(sku=name, quantity=self.quantity, duration=self.term, cycle=self.cycle)

    @property
    def is_add_on(self) -> bool:
        context = self.wire.get("provisioningContext") or {}
        return bool(
            (self.sku is not None and self.sku.is_add_on)
            or self.wire.get("addonItems")
            or "parentsubscriptionid" in founding.lower(context)
        )


@dataclass
class Buyer:
    """Who buys: the customer with what it owns, and the moment."""

    customer: Customer
    account: Account
    now: datetime
    resellers: frozenset[str]
    segments: frozenset[str]
    spoilt: dict[str, str]

    @property
    def currency(self) -> str:
        found = market(self.customer.country)
        return found.currency if found else "USD"


def buyer(store: "Store", customer_id: str) -> Buyer:
    """Raise ``Refusal`` (404) for an unknown customer."""
    account = store.account(customer_id)
    mine = account.customer.resellers or tuple(store.resellers)
    ids = frozenset(one.mpn_id for one in mine)
    now = store.clock.now()
    segments = _segments(store, account.customer, now)
    return Buyer(account.customer, account, now, ids, segments, store.sales.spoilt)


def _segments(store: "Store", customer: Customer, now: datetime) -> frozenset[str]:
    """Nobody says who counts as nonprofit, so everybody may."""
    held = papers.qualifications(store.dossiers.of(customer.id), customer, now)
    approved = {one["qualification"] for one in held if one["vettingStatus"] == "Approved"}
    opened = {_OPENED[kind] for kind in approved if kind in _OPENED}
    return frozenset({"commercial", "nonprofit"} | opened)


def read(body: object, who: Buyer) -> tuple[list[Line], bool]:
    """The lines of a cart's body, and whether the attestation is accepted. Raise ``Refusal``."""
    sent = founding.lower(body)
    told = sent.get("lineitems")
    if not isinstance(told, list) or not told:
        raise Refusal(800002, "The line items are required.")
    lines = [_line(one, place, who) for place, one in enumerate(told)]
    attested = sent.get("partneronrecordattestationaccepted") is True
    if not attested and any(line.partner_id for line in lines):
        raise Refusal(900206)
    return lines, attested


def _line(told: object, place: int, who: Buyer) -> Line:
    sent = founding.lower(told)
    item_id = str(sent.get("catalogitemid") or "")
    quantity = sent.get("quantity")
    whole = isinstance(quantity, int) and not isinstance(quantity, bool)
    wire: JSON = {
        "id": place,
        "catalogItemId": item_id,
        "quantity": quantity if whole else 0,
        "currencyCode": sent.get("currencycode") or who.currency,
        "billingCycle": str(sent.get("billingcycle") or "").lower(),
        "provisioningContext": sent.get("provisioningcontext") or {},
    }
    if sent.get("termduration"):
        wire["termDuration"] = str(sent["termduration"]).upper()
    wire |= {name: sent[low] for low, name in _KEPT.items() if low in sent}
    if sent.get("addonitems"):
        wire["addonItems"] = sent["addonitems"]
    line = Line(wire)
    line.sku, line.availability = _sold(item_id, who.customer.country)
    return line


def _sold(item_id: str, country: str) -> tuple[shelves.Sku | None, shelves.Availability | None]:
    """What the shelves know; an availability that went refuses everything (rule catalog_freshness)."""
    product_id, _, rest = item_id.upper().partition(":")
    sku_id, _, availability_id = rest.partition(":")
    try:
        sku = shelves.sku(product_id, sku_id, country)
    except Refusal:
        return None, None
    if availability_id not in sku.availabilities:
        raise Refusal(400019)
    return sku, sku.availabilities[availability_id]


def check(lines: list[Line], who: Buyer) -> None:
    """Write into each line its group, and its error if it has one. The order of the lines counts."""
    cycles = list(dict.fromkeys(line.cycle for line in lines))
    seen: set[str] = set()
    for line in lines:
        line.wire.pop("error", None)
        line.repeats = line.purchase.sku in seen
        seen.add(line.purchase.sku)
        line.wire["orderGroup"] = str(cycles.index(line.cycle))
        code = who.spoilt.get(str(line.wire["catalogItemId"])) or _error(line, lines, who)
        if code:
            told = _ERRORS.get(code, "The line item cannot be processed.")
            line.wire["error"] = {"errorCode": code, "errorDescription": told}


def _error(line: Line, lines: list[Line], who: Buyer) -> str:
    if line.sku is None or line.availability is None:
        legacy = str(line.wire["catalogItemId"]).upper() in offers.offers()
        return (
            "legacy_offer_not_eligible_for_purchase" if legacy else "catalog_item_id_is_not_valid"
        )
    checks = (_segment, _basics, _terms, _participants, _attestation, _end, _promotion)
    for one in checks:
        if code := one(line, line.sku, who):
            return code
    return azure_purchases.line_error(line, line.sku, who) or _base(line, line.sku, lines, who)


def _segment(line: Line, _sku: shelves.Sku, who: Buyer) -> str:
    """What a segment alone may buy takes the customer's qualification."""
    assert line.availability is not None
    return "" if line.availability.segment in who.segments else "catalog_item_id_is_not_valid"


def _basics(line: Line, sku: shelves.Sku, who: Buyer) -> str:
    if str(line.wire["currencyCode"]).upper() != who.currency:
        return "currency_is_not_supported"
    if line.quantity < 1:
        return "invalid_input"
    if line.quantity < sku.smallest:
        return "minimum_add_on_seats_not_met" if sku.is_add_on else "invalid_input"
    return (
        "max_allowed_seats_per_subscription_exceeded"
        if line.quantity > sku.largest and sku.product.id != AZURE_PLAN
        else ""
    )


def _terms(line: Line, sku: shelves.Sku, _who: Buyer) -> str:
    assert line.availability is not None
    sold = {
        (term.duration, cycle)
        for term in line.availability.terms
        for cycle in ([term.cycle.lower()] if term.cycle else sku.cycles)
    }
    same = (line.term, line.cycle.replace("_", "")) in sold or (line.term, line.cycle) in sold
    if sold:
        return "" if same else "billing_plan_not_supported"
    # The catalogue says "none" for an Azure plan, its purchase "one_time" (create-azure-plan).
    known = {*sku.cycles, "one_time"} if sku.product.id == AZURE_PLAN else set(sku.cycles)
    return "" if line.cycle in known else "billing_plan_not_supported"


def _participants(line: Line, _sku: shelves.Sku, who: Buyer) -> str:
    named = [founding.lower(one) for one in line.wire.get("participants") or ()]
    first = [one for one in named if one.get("key") == _ONE_RESELLER]
    more = [one for one in named if one.get("key") == _MORE_RESELLERS]
    strangers = {str(one.get("value")) for one in first} - who.resellers
    wrong = len(first) > 1 or len(more) > _MOST_MORE or len(first) + len(more) < len(named)
    # More than one reseller takes part in the EU and EFTA only, and beside the one on record.
    wrong |= bool(more) and not (first and is_european(who.customer.country))
    return "participants_is_not_supported_for_partner" if wrong or strangers else ""


def _attestation(line: Line, sku: shelves.Sku, _who: Buyer) -> str:
    accepted = line.wire.get("attestationAccepted") is True
    return "attestation_not_accepted" if sku.is_attested and not accepted else ""


def _end(line: Line, sku: shelves.Sku, who: Buyer) -> str:
    """Coterminosity: seats only, on one of the allowed days."""
    wanted = line.wire.get("customTermEndDate")
    if not wanted:
        return ""
    if sku.product.kind != SEATS:
        return "invalid_custom_term_end_date_product"
    day = end_of(line)
    allowed = day is not None and alignment.allows(who.account, line.term, day, who.now)
    return "" if allowed else "invalid_custom_term_end_date"


def end_of(line: Line) -> date | None:
    """The day on which a purchase is to end; None for none, or for what is no day."""
    try:
        return datetime.fromisoformat(str(line.wire.get("customTermEndDate") or "")).date()
    except ValueError:
        return None


def _promotion(line: Line, _sku: shelves.Sku, who: Buyer) -> str:
    """Another term or billing is no error, the list price applies then (rule promotion)."""
    wanted = str(line.wire.get("promotionId") or "")
    if not wanted:
        return ""
    found = promotions.PROMOTIONS.get(wanted.upper())
    if found is None:
        return "invalid_promotion_id"
    told = {one["type"] for one in promotions.problems(found, line.purchase, who.account)}
    return "invalid_promotion_id" if told - {"Term"} else ""


def _base(line: Line, sku: shelves.Sku, lines: list[Line], who: Buyer) -> str:
    """An add-on needs one of its bases: owned, or in the same cart (rule addons)."""
    if not sku.is_add_on or not sku.prerequisites:
        return ""
    owned = {
        ":".join(item.item.offer_id.split(":")[:2])
        for item in who.account.subscriptions.values()
        if item.status == "active"
    }
    owned |= {other.purchase.sku for other in lines if other is not line}
    wanted = set(sku.prerequisites)
    met = owned & wanted or {one.partition(":")[0] for one in owned} & wanted
    return "" if met else "base_offer_seat_quantity_not_met"


# --- carts as resources ---------------------------------------------------------------------------


def create(store: "Store", customer_id: str, body: object, user: str) -> Cart:
    """Keep a new cart. Raise ``Refusal``."""
    who = buyer(store, customer_id)
    lines, attested = read(body, who)
    check(lines, who)
    cart = Cart(
        id=store.ids.guid(),
        customer_id=who.customer.id,
        user=user,
        created=who.now,
        modified=who.now,
        expires=who.now + CART_DAYS,
        attested=attested,
        lines=[line.wire for line in lines],
    )
    store.sales.carts[cart.id] = cart
    return cart


def find(store: "Store", customer_id: str, cart_id: str) -> Cart:
    """A cart that has not expired. Raise ``Refusal`` (404, 800008)."""
    customer = store.customer(customer_id)
    cart = store.sales.carts.get(cart_id.lower())
    live = cart is not None and (cart.expires > store.clock.now() or cart.result is not None)
    if cart is None or cart.customer_id != customer.id or not live:
        raise Refusal(800008)
    return cart


def replace(store: "Store", cart: Cart, body: object) -> None:
    """Put other lines into a cart, which then lives on for seven days. Raise ``Refusal``."""
    if cart.result is not None:
        raise Refusal(800065)
    who = buyer(store, cart.customer_id)
    lines, cart.attested = read(body, who)
    check(lines, who)
    cart.lines = [line.wire for line in lines]
    cart.modified, cart.expires = who.now, who.now + CART_DAYS


def lines_of(cart: Cart, who: Buyer) -> list[Line]:
    """The lines of a kept cart, looked up and checked again. Raise ``Refusal`` (400019)."""
    lines = [
        Line(wire, *_sold(str(wire["catalogItemId"]), who.customer.country)) for wire in cart.lines
    ]
    check(lines, who)
    return lines


def wire(cart: Cart) -> JSON:
    """As get-a-cart shows it."""
    return {
        "id": cart.id,
        "creationTimestamp": iso(cart.created),
        "lastModifiedTimestamp": iso(cart.modified),
        "expirationTimestamp": iso(cart.expires),
        "lastModifiedUser": cart.user,
        "status": "Active" if cart.result is None else "Ordered",
        "lineItems": cart.lines,
        "links": {"self": render.link(f"/customers/{cart.customer_id}/carts/{cart.id}")},
        "attributes": {"objectType": "Cart"},
    }
