"""What is bought for Azure: one plan a customer, reservations for a subscription, savings plans by the hour.

A savings plan (azure-purchase-savings-plan) is a subscription of its own, without seats: an amount by the hour,
used by one Azure subscription or shared by all of the customer's Azure plan.
"""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from portal.emulator import founding, shelves
from portal.emulator.catalogue import AZURE_PLAN
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON, Subscription

if TYPE_CHECKING:
    from portal.emulator.carts import Buyer, Line
    from portal.emulator.store import Store

SAVINGS_PLAN = "SavingsPlan"
_HOURS = {"P1Y": 8_760, "P3Y": 26_280}
_CHARGES = {("P1Y", "monthly"): 12, ("P3Y", "monthly"): 36}


def line_error(line: "Line", sku: shelves.Sku, who: "Buyer") -> str:
    """The error of a cart's line, "" for none."""
    if sku.product.id == AZURE_PLAN:
        owned = (item for item in who.account.subscriptions.values() if item.status != "deleted")
        same = any(one.item.offer_id.startswith(f"{AZURE_PLAN}:{sku.id}:") for one in owned)
        return "unable_to_process_cart_line_item" if same else ""
    if sku.product.kind == "AzureReservation":
        return "" if _context(line).get("subscriptionid") else "subscription_is_not_valid"
    if sku.product.kind == SAVINGS_PLAN:
        return "" if commitment(line, who.currency) else "invalid_input"
    return ""


def commitment(line: "Line", currency: str) -> JSON | None:
    """The ``purchaseCommitment`` of a line as it is kept; None for what is none."""
    told = line.wire.get("purchaseCommitment")
    if not isinstance(told, dict):
        return None
    sent = founding.lower(told)
    try:
        amount = Decimal(str(sent.get("amount")))
    except InvalidOperation:
        return None
    usual = str(sent.get("grain", "")).lower() == "hourly"
    right = str(sent.get("currency", "")).upper() == currency
    enough = amount.is_finite() and amount >= Decimal(shelves.LEAST_COMMITMENT)
    if not (usual and right and enough):
        return None
    return {"amount": float(amount), "currency": currency.lower(), "grain": "Hourly"}


def cents(line: "Line", currency: str) -> int | None:
    """What a savings plan costs each time it is charged; None for all else."""
    told = commitment(line, currency)
    hours = _HOURS.get(line.term)
    if told is None or hours is None:
        return None
    whole = Decimal(str(told["amount"])) * hours * 100
    return int(whole / _CHARGES.get((line.term, line.cycle), 1))


def may_order(store: "Store", who: "Buyer", lines: "list[Line]") -> None:
    """Look at whom savings plans are bought for. Raise ``Refusal`` (900312 to 900323)."""
    for line in lines:
        if line.sku is not None and line.sku.product.kind == SAVINGS_PLAN:
            _check_context(store, who, line)


def _check_context(store: "Store", who: "Buyer", line: "Line") -> None:
    told = _context(line)
    scope = str(told.get("scope", "")).lower()
    if scope not in {"single", "shared"}:
        raise Refusal(900312)
    wanted = str(told.get("entitlementid" if scope == "single" else "subscriptionid") or "")
    if not wanted:
        raise Refusal(900313 if scope == "single" else 900317)
    found = {plan.id: store.azure_plans.of(who.customer.id, plan.id) for plan in _plans(who)}
    active = {
        key: {str(one["id"]).lower() for one in rows if one["status"] == "active"}
        for key, rows in found.items()
    }
    low = wanted.lower()
    plan = next((key for key, ids in active.items() if low in ids or (low == key and ids)), "")
    if not plan:
        raise Refusal(900314 if scope == "single" else 900318)
    partner = who.account.subscriptions[plan].partner_id
    if line.partner_id and partner and line.partner_id != partner:
        raise Refusal(900323)


def _plans(who: "Buyer") -> list[Subscription]:
    return [
        item
        for item in who.account.subscriptions.values()
        if item.item.is_azure_plan and item.status == "active"
    ]


def _context(line: "Line") -> JSON:
    return founding.lower(line.wire.get("provisioningContext") or {})


def benefit(line: "Line", currency: str) -> JSON | None:
    """What a subscription keeps of the savings plan that it is; None for all else."""
    told = commitment(line, currency)
    if told is None or line.sku is None or line.sku.product.kind != SAVINGS_PLAN:
        return None
    sent = _context(line)
    scope = str(sent.get("scope", "")).lower()
    name, low = (
        ("entitlementId", "entitlementid")
        if scope == "single"
        else ("subscriptionId", "subscriptionid")
    )
    return {"commitment": told, "scope": {"type": scope, name: sent.get(low)}}
