"""Names of licences, from Microsoft's public licensing reference."""

from dataclasses import dataclass
from functools import lru_cache

from portal.reference.tables import rows


@dataclass(frozen=True)
class Licence:
    """``sku_id`` is the GUID that licence calls use, ``part_number`` Microsoft's short code."""

    sku_id: str
    part_number: str
    name: str


@lru_cache(maxsize=1)
def _by_key() -> dict[str, Licence]:
    found: dict[str, Licence] = {}
    for row in rows("licences"):
        licence = Licence(row["sku_id"], row["sku_part_number"], row["product_name"])
        found.setdefault(licence.sku_id.lower(), licence)
        found.setdefault(licence.part_number.lower(), licence)
    return found


def licence(key: str) -> Licence | None:
    """Return a licence by its GUID or its part number, whatever the case; None if unknown."""
    return _by_key().get(key.lower())
