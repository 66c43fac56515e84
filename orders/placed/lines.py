"""The lines of an order: what was bought, and apart from it what that costs the partner (order-resources).

Pure functions. What a row keeps of its lines holds no price, so that nobody meets a cost by reading it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.mirror.values import child, children, identifier, text, whole

MORE = "additionalPartnerIdsOnRecord"
"""PartnerIDs of resellers beside the one on record (facts, cart_resellers)."""


@dataclass(frozen=True)
class Price:
    """What one costs the partner, and the whole line; None where Partner Center does not tell."""

    one: Decimal | None
    total: Decimal | None


def kept(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a row keeps of each line. ``subscription`` is empty for what is none (a reservation).

    ``more_partner_ids`` is missing in rows of an earlier release.
    """
    return [
        {
            "number": whole(one.get("lineItemNumber")),
            "name": text(one.get("friendlyName")) or text(one.get("offerId")),
            "offer_id": text(one.get("offerId")),
            "quantity": whole(one.get("quantity")),
            "term": text(one.get("termDuration")),
            "transaction": text(one.get("transactionType")),
            "subscription": identifier(one.get("subscriptionId")),
            "more_partner_ids": [text(name) for name in one.get(MORE) or ()],
        }
        for one in children(payload, "lineItems")
    ]


def partners(payload: Mapping[str, Any]) -> list[str]:
    """The partners of record that its lines name."""
    named = {text(one.get("partnerIdOnRecord")) for one in children(payload, "lineItems")}
    return sorted(named - {""})


def prices(line_items: Any) -> list[Price]:
    """What each line of the payload costs, in the same order."""
    found = (child(one, "pricing") for one in children({"lineItems": line_items}, "lineItems"))
    return [Price(_amount(one.get("price")), _amount(one.get("extendedPrice"))) for one in found]


def total(found: Sequence[Price]) -> Decimal | None:
    """What an order costs, None where a line does not tell."""
    amounts = [one.total for one in found if one.total is not None]
    return sum(amounts, Decimal(0)) if found and len(amounts) == len(found) else None


def _amount(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool | dict | list):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
