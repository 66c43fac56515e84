"""An order as people read it: its lines with what came of each, and its customer."""

from dataclasses import dataclass
from typing import Any

from customers.models import Customer
from orders.models import Order
from orders.placed import lines


@dataclass(frozen=True)
class Line:
    """A line in words: its product and number, the subscription that came of it, and its price if shown."""

    number: int
    name: str
    offer_id: str
    quantity: int | None
    term: str
    transaction: str
    subscription_pc_id: str
    subscription_id: int | None
    price: lines.Price | None
    more_partner_ids: list[str]


def customer_of(row: Order) -> Customer:
    """The customer of an order that ``queries`` has found."""
    assert row.customer is not None, "orders without a customer are left out"
    return row.customer


def lines_of(row: Any, *, with_cost: bool = False) -> list[Line]:
    """The lines of an order that ``queries`` has read; with their prices if they may be seen."""
    sold = {one["pc_id"]: one["pk"] for one in row.sold}
    kept = row.lines or []
    known = lines.prices(row.priced) if with_cost else []
    prices = known if len(known) == len(kept) else [None] * len(kept)
    return [
        Line(
            number=place if one["number"] is None else one["number"],
            name=one["name"],
            offer_id=one["offer_id"],
            quantity=one["quantity"],
            term=one["term"],
            transaction=one["transaction"],
            subscription_pc_id=one["subscription"],
            subscription_id=sold.get(one["subscription"]),
            price=price,
            more_partner_ids=one.get("more_partner_ids", []),
        )
        for place, (one, price) in enumerate(zip(kept, prices, strict=True))
    ]
