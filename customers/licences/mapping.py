"""Licences of Partner Center into columns: pure, one function for each representation."""

from typing import Any

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import child, children, identifier, text, whole

SKU_COLUMNS = (
    "pc_id",
    "customer_pc_id",
    "part_number",
    "name",
    "licence_group",
    "target_type",
    "capability_status",
    "units_total",
    "units_active",
    "units_consumed",
    "units_available",
    "units_suspended",
    "units_warning",
    "service_plans",
)
HELD_COLUMNS = ("pc_id", "customer_pc_id", "place", "licences")
# A plan whose status is one of these is left out of an assigned licence.
OFF = frozenset({"disabled", "deleted", "lockedout", "suspended"})
SEPARATOR = "/"


def place(customer_pc_id: str, user_pc_id: str) -> str:
    """Return what names a user's licences within a connection: a customer's id and a user's."""
    return f"{customer_pc_id}{SEPARATOR}{user_pc_id}"


def parts(found: str) -> tuple[str, str]:
    """Return the two ids of a place."""
    customer_pc_id, _, user_pc_id = found.partition(SEPARATOR)
    return customer_pc_id, user_pc_id


def subscribed(payload: Payload, reading: Reading) -> Columns:
    """Map a SubscribedSku (get-a-list-of-available-licenses-by-license-group)."""
    product = child(payload, "productSku")
    return {
        "pc_id": identifier(product.get("id")),
        "customer_pc_id": reading.parent,
        "part_number": text(product.get("skuPartNumber")),
        "name": text(product.get("name")),
        "licence_group": text(product.get("licenseGroupId")).lower(),
        "target_type": text(product.get("targetType")),
        "capability_status": text(payload.get("capabilityStatus")),
        "units_total": whole(payload.get("totalUnits")) or 0,
        "units_active": whole(payload.get("activeUnits")) or 0,
        "units_consumed": whole(payload.get("consumedUnits")) or 0,
        "units_available": whole(payload.get("availableUnits")) or 0,
        "units_suspended": whole(payload.get("suspendedUnits")) or 0,
        "units_warning": whole(payload.get("warningUnits")) or 0,
        "service_plans": [_plan(plan) for plan in children(payload, "servicePlans")],
    }


def _plan(plan: Any) -> dict[str, str]:
    return {
        "id": identifier(plan.get("id")),
        "code": text(plan.get("serviceName")),
        "name": text(plan.get("displayName")) or text(plan.get("serviceName")),
        "target": text(plan.get("targetType")),
    }


def held(payload: Payload, reading: Reading) -> Columns:
    """Map the licences of a user (get-licenses-assigned-to-a-user-by-license-group)."""
    customer_pc_id, user_pc_id = parts(reading.parent)
    return {
        "pc_id": user_pc_id,
        "customer_pc_id": customer_pc_id,
        "place": reading.parent,
        "licences": assigned(payload),
    }


def assigned(payload: Payload) -> dict[str, dict[str, Any]]:
    """Return by SKU how many plans are on, and the ids of those that are said to be off."""
    found = {}
    for licence in children(payload, "items"):
        plans = children(licence, "servicePlans")
        off = {identifier(plan.get("id")) for plan in plans if is_off(plan)}
        sku = identifier(child(licence, "productSku").get("id"))
        found[sku] = {"on": len(plans) - len(off), "off": sorted(off)}
    return found


def is_off(plan: Any) -> bool:
    """Whether a plan of an assigned licence is left out."""
    return text(plan.get("capabilityStatus")).lower() in OFF
