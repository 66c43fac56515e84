"""A cart as Partner Center takes it, and what its answers mean for our lines: pure functions over rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from orders.carts.models import Cart, CartLine, LineState

Wire = Mapping[str, Any]


ONE_RESELLER, MORE_RESELLERS = "transaction_reseller", "additional_transaction_reseller"


def body(cart: Cart, lines: Sequence[CartLine], partner_id: str) -> dict[str, Any]:
    """The cart's resource; "id" is the line's place here, so that an answer finds it again.

    ``partner_id`` is the PartnerID of the reseller on record, "" for none: it takes the attestation
    (facts, cart_attestation).
    """
    told: dict[str, Any] = {"lineItems": [_line(n, one, partner_id) for n, one in enumerate(lines)]}
    if partner_id:
        told["partnerOnRecordAttestationAccepted"] = cart.attested
    if cart.upstream_id:
        told["id"] = cart.upstream_id
    return told


def _line(place: int, line: CartLine, partner_id: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": place,
        "catalogItemId": line.catalog_item_id,
        "quantity": line.quantity,
        "billingCycle": line.cycle,
    }
    more = {
        "termDuration": line.term,
        "friendlyName": line.name,
        "promotionId": line.promotion_id,
        "customTermEndDate": f"{line.end_date:%Y-%m-%d}T00:00:00Z" if line.end_date else "",
    }
    told |= {name: value for name, value in more.items() if value}
    if line.attested:
        told["attestationAccepted"] = True
    if line.provisioning:
        told["provisioningContext"] = line.provisioning
    if line.commitment:
        told["purchaseCommitment"] = _commitment(line.commitment)
    if partner_id:
        others = [{"key": MORE_RESELLERS, "value": one} for one in line.more_partner_ids]
        told["participants"] = [{"key": ONE_RESELLER, "value": partner_id}, *others]
    return told


def _commitment(kept: Wire) -> dict[str, Any]:
    """As azure-savings-plan-create-cart spells it: a number, a currency in small letters."""
    amount, currency = Decimal(str(kept["amount"])), str(kept["currency"]).lower()
    return {"amount": amount, "grain": kept["grain"], "currency": currency}


def order_body(cart: Cart, lines: Sequence[CartLine], partner_id: str) -> dict[str, Any]:
    """The same lines as an order without a cart (create-an-order); they share one billing cycle."""
    told: dict[str, Any] = {
        "referenceCustomerId": cart.customer.pc_id,
        "billingCycle": lines[0].cycle,
        "lineItems": [_order_line(n, one, partner_id) for n, one in enumerate(lines)],
    }
    if partner_id:
        told["partnerOnRecordAttestationAccepted"] = cart.attested
    return told


def _order_line(place: int, line: CartLine, partner_id: str) -> dict[str, Any]:
    sent = _line(place, line, "")
    named = {"lineItemNumber": sent.pop("id"), "offerId": sent.pop("catalogItemId")}
    del sent["billingCycle"]
    if partner_id:
        sent["partnerIdOnRecord"] = partner_id
        if line.more_partner_ids:
            sent["additionalPartnerIdsOnRecord"] = line.more_partner_ids
    return named | sent


@dataclass
class Outcome:
    """What became of the lines, by their place: orders, and errors as (code, words)."""

    orders: list[dict[str, Any]] = field(default_factory=list)
    refused: dict[int, tuple[str, str]] = field(default_factory=dict)
    ordered: dict[int, tuple[str, str]] = field(default_factory=dict)


def errors_of(answer: Wire) -> dict[int, tuple[str, str]]:
    """The errors of a cart's lines by their place here."""
    found = {}
    for place, line in enumerate(answer.get("lineItems") or ()):
        error = line.get("error") or {}
        if code := str(error.get("errorCode") or ""):
            number = line.get("id")
            told = code, str(error.get("errorDescription") or "")
            found[number if isinstance(number, int) else place] = told
    return found


def groups_of(answer: Wire) -> dict[int, str]:
    """The order group of each line by its place here."""
    return {
        place: str(line.get("orderGroup") or "")
        for place, line in enumerate(answer.get("lineItems") or ())
    }


def outcome(answer: Wire, lines: Sequence[CartLine]) -> Outcome:
    """What a checkout says of our lines: which order each went into, or why its group was left out."""
    found = Outcome(orders=[dict(one) for one in answer.get("orders") or ()])
    open_places = dict(enumerate(lines))
    for order in found.orders:
        _take(order, open_places, found)
    errors = {str(one.get("orderGroupId")): one for one in answer.get("orderErrors") or ()}
    for place, line in open_places.items():
        error = errors.get(line.group, {})
        code = str(error.get("code") or "") or "unknown"
        found.refused[place] = code, str(error.get("description") or "")
    return found


def _take(order: Wire, open_places: dict[int, CartLine], found: Outcome) -> None:
    """Give each line of an order to the first of ours that it may be."""
    for sold in order.get("lineItems") or ():
        place = next((n for n, one in open_places.items() if _same(one, sold)), None)
        if place is not None:
            del open_places[place]
            kept = str(order.get("id") or ""), str(sold.get("subscriptionId") or "").lower()
            found.ordered[place] = kept


def _same(line: CartLine, sold: Wire) -> bool:
    """Whether a line of an order is one of ours: the same item in the same number on the same term."""
    return (
        str(sold.get("offerId") or "").lower() == line.catalog_item_id.lower()
        and sold.get("quantity") == line.quantity
        and str(sold.get("termDuration") or "") in {line.term, ""}
    )


def subscriptions_of(order: Wire, lines: Iterable[CartLine]) -> dict[int, str]:
    """The subscription ids that an order names by now, by the id of our line."""
    found, waiting = {}, [one for one in lines if not one.subscription_pc_id]
    for sold in order.get("lineItems") or ():
        pc_id = str(sold.get("subscriptionId") or "").lower()
        line = next((one for one in waiting if _same(one, sold)), None)
        if pc_id and line is not None:
            waiting.remove(line)
            found[line.pk] = pc_id
    return found


def state_of(order: Wire, status: str) -> LineState | None:
    """What a line is by now: with an active subscription, or of a finished order that has none; else None."""
    if status == "active":
        return LineState.ACTIVE
    finished = str(order.get("status") or "").lower() == "completed"
    return LineState.DONE if finished and not status else None
