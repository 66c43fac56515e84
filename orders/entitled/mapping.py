"""Azure subscriptions of the wire as columns: pure functions (facts azureEntitlements)."""

from typing import Any

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import child, identifier, text

COLUMNS = ("pc_id", "customer_pc_id", "plan_pc_id", "name", "status")


def azure_subscription(payload: Payload, reading: Reading) -> Columns:
    """Map one entitlement; its ``subscriptionId`` is the plan's."""
    return {
        "pc_id": identifier(payload.get("id")),
        "customer_pc_id": reading.parent,
        "plan_pc_id": identifier(payload.get("subscriptionId")),
        "name": text(payload.get("friendlyName")).strip(),
        "status": text(payload.get("status")).lower(),
    }


def is_plan(payload: dict[str, Any]) -> bool:
    """Whether a subscription of the list may have Azure subscriptions under it (productType Azure)."""
    kind = text(child(payload, "productType").get("id")).lower()
    return kind == "azure" and text(payload.get("status")).lower() != "deleted"
