"""Budgets and entitlements of the wire as columns: pure functions (customer-usage-, entitlement-resources)."""

from decimal import Decimal, InvalidOperation
from typing import Any

from portal.mirror.families import Columns, Payload, Reading
from portal.mirror.values import child, identifier, moment, text, whole

BUDGET = ("pc_id", "customer_pc_id", "amount")
ENTITLEMENT = (
    "pc_id",
    "customer_pc_id",
    "kind",
    "product_id",
    "sku_id",
    "quantity",
    "order_pc_id",
    "expires_at",
)


def budget(payload: Payload, reading: Reading) -> Columns:
    """Map the budget (update-a-customer-s-usage-spending-budget); a customer has one or none."""
    return {
        "pc_id": reading.parent,
        "customer_pc_id": reading.parent,
        "amount": _amount(payload.get("amount")),
    }


def _amount(value: Any) -> Decimal | None:
    """Money to the cent; None for what is no amount or larger than a column holds."""
    if value is None or isinstance(value, bool | dict | list):
        return None
    try:
        found = Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < Decimal(10) ** 16 else None


def entitlement(payload: Payload, reading: Reading) -> Columns:
    """Map an entitlement, which has no id: order line and product make one."""
    order = child(payload, "referenceOrder")
    product, sku = text(payload.get("productId")), text(payload.get("skuId"))
    place = f"{text(order.get('id'))}:{text(order.get('lineItemId'))}"
    return {
        "pc_id": f"{reading.parent}:{place}:{product}:{sku}",
        "customer_pc_id": reading.parent,
        "kind": text(payload.get("entitlementType")),
        "product_id": product,
        "sku_id": sku,
        "quantity": whole(payload.get("quantity")),
        "order_pc_id": identifier(order.get("id")),
        "expires_at": moment(payload.get("expiryDate")),
    }
