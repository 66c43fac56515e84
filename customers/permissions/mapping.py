"""A delegated admin relationship of the wire as columns: pure."""

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import child, children, identifier, moment, text

COLUMNS = (
    "pc_id",
    "customer_pc_id",
    "name",
    "status",
    "role_ids",
    "duration",
    "extension",
    "created_at",
    "activated_at",
    "ends_at",
)


def relationship(payload: Payload, _reading: Reading) -> Columns:
    """Map a relationship (tenantrelationship-list-delegatedadminrelationships)."""
    roles = children(child(payload, "accessDetails"), "unifiedRoles")
    return {
        "pc_id": text(payload.get("id")).lower(),
        "customer_pc_id": identifier(child(payload, "customer").get("tenantId")),
        "name": text(payload.get("displayName")),
        "status": text(payload.get("status")).lower(),
        "role_ids": sorted({identifier(one.get("roleDefinitionId")) for one in roles} - {""}),
        "duration": text(payload.get("duration")),
        "extension": text(payload.get("autoExtendDuration")),
        "created_at": moment(payload.get("createdDateTime")),
        "activated_at": moment(payload.get("activatedDateTime")),
        "ends_at": moment(payload.get("endDateTime")),
    }
