"""What placing an order of a cart does, said beside its lines: until when it can be undone, whether somebody must approve it."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from orders.carts.choices import cycle_of
from orders.carts.models import Cart, CartLine
from orders.carts.part import CHECKOUT
from orders.catalogue.models import Availability
from portal.access.scope import Scope
from portal.outbox.approvals import foretelling

_DAYS = re.compile(r"P(\d+)D")


@dataclass(frozen=True)
class Undo:
    """Lines that can be given back until one moment, None where the catalogue tells none."""

    lines: str
    until: dt.datetime | None


def undos(cart: Cart, lines: Sequence[CartLine], sold: Mapping[str, Availability]) -> list[Undo]:
    """Until when each line could be given back if it were ordered now, as the catalogue offers it today."""
    found: dict[dt.datetime | None, list[int]] = {}
    for number, line in enumerate(lines, 1):
        found.setdefault(until(cart, line, sold), []).append(number)
    return [Undo(_numbers(mine), moment) for moment, mine in found.items()]


def _numbers(numbers: Sequence[int]) -> str:
    told = {"numbers": ", ".join(map(str, numbers))}
    return ngettext("Line %(numbers)s", "Lines %(numbers)s", len(numbers)) % told


def until(cart: Cart, line: CartLine, sold: Mapping[str, Availability]) -> dt.datetime | None:
    """Until when a line could be given back, to the minute; None if the catalogue does not say."""
    match = _DAYS.fullmatch(_window(line, sold.get(line.catalog_item_id)))
    now = cart.connection.now().replace(second=0, microsecond=0)
    return now + dt.timedelta(days=int(match[1])) if match else None


def _window(line: CartLine, row: Availability | None) -> str:
    """The length in which a line can be given back, "" if none is told."""
    for term in row.terms or () if row is not None else ():
        terms = (term["duration"], cycle_of(term["billing_cycle"]))
        if terms == (line.term, line.cycle):
            return next((str(one["until"]) for one in term["refunds"] if one["until"]), "")
    return ""


def waits(scope: Scope, cart: Cart, lines: Sequence[CartLine]) -> str:
    """That a second person must approve it first, in words; "" if it goes out at once. One query."""
    return foretelling.waits(scope, cart, CHECKOUT, sum(line.quantity for line in lines))
