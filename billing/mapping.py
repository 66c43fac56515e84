"""Invoices and their lines of the wire as columns: pure functions (get-a-collection-of-invoices, get-invoiceline-items).

Lines are typed by a struct, an amount straight from its digits into a Decimal. A line that does not
fit is read field by field, and what cannot be read becomes empty: the raw page keeps it.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import msgspec

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import children, identifier, moment, text

INVOICE_COLUMNS = (
    "pc_id",
    "invoice_date",
    "period_start",
    "period_end",
    "total_charges",
    "paid_amount",
    "currency",
    "document_type",
    "invoice_type",
    "amends_pc_id",
    "has_lines",
    "providers",
    "amendments",
    "receipts",
)
LINE_COLUMNS = (
    "customer_pc_id",
    "customer_name",
    "reseller_mpn_id",
    "subscription_pc_id",
    "order_pc_id",
    "product_id",
    "sku_id",
    "product_name",
    "charge_type",
    "charge_start",
    "charge_end",
    "unit_price",
    "effective_unit_price",
    "unit_type",
    "quantity",
    "subtotal",
    "tax",
    "total",
    "currency",
    "term_and_billing_cycle",
    "billing_frequency",
    "promotion_id",
)
# Documents write the provider as one_time and OneTime, the type as billing_line_items.
NEW_COMMERCE = "onetime"
OF_BILLING = "billinglineitems"
MOST_DIGITS = 60


def invoice(payload: Payload, _reading: Reading) -> Columns:
    """Map an entry of the list of invoices."""
    kinds = [
        (_word(detail.get("billingProvider")), _word(detail.get("invoiceLineItemType")))
        for detail in children(payload, "invoiceDetails")
    ]
    return {
        "pc_id": text(payload.get("id")),
        "invoice_date": moment(payload.get("invoiceDate")),
        "period_start": moment(payload.get("billingPeriodStartDate")),
        "period_end": moment(payload.get("billingPeriodEndDate")),
        "total_charges": amount(payload.get("totalCharges")),
        "paid_amount": amount(payload.get("paidAmount")),
        "currency": text(payload.get("currencyCode")),
        "document_type": text(payload.get("documentType")),
        "invoice_type": text(payload.get("invoiceType")),
        "amends_pc_id": text(payload.get("amendsOf")),
        "has_lines": (NEW_COMMERCE, OF_BILLING) in kinds,
        "providers": sorted({provider for provider, _ in kinds if provider}),
        "amendments": [_amendment(one) for one in children(payload, "amendments")],
        "receipts": [text(one.get("id")) for one in children(payload, "taxReceipts")],
    }


def _word(value: Any) -> str:
    return text(value).replace("_", "").lower()


def _amendment(payload: Mapping[str, Any]) -> dict[str, str]:
    return {
        "pc_id": text(payload.get("id")),
        "date": text(payload.get("invoiceDate"))[:10],
        "total": text(payload.get("totalCharges")),
        "currency": text(payload.get("currencyCode")),
        "document_type": text(payload.get("documentType")),
    }


def amount(value: Any) -> Decimal | None:
    """Return a number exactly as it was written, or None where there is none."""
    if value is None or isinstance(value, bool | dict | list):
        return None
    try:
        found = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if _storable(found) else None


def _storable(value: Decimal) -> bool:
    """Tell whether a number is one that anybody may have been charged; numeric ends somewhere."""
    return value.is_finite() and abs(value.adjusted()) < MOST_DIGITS


class Line(msgspec.Struct, rename="camel", gc=False):
    """A line as documents show it. Ids come as text or as numbers."""

    customer_id: str = ""
    customer_name: str | None = ""
    reseller_mpn_id: str | int | None = None
    subscription_id: str | None = ""
    order_id: str | None = ""
    product_id: str | None = ""
    sku_id: str | None = ""
    product_name: str | None = ""
    charge_type: str | None = ""
    charge_start_date: str | None = None
    charge_end_date: str | None = None
    subscription_start_date: str | None = None
    subscription_end_date: str | None = None
    unit_price: Decimal | None = None
    effective_unit_price: Decimal | None = None
    unit_type: str | None = ""
    quantity: Decimal | None = None
    subtotal: Decimal | None = None
    tax_total: Decimal | None = None
    total_for_customer: Decimal | None = None
    currency: str | None = ""
    term_and_billing_cycle: str | None = ""
    billing_frequency: str | None = ""
    promotion_id: str | None = ""


_decoder = msgspec.json.Decoder(Line)
_loose = msgspec.json.Decoder(float_hook=Decimal)
_FIELDS = {
    name.lower(): field
    for field, name in zip(Line.__struct_fields__, Line.__struct_encode_fields__, strict=True)
}
_AMOUNTS = frozenset(
    {
        "unit_price",
        "effective_unit_price",
        "quantity",
        "subtotal",
        "tax_total",
        "total_for_customer",
    }
)


def line(raw: msgspec.Raw) -> tuple[Any, ...]:
    """Return a line's values in the order of ``LINE_COLUMNS``."""
    try:
        found = _decoder.decode(raw)
    except msgspec.DecodeError:
        found = lenient(raw)
    if not found.customer_id:
        found = lenient(raw)
    return (
        _tenant(found.customer_id),
        found.customer_name or "",
        _mpn(found.reseller_mpn_id),
        _identifier(found.subscription_id),
        found.order_id or "",
        found.product_id or "",
        found.sku_id or "",
        found.product_name or "",
        found.charge_type or "",
        _day(found.charge_start_date or found.subscription_start_date),
        _day(found.charge_end_date or found.subscription_end_date),
        _exact(found.unit_price),
        _exact(found.effective_unit_price),
        found.unit_type or "",
        _exact(found.quantity),
        _exact(found.subtotal),
        _exact(found.tax_total),
        _exact(found.total_for_customer),
        found.currency or "",
        found.term_and_billing_cycle or "",
        found.billing_frequency or "",
        found.promotion_id or "",
    )


def lenient(raw: msgspec.Raw) -> Line:
    """Read a line whose fields are of other types or spellings than documented."""
    try:
        content = _loose.decode(raw)
    except msgspec.DecodeError:
        content = None
    found = Line()
    if isinstance(content, Mapping):
        for name, value in content.items():
            field = _FIELDS.get(name.lower())
            if field:
                setattr(found, field, amount(value) if field in _AMOUNTS else text(value))
    return found


@lru_cache(maxsize=8192)
def _tenant(value: str) -> str:
    """Return the customer's tenant id; some lines write it with ``org:`` before."""
    return identifier(value.removeprefix("org:"))


@lru_cache(maxsize=8192)
def _identifier(value: str | None) -> str:
    return identifier(value)


def _mpn(value: str | int | None) -> str:
    """Return the reseller's MPN id; 0 and -1 mean that there is none."""
    return "" if value in {None, 0, -1, "", "0", "-1"} else str(value)


@lru_cache(maxsize=1024)
def _day(value: str | None) -> dt.date | None:
    found = moment(value)
    return found.date() if found else None


def _exact(value: Decimal | None) -> Decimal | None:
    if value is None or (value.is_finite() and -MOST_DIGITS < value.adjusted() < MOST_DIGITS):
        return value
    return None
