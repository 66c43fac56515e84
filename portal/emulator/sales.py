"""What is being bought: carts, the orders that were placed, and how late they show. Plain records, no rules."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from portal.emulator.model import JSON, Subscription

CART_DAYS = timedelta(days=7)
# Access and Excel LTSC 2021, by which a sandbox tries it out (pending-po-upload).
PAPERS_FOR = frozenset({"DG7GMGF0D7FV", "DG7GMGF0D7FT"})


class Cart(msgspec.Struct):
    """A cart of one customer. ``result`` is what its checkout answered, None before."""

    id: str
    customer_id: str
    user: str
    created: datetime
    modified: datetime
    expires: datetime
    attested: bool
    lines: list[JSON]
    result: JSON | None = None


class Placed(msgspec.Struct):
    """An order that was placed. ``waiting`` are subscriptions by line number that are not there yet.

    ``cents`` is what a unit of each line costs; lists show the order from ``visible`` on, and the
    subscriptions begin to exist at ``ready``.
    """

    order: JSON
    at: datetime
    visible: datetime
    ready: datetime
    cents: list[int]
    waiting: dict[int, Subscription] = {}


class Lag(msgspec.Struct, frozen=True):
    """Seconds after a checkout until lists show the order, and until its subscriptions exist."""

    orders: float = 0
    subscriptions: float = 0


@dataclass
class Sales:
    """Everything by customer id; the caller holds the store's lock.

    ``spoilt`` maps a catalogue item to the line error that somebody wants to see for it. Orders of the
    products in ``papers_for`` wait for a purchase order; ``papers`` is what was handed in, by order id.
    """

    carts: dict[str, Cart] = field(default_factory=dict)
    placed: dict[str, list[Placed]] = field(default_factory=dict)
    lag: Lag = field(default_factory=Lag)
    spoilt: dict[str, str] = field(default_factory=dict)
    papers_for: frozenset[str] = PAPERS_FOR
    papers: dict[str, list[JSON]] = field(default_factory=dict)

    def due(self, customer_id: str, now: datetime) -> list[Placed]:
        """Orders whose subscriptions begin to exist."""
        found = self.placed.get(customer_id, ())
        return [one for one in found if one.waiting and one.ready <= now]

    def orders(self, customer_id: str) -> list[Placed]:
        """The orders placed for a customer, in their order."""
        return self.placed.get(customer_id, [])
