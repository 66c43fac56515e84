"""The products that the emulated customers own, from the recorded new-commerce catalogue."""

import csv
import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

DATA = Path(__file__).parent / "data"

AZURE_PLAN = "DZH318Z0BPS6"


@dataclass(frozen=True, kw_only=True, eq=False)
class Item:
    """One purchasable: a SKU for one term and billing cycle. Compared by identity, for speed.

    ``licence_id`` is the licence that its seats give, empty where none was recorded.
    """

    product_id: str
    sku_id: str
    availability_id: str
    title: str
    product_type: str
    term: str
    billing_cycle: str
    smallest: int
    largest: int
    licence_id: str = ""

    @cached_property
    def offer_id(self) -> str:
        """The catalogItemId; of a legacy item the id of its offer."""
        if self.is_legacy:
            return self.product_id
        return f"{self.product_id}:{self.sku_id}:{self.availability_id}"

    @property
    def is_legacy(self) -> bool:
        """Whether it was sold before new commerce: by the id of an offer."""
        return not self.sku_id

    @property
    def is_azure_plan(self) -> bool:
        return self.product_id == AZURE_PLAN

    @property
    def is_software(self) -> bool:
        return self.product_type == "SoftwareSubscription"


def availability_id(row: dict[str, str]) -> str:
    """Return the recorded availability, or for the many rows without one a stable stand-in."""
    if row["availability_id"]:
        return row["availability_id"]
    key = ":".join(row[name] for name in ("product_id", "sku_id", "term", "billing_cycle"))
    return "CFQ7TTC0" + hashlib.sha256(key.encode()).hexdigest()[:4].upper()


def title_of(row: dict[str, str]) -> str:
    """The SKU's title; where only a remark in brackets was recorded, what it is and its product id."""
    title = row["sku_title"] or row["product_title"]
    return f"Add-on {row['product_id']}" if title.startswith("(") else title


def _item(row: dict[str, str]) -> Item:
    return Item(
        product_id=row["product_id"],
        sku_id=row["sku_id"],
        availability_id=availability_id(row),
        title=title_of(row),
        product_type=row["product_type"],
        term=row["term"],
        billing_cycle=row["billing_cycle"].lower() or "none",
        smallest=int(row["min_qty"] or 1),
        largest=int(row["max_qty"] or 10_000_000),
        licence_id=row["provisioning_sku_id"],
    )


@cache
def _rows() -> tuple[Item, ...]:
    with (DATA / "nce-catalog.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            _item(row)
            for row in csv.DictReader(lines)
            if row["segment"] == "Commercial"
            and row["currency"] == "USD"
            and not row["product_id"].startswith("EMU")
            # A product of which no SKU was recorded has no offer id that anybody could order.
            and row["sku_id"]
        )


@cache
def seat_items() -> tuple[Item, ...]:
    """Return the online services sold by seat, every term and cycle of each."""
    return tuple(item for item in _rows() if item.product_type == "OnlineServicesNCE")


@cache
def software_items() -> tuple[Item, ...]:
    return tuple(item for item in _rows() if item.is_software)


@cache
def azure_plan() -> Item:
    return next(item for item in _rows() if item.is_azure_plan)


@cache
def seat_item(title: str, term: str) -> Item:
    """Return the first item with that exact title and term. Raise StopIteration if none is."""
    return next(item for item in seat_items() if item.title == title and item.term == term)
