"""Migrations and schedules of the wire as columns: pure functions (get-new-commerce-migration and its sisters)."""

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import flag, identifier, moment, text, whole

_SHARED = (
    "pc_id",
    "customer_pc_id",
    "current_pc_id",
    "status",
    "quantity",
    "term_duration",
    "billing_cycle",
    "full_term",
)
MIGRATION = (
    *_SHARED,
    "catalog_item_id",
    "new_pc_id",
    "new_order_pc_id",
    "started_at",
    "completed_at",
)
SCHEDULE = (*_SHARED, "target_date", "on_renewal", "created_at", "modified_at")


def _shared(payload: Payload, reading: Reading) -> Columns:
    return {
        "pc_id": identifier(payload.get("id")),
        "customer_pc_id": reading.parent,
        "current_pc_id": identifier(payload.get("currentSubscriptionId")),
        "status": text(payload.get("status")).lower(),
        "quantity": whole(payload.get("quantity")),
        "term_duration": text(payload.get("termDuration")),
        "billing_cycle": text(payload.get("billingCycle")).lower(),
        "full_term": flag(payload.get("purchaseFullTerm")),
    }


def migration(payload: Payload, reading: Reading) -> Columns:
    """Map one migration."""
    return _shared(payload, reading) | {
        "catalog_item_id": text(payload.get("catalogItemId")),
        "new_pc_id": identifier(payload.get("newCommerceSubscriptionId")),
        "new_order_pc_id": identifier(payload.get("newCommerceOrderId")),
        "started_at": moment(payload.get("startedTime")),
        "completed_at": moment(payload.get("completedTime")),
    }


def schedule(payload: Payload, reading: Reading) -> Columns:
    """Map one schedule."""
    return _shared(payload, reading) | {
        "target_date": moment(payload.get("targetDate")),
        "on_renewal": flag(payload.get("migrateOnRenewal")),
        "created_at": moment(payload.get("createdTime")),
        "modified_at": moment(payload.get("lastModifiedTime")),
    }
