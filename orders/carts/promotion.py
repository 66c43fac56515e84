"""The promotion of a line: what Partner Center told of it is kept with the line, and taken off what the line costs.

A charge is never touched: what a price book asks for is the partner's own decision, whatever Microsoft takes off.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from orders.carts import asking
from orders.carts.choices import Choice, cycle_of
from orders.carts.models import Cart, CartLine
from orders.prices.quoting import Amount, Side
from portal.mirror.values import children
from portal.ui import formats

CENT = Decimal("0.01")


def kept(cart: Cart, choice: Choice, promotion_id: str) -> dict[str, Any] | None:
    """What was last told of a promotion, as far as it is about this SKU; None where nobody has asked. One query or two.

    ``terms`` are what it takes off (a share, 0.15) by "term|cycle": on other terms the list price holds
    (rule promotion).
    """
    told = asking.told_of(cart, choice, promotion_id)
    if told is None:
        return None
    mine = choice.item_id.split(":")[:2]
    terms = {
        _key(term.get("duration"), cycle_of(str(term.get("billingCycle") or ""))): str(off)
        for required in children(told, "requiredProducts")
        if [required.get("productId"), required.get("skuId")] == mine
        for term in [required.get("term") or {}]
        if (off := asking.share(required)) is not None
    }
    until = asking.until(told)
    return {"terms": terms, "until": until.isoformat() if until else ""}


def _key(term: Any, cycle: str) -> str:
    return f"{term}|{cycle}"


@dataclass(frozen=True)
class Off:
    """What a promotion takes off a line today, as a share, and the last day of it."""

    share: Decimal
    until: dt.date | None


def of_line(line: CartLine, today: dt.date) -> Off | None:
    """None for a line without a promotion, on other terms, past its end, or where it was never told."""
    told = line.promotion or {}
    try:
        share = Decimal(told.get("terms", {}).get(_key(line.term, line.cycle), 0))
    except InvalidOperation:
        return None
    until = dt.date.fromisoformat(told["until"]) if told.get("until") else None
    return Off(share, until) if share and (until is None or today <= until) else None


def taken_off(
    line: CartLine, found: Mapping[Side, Amount], today: dt.date
) -> tuple[Mapping[Side, Amount], str]:
    """The amounts of a line with its cost less the promotion, and in words what it was; "" if nothing changes."""
    cost = found.get(Side.COST)
    if cost is None or not line.promotion_id:
        return found, ""
    if line.promotion is None:
        return found, _("list price: what the promotion takes off has not been asked")
    off = of_line(line, today)
    if off is None:
        return found, _("list price: the promotion is not for these terms, or is over")
    value = (cost.value * (1 - off.share)).quantize(CENT, ROUND_HALF_UP)
    return {**found, Side.COST: replace(cost, value=value)}, _words(cost, off)


def _words(was: Amount, off: Off) -> str:
    told = {"amount": formats.money(was.value, was.currency), "share": formats.percent(-off.share)}
    if off.until is None:
        return _("was %(amount)s, promotion %(share)s") % told
    told["day"] = formats.date_short(off.until)
    return _("was %(amount)s, promotion %(share)s, until %(day)s") % told
