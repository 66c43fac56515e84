"""What invoices and orders say of a running term, asked within the query of its rows: one look by key each.

Cost. The app that reads invoices enters how they are looked at. A query of people may carry ``expression``
only where they see cost; row policies hold besides.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import JSONField, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import JSONObject, Lower
from django.utils import formats as django_formats
from django.utils.translation import gettext as _

from orders.models import Order, Subscription
from orders.placed import lines
from orders.prices.quoting import Amount
from portal.mirror.values import children, identifier
from portal.ui import formats

NAME = "told"
"""What a row carries that was read with ``expression``."""
DAY = dt.timedelta(days=1)
CENT = Decimal("0.01")
Told = Mapping[str, Any]


def _no_invoice() -> Combinable:
    return Value(None, JSONField())


_newest_line: list[Callable[[], Combinable]] = [_no_invoice]


def register_invoices(newest_line: Callable[[], Combinable]) -> None:
    """Enter the newest line for a whole cycle of ``OuterRef("pk")``: amount, seats, net, currency, cycle, at.

    ``currency`` is the one of ``net``; the amount is in that of the market's price sheet, which may be another.
    """
    _newest_line[:] = [newest_line]


def expression() -> Combinable:
    """Over rows of subscriptions: both, as JSON."""
    orders = Order.objects.filter(
        connection=OuterRef("connection"),
        pc_id__in=[OuterRef("order_pc_id"), Lower(OuterRef("order_pc_id"))],
        gone_at=None,
    )
    told = JSONObject(
        currency="currency",
        cycle="billing_cycle",
        at="creation_date",
        items=KeyTransform("lineItems", "list_payload"),
    )
    order = Subquery(orders.values(told=told)[:1], output_field=JSONField())
    return JSONObject(invoice=_newest_line[0](), order=order)


def costs(rows: Sequence[Subscription]) -> list[tuple[Subscription, Amount | None]]:
    """What one seat of each row costs for one billing cycle: as the last invoice line says, else the order of the term.

    In the currency of the market's price sheet, which is that of the order too.
    One query for the rows that did not bring it along.
    """
    unread = [row.pk for row in rows if not hasattr(row, NAME)]
    asked = Subscription.objects.filter(pk__in=unread).annotate(found=expression())
    read: dict[int, Told] = dict(asked.values_list("pk", "found")) if unread else {}
    return [(row, _cost(row, getattr(row, NAME, None) or read.get(row.pk, {}))) for row in rows]


def _cost(row: Subscription, told: Told) -> Amount | None:
    order = told.get("order") or {}
    return _invoiced(row, told.get("invoice") or {}, order) or _ordered(row, order)


def _invoiced(row: Subscription, line: Told, order: Told) -> Amount | None:
    if not line or not _same(line["cycle"], row.billing_cycle):
        return None
    currency = order.get("currency") or (line["currency"] if _at_par(line) else "")
    if not currency:
        return None
    source = _("last invoice line")
    if at := _moment(line["at"]):
        month = django_formats.date_format(at.date(), "F Y")
        source = _("last invoice line, %(month)s") % {"month": month}
    return Amount(Decimal(line["amount"]), currency, source)


def _at_par(line: Told) -> bool:
    """Whether nothing was exchanged between a line's price and its net: its seats come to the net but for cents."""
    if line["net"] is None or line["seats"] is None:
        return True
    seats = Decimal(line["seats"])
    return abs(Decimal(line["amount"]) * seats - Decimal(line["net"])) <= abs(seats) * CENT


def _ordered(row: Subscription, order: Told) -> Amount | None:
    if not order or not _same(order["cycle"], row.billing_cycle):
        return None
    at = _moment(order["at"])
    if at and row.effective_start_date and row.effective_start_date > at + DAY:
        return None  # a later term than the one that was ordered
    source = _("order price")
    if at:
        source = _("order price, %(day)s") % {"day": formats.date_short(at)}
    items = order["items"]
    for payload, price in zip(
        children({"lineItems": items}, "lineItems"), lines.prices(items), strict=True
    ):
        if price.one is not None and identifier(payload.get("subscriptionId")) == row.pc_id:
            return Amount(price.one, order["currency"], source)
    return None


def _same(told: str, cycle: str) -> bool:
    """Whether an amount is one for this billing cycle; documents write one in several ways, or leave it out."""
    one, other = (name.lower().replace("_", "") for name in (told or "", cycle))
    return not one or one == other


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC) if text else None
