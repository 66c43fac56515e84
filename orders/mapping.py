"""Subscriptions of the wire as columns: pure functions (subscription-resources, new-commerce facts)."""

import datetime as dt
from typing import Any

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import child, children, flag, identifier, moment, text, whole

LIST_COLUMNS = (
    "pc_id",
    "customer_pc_id",
    "partner_mpn_id",
    "friendly_name",
    "offer_name",
    "offer_id",
    "product_id",
    "sku_id",
    "product_type",
    "unit_type",
    "quantity",
    "status",
    "is_trial",
    "auto_renew",
    "term_duration",
    "renewal_term_duration",
    "billing_cycle",
    "billing_type",
    "creation_date",
    "effective_start_date",
    "commitment_end_date",
    "cancellation_allowed_until",
    "order_pc_id",
    "parent_pc_id",
    "promotion_id",
    "suspension_reasons",
)
# ``refundableQuantity`` is only on get-by-id (facts); schedules are taken from there too.
DETAIL_COLUMNS = (
    *LIST_COLUMNS,
    "refundable_total",
    "refundable_lots",
    "refund_until",
    "scheduled_change",
)


def listed(payload: Payload, reading: Reading) -> Columns:
    """Map an entry of a customer's list (get-all-of-a-customer-s-subscriptions)."""
    offer = text(payload.get("offerId"))
    product, sku = catalogue(offer)
    reasons = payload.get("suspensionReasons")
    return {
        "pc_id": identifier(payload.get("id")),
        "customer_pc_id": reading.parent,
        "partner_mpn_id": text(payload.get("partnerId")),
        "friendly_name": text(payload.get("friendlyName")),
        "offer_name": text(payload.get("offerName")),
        "offer_id": offer,
        "product_id": product,
        "sku_id": sku,
        "product_type": text(child(payload, "productType").get("id")),
        "unit_type": text(payload.get("unitType")),
        "quantity": whole(payload.get("quantity")),
        "status": text(payload.get("status")),
        "is_trial": flag(payload.get("isTrial")),
        "auto_renew": flag(payload.get("autoRenewEnabled")),
        "term_duration": text(payload.get("termDuration")),
        "renewal_term_duration": text(payload.get("renewalTermDuration")),
        "billing_cycle": text(payload.get("billingCycle")),
        "billing_type": text(payload.get("billingType")),
        "creation_date": moment(payload.get("creationDate")),
        "effective_start_date": moment(payload.get("effectiveStartDate")),
        "commitment_end_date": moment(payload.get("commitmentEndDate")),
        "cancellation_allowed_until": moment(payload.get("cancellationAllowedUntilDate")),
        "order_pc_id": text(payload.get("orderId")),
        "parent_pc_id": identifier(payload.get("parentSubscriptionId")),
        "promotion_id": text(payload.get("promotionId")),
        "suspension_reasons": reasons if isinstance(reasons, list) else None,
    }


def detailed(payload: Payload, reading: Reading) -> Columns:
    """Map get-by-id (get-a-subscription-by-id). No ``refundableQuantity`` means no seat is refundable."""
    refundable = child(payload, "refundableQuantity")
    lots = [
        {
            "quantity": whole(lot.get("quantity")),
            "allowed_until": _iso(moment(lot.get("allowedUntilDateTime"))),
        }
        for lot in children(refundable, "details")
    ]
    return listed(payload, reading) | {
        "refundable_total": whole(refundable.get("totalQuantity")) or 0,
        "refundable_lots": lots,
        "refund_until": _next_deadline(refundable, reading),
        "scheduled_change": _scheduled(payload),
    }


def catalogue(offer: str) -> tuple[str, str]:
    """Split a new-commerce id ``product:sku:availability``; a legacy offer is a GUID without parts."""
    parts = offer.split(":")
    return (parts[0], parts[1]) if len(parts) == 3 else ("", "")


def _next_deadline(refundable: Any, reading: Reading) -> dt.datetime | None:
    now = reading.observed_at + dt.timedelta(seconds=reading.connection.clock_offset)
    ends = [moment(lot.get("allowedUntilDateTime")) for lot in children(refundable, "details")]
    return min((end for end in ends if end is not None and end > now), default=None)


def _scheduled(payload: Payload) -> dict[str, Any] | None:
    """Return what the next term brings, in one shape; where both forms are there the newer one counts."""
    actions = children(payload, "scheduledActions")
    if actions:
        action = actions[0]
        instructions = dict(child(action, "instructions"))
        told = {name: action[name] for name in ACTION_FIELDS if action.get(name) is not None}
        return {**instructions, **told, "source": "scheduledActions", "count": len(actions)}
    instructions = dict(child(payload, "scheduledNextTermInstructions"))
    return {**instructions, "source": "scheduledNextTermInstructions"} if instructions else None


ACTION_FIELDS = ("scheduleType", "actionType", "effectiveDate")


def _iso(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at else None
