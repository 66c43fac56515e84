"""Rows of price sheets as columns: pure functions (get-a-price-sheet)."""

import datetime as dt
from decimal import Decimal, InvalidOperation

from orders.prices.part import parts
from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import moment, text

COLUMNS = (
    "pc_id",
    "sheet",
    "market",
    "view",
    "month",
    "product_pc_id",
    "sku_pc_id",
    "title",
    "term",
    "cycle",
    "segment",
    "currency",
    "unit_price",
    "list_price",
    "from_quantity",
    "starts_on",
    "ends_on",
)
SEGMENTS = {"charity": "nonprofit"}
CYCLES = {"onetime": "one_time"}
OPEN_END = 9999
# What makes a row one of its own; a price that changes within the month stands in two.
KEY = (
    *("productid", "skuid", "termduration", "billingplan", "segment", "pricingtierrangemin"),
    "effectivestartdate",
)


def price(payload: Payload, reading: Reading) -> Columns:
    """Map a row. A sheet prints English days and leaves out what does not apply."""
    market, view, month = parts(reading.parent)
    segment = text(payload.get("segment")).strip().lower()
    cycle = text(payload.get("billingplan")).strip().lower()
    return {
        "pc_id": ";".join(text(payload.get(name)) for name in KEY),
        "sheet": reading.parent,
        "market": market,
        "view": view,
        "month": month,
        "product_pc_id": text(payload.get("productid")).upper(),
        "sku_pc_id": text(payload.get("skuid")).upper(),
        "title": text(payload.get("skutitle")) or text(payload.get("producttitle")),
        "term": text(payload.get("termduration")).upper(),
        "cycle": CYCLES.get(cycle, cycle),
        "segment": SEGMENTS.get(segment, segment),
        "currency": text(payload.get("currency")).upper(),
        "unit_price": amount(payload.get("unitprice")),
        "list_price": amount(payload.get("erpprice")),
        "from_quantity": amount(payload.get("pricingtierrangemin")),
        "starts_on": _day(payload.get("effectivestartdate")),
        "ends_on": _last_day(payload.get("effectiveenddate")),
    }


def amount(value: object) -> Decimal | None:
    """A number of the sheet; None for an empty cell or nonsense."""
    try:
        found = Decimal(text(value).strip().replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _day(value: object) -> dt.date | None:
    found = moment(value)
    return found.date() if found else None


def _last_day(value: object) -> dt.date | None:
    """The last day on which it holds; None where no end is in sight."""
    found = _day(value)
    return None if found is None or found.year == OPEN_END else found
