"""Transfers of the wire as columns: pure functions (TransferEntity)."""

from typing import Any

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import children, identifier, moment, text, whole

COLUMNS = (
    "pc_id",
    "customer_pc_id",
    "is_source",
    "other_pc_id",
    "other_name",
    "partner_mpn_id",
    "status",
    "created_at",
    "modified_at",
    "completed_at",
    "lines",
)


def transfer(payload: Payload, reading: Reading) -> Columns:
    """Map one transfer. The source is the partner that the subscriptions leave."""
    source, target = (identifier(payload.get(f"{side}PartnerTenantId")) for side in _SIDES)
    mine = reading.connection.tenant_id.lower()
    is_source = source == mine or (target != mine and not text(payload.get("sourcePartnerName")))
    other = _SIDES[1] if is_source else _SIDES[0]
    return {
        "pc_id": identifier(payload.get("id")),
        "customer_pc_id": reading.parent,
        "is_source": is_source,
        "other_pc_id": target if is_source else source,
        "other_name": text(payload.get(f"{other}PartnerName")),
        "partner_mpn_id": text(payload.get("partnerOnRecord")),
        "status": text(payload.get("status")).lower(),
        "created_at": moment(payload.get("createdTime")),
        "modified_at": moment(payload.get("lastModifiedTime")),
        "completed_at": moment(payload.get("completedTime")),
        "lines": lines(payload),
    }


_SIDES = ("source", "target")


def lines(payload: Payload) -> list[dict[str, Any]]:
    """What is moved, add-ons behind their base; ``error`` is why one was not."""
    every = (
        line
        for one in children(payload, "lineItems")
        for line in (one, *children(one, "addonItems"))
    )
    return [
        {
            "subscription": identifier(line.get("subscriptionId")),
            "name": text(line.get("friendlyName")) or text(line.get("offerId")),
            "quantity": whole(line.get("quantity")),
            "status": text(line.get("status")).lower(),
            "error": text(line.get("transferError")),
        }
        for line in every
    ]
