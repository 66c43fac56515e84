"""Titles of new-commerce products, for offers that carry no name of their own."""

from dataclasses import dataclass
from functools import lru_cache

from portal.reference.tables import rows


@dataclass(frozen=True)
class Product:
    """One SKU. ``licence_id`` is the GUID of the licence it provisions, empty where unknown."""

    product_id: str
    sku_id: str
    product_title: str
    title: str
    product_type: str
    is_addon: bool
    licence_id: str


def _title(recorded: str) -> str:
    """The title; empty where only a remark in brackets was recorded."""
    return "" if recorded.startswith("(") else recorded


@lru_cache(maxsize=1)
def _by_id() -> dict[tuple[str, str], Product]:
    return {
        (row["product_id"], row["sku_id"]): Product(
            product_id=row["product_id"],
            sku_id=row["sku_id"],
            product_title=_title(row["product_title"]),
            title=_title(row["sku_title"]),
            product_type=row["product_type"],
            is_addon=row["is_addon"] == "true",
            licence_id=row["provisioning_sku_id"],
        )
        for row in rows("products")
    }


def product(offer_id: str) -> Product | None:
    """Return the SKU of ``product:sku`` or ``product:sku:availability``; None if unknown.

    A legacy offer id is a GUID and never found here.
    """
    parts = offer_id.upper().split(":")
    return _by_id().get((parts[0], parts[1])) if len(parts) >= 2 else None


@lru_cache(maxsize=1)
def _by_licence() -> dict[str, list[Product]]:
    found: dict[str, list[Product]] = {}
    for item in _by_id().values():
        if item.licence_id:
            found.setdefault(item.licence_id, []).append(item)
    return found


def of_licence(licence_id: str) -> list[Product]:
    """Return the SKUs whose seats give this licence, by its GUID."""
    return list(_by_licence().get(licence_id.lower(), []))


def licences() -> dict[str, list[Product]]:
    """Return all of them by the licence's GUID."""
    return dict(_by_licence())


def product_title(offer_id: str) -> str:
    """Return the title of an offer, or an empty string if it is not known."""
    found = product(offer_id)
    return found.title if found else ""
