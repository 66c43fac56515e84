"""What something costs and what is charged for it, by side: the room's one question, asked by lists, carts and renewals.

Every amount is net, for one seat and one billing cycle. Who may see which side is decided here and once more
in the database: nobody but those with a right of ``COST_RIGHTS`` over the whole connection is told a cost.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import connection as database
from django.utils import formats as django_formats
from django.utils.translation import gettext as _

from portal.access.roles import COST_RIGHTS
from portal.access.scope import Scope

RIGHT = "prices.view"
EXTENDED = "EST"


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


def sees(scope: Scope, side: Side) -> bool:
    """Whether this person may see a side of anything at all."""
    return sees_cost(scope) if side is Side.COST else scope.can(RIGHT)


def quote(scope: Scope, items: Sequence[Item], on: dt.date) -> list[Mapping[Side, Amount]]:
    """The unit price of each item on a day, by side, in one query for any number of items.

    A side that is not known, or not this person's to see, is absent. The cost is that of the price sheet: of
    the month of a past day, else of the newest up to the day. The term ``EXTENDED`` asks for an Extended
    Service Term.
    """
    return quote_each(scope, [(one, on) for one in items])


def quote_each(scope: Scope, asked: Sequence[tuple[Item, dt.date]]) -> list[Mapping[Side, Amount]]:
    """The same with a day of its own for each item: that on which its term began, say."""
    found: list[dict[Side, Amount]] = [{} for _one in asked]
    if not asked or not (sees_cost(scope) or scope.can(RIGHT)):
        return list(found)
    shown = [_shown(scope, item) for item, _day in asked]
    for place, side, value, currency, month, until in _asked(asked):
        if side in shown[place]:
            found[place][Side(side)] = Amount(value, currency, _source(month), until)
    return list(found)


def _shown(scope: Scope, item: Item) -> tuple[Side, ...]:
    """The sides of one item; cost alone is asked for its connection."""
    allowed = sides(scope, item.reseller_id)
    if any(scope.narrowed(right).sees_whole(item.connection_id) for right in COST_RIGHTS):
        return allowed
    return tuple(side for side in allowed if side != Side.COST)


def _asked(asked: Sequence[tuple[Item, dt.date]]) -> list[tuple[Any, ...]]:
    rows = [
        {
            "n": place,
            "connection": one.connection_id,
            "product": one.product_id,
            "sku": one.sku_id,
            "term": one.term,
            "cycle": one.cycle.lower(),
            "segment": one.segment.lower(),
            "market": one.market.upper(),
            "customer": one.customer_id,
            "reseller": one.reseller_id,
            "day": day.isoformat(),
        }
        for place, (one, day) in enumerate(asked)
    ]
    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM orders_quote(%s::jsonb)", [json.dumps(rows)])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _source(month: dt.date | None) -> str:
    """Where an amount comes from, in words; a charge comes from a price book."""
    if month is None:
        return _("price book")
    return _("price sheet, %(month)s") % {"month": django_formats.date_format(month, "F Y")}
