"""Seats that can still be taken back, and what is scheduled: read from Partner Center's own answer.

The clocks come from ``refundableQuantity`` (new-commerce facts, rule ``seat_decrease``); no window
length is written here, because Microsoft's has changed before.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime

from orders.models import Subscription
from orders.scheduling import schedules


@dataclass(frozen=True)
class Lot:
    """Seats bought together. ``until`` is None for those fixed until the term ends."""

    quantity: int
    until: dt.datetime | None
    open: bool


@dataclass(frozen=True)
class Schedule:
    """What Partner Center will do at the next term start; None where it keeps today's value."""

    quantity: int | None
    term: str
    billing_cycle: str
    starts: dt.date | dt.datetime | None
    action: str
    product: str = ""


def lots(subscription: Subscription) -> list[Lot] | None:
    """The lots, the next deadline first and the fixed rest last; None while the detail is unread."""
    if subscription.refundable_lots is None:
        return None
    now = subscription.connection.now()
    dated = sorted(_dated(subscription.refundable_lots), key=lambda lot: lot[1])
    rows = [Lot(quantity, until, until > now) for quantity, until in dated]
    fixed = (subscription.quantity or 0) - sum(lot.quantity for lot in rows if lot.open)
    if fixed > 0:
        rows.append(Lot(fixed, None, open=False))
    return [lot for lot in rows if lot.open or lot.until is None]


def refundable(subscription: Subscription) -> int | None:
    """How many seats can be taken back at this moment; None while the detail is unread."""
    rows = lots(subscription)
    return None if rows is None else sum(lot.quantity for lot in rows if lot.open)


def schedule(subscription: Subscription) -> Schedule | None:
    """The scheduled change of this subscription, if there is one."""
    told = schedules.told(subscription.scheduled_change)
    if told is None:
        return None
    return Schedule(
        quantity=told.get("quantity"),
        term=told.get("term", ""),
        billing_cycle=told.get("cycle", ""),
        starts=subscription.commitment_end_date,
        action=subscription.scheduled_change.get("actionType") or "",
        product=schedules.product_name(told.get("product", ""), subscription.offer_id),
    )


def _dated(rows: list[dict[str, Any]]) -> list[tuple[int, dt.datetime]]:
    found = []
    for row in rows:
        until = parse_datetime(str(row.get("allowed_until") or ""))
        if until is not None:
            found.append(
                (
                    int(row.get("quantity") or 0),
                    until if until.tzinfo else until.replace(tzinfo=dt.UTC),
                )
            )
    return found
