"""Indirect resellers of the wire as columns: pure functions (relationships-resources)."""

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import identifier, text

RESELLER_COLUMNS = ("pc_id", "name", "location", "country", "state")


def reseller(payload: Payload, _reading: Reading) -> Columns:
    """Map an indirect reseller (retrieve-a-list-of-indirect-resellers)."""
    location = text(payload.get("location"))
    return {
        "pc_id": identifier(payload.get("id")),
        "name": text(payload.get("name")),
        "location": location,
        "country": location.upper() if len(location) == 2 else "",
        "state": text(payload.get("state")),
    }


def mpn_ids(payload: Payload) -> list[str]:
    """Return the partner ids that the entry names, without blanks."""
    found = text(payload.get("mpnId")).strip()
    return [found] if found else []
