"""What a running term costs and is charged at: one seat, one billing cycle, net.

Cost is what was paid last; else what its order said; else what the price sheet of the month in which the term
began asks, whose prices hold until it ends. Where none of these is known it is not told.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models.fields.json import KeyTransform
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Order, Subscription
from orders.placed import lines
from orders.prices.quoting import Amount, Item, Side, quote_each, sees_cost, sides
from portal.access.roles import COST_RIGHTS
from portal.access.scope import Scope
from portal.mirror.values import children, identifier
from portal.outbox import costs
from portal.ui import formats

LABELS = {
    Side.COST: gettext_lazy("Cost"),
    Side.RESELLER: gettext_lazy("Charge to the reseller"),
    Side.CUSTOMER: gettext_lazy("Charge to the customer"),
}
TARGET = "subscription"
(RIGHT,) = COST_RIGHTS


@dataclass(frozen=True)
class Line:
    """One side in words; "–" where it is not known."""

    label: str
    seat: str
    total: str
    source: str


def item(row: Subscription) -> Item:
    """What a subscription is priced as."""
    return Item(
        product_id=row.product_id,
        sku_id=row.sku_id,
        availability_id="",
        term=row.term_duration,
        cycle=row.billing_cycle,
        connection_id=row.connection_id,
        customer_id=row.customer_id,
        reseller_id=row.reseller_id,
    )


def of_subscriptions(
    scope: Scope, rows: Sequence[Subscription]
) -> dict[int, Mapping[Side, Amount]]:
    """The amounts of running terms by subscription, of the sides that this person may see.

    At most three queries for any number of rows.
    """
    quoted = quote_each(scope, [(item(row), _began(row)) for row in rows])
    found = {row.pk: dict(amounts) for row, amounts in zip(rows, quoted, strict=True)}
    if not sees_cost(scope):
        return dict(found)
    paid = costs.prices(scope, TARGET, [row.pk for row in rows])
    for row in rows:
        price = paid.get(row.pk)
        if price is not None and price.cycle == row.billing_cycle:
            found[row.pk][Side.COST] = Amount(price.amount, price.currency, price.source)
    unpaid = [row for row in rows if row.pk not in paid and _seen(scope, row)]
    for pk, amount in _of_orders(scope, unpaid):
        found[pk][Side.COST] = amount
    return dict(found)


def untold(scope: Scope, ids: Sequence[int]) -> dict[int, costs.Price]:
    """What a seat costs of subscriptions of which no invoice line says it: at most three queries."""
    rows = list(scope.narrowed(RIGHT).filter(Subscription.objects.filter(pk__in=ids)))
    found = dict(_of_orders(scope, rows))
    rest = [row for row in rows if row.pk not in found]
    quoted = quote_each(scope, [(item(row), _began(row)) for row in rest])
    found |= {
        row.pk: amounts[Side.COST]
        for row, amounts in zip(rest, quoted, strict=True)
        if Side.COST in amounts
    }
    cycles = {row.pk: row.billing_cycle for row in rows}
    return {
        pk: costs.Price(one.value, one.currency, cycles[pk], None, one.source)
        for pk, one in found.items()
    }


def setup() -> None:
    """Tell prices where invoices do not; called once from AppConfig.ready."""
    costs.register_fallback(TARGET, costs.Source(RIGHT, untold))


def words(scope: Scope, row: Subscription) -> list[Line]:
    """The sides of one subscription that this person may see, in words."""
    found = of_subscriptions(scope, [row])[row.pk]
    return [_line(side, found.get(side), row) for side in shown(scope, row)]


def shown(scope: Scope, row: Subscription) -> list[Side]:
    """The sides of a subscription that this person may see."""
    found = sides(scope, row.reseller_id)
    return [side for side in found if side != Side.COST or _seen(scope, row)]


def _line(side: Side, amount: Amount | None, row: Subscription) -> Line:
    label = str(LABELS[side])
    if amount is None:
        return Line(label, formats.DASH, formats.DASH, "")
    seat = formats.money(amount.value, amount.currency)
    total = formats.DASH
    if row.quantity is not None:
        total = formats.money(amount.value * row.quantity, amount.currency)
    return Line(label, seat, total, amount.source)


def _began(row: Subscription) -> dt.date:
    """The day on which the term began; today where nobody knows."""
    start = row.effective_start_date or row.creation_date
    return start.astimezone(dt.UTC).date() if start else timezone.localdate()


def _seen(scope: Scope, row: Subscription) -> bool:
    """Whether this person sees what the connection of a row costs."""
    return any(scope.narrowed(right).sees_whole(row.connection_id) for right in COST_RIGHTS)


def _of_orders(scope: Scope, rows: Sequence[Subscription]) -> Iterable[tuple[int, Amount]]:
    """What the orders say from which these subscriptions came, where they were read."""
    wanted = {(row.connection_id, row.pc_id): row for row in rows}
    ids = {
        name
        for row in rows
        if row.order_pc_id
        for name in (row.order_pc_id, row.order_pc_id.lower())
    }
    if not ids:
        return
    connections = {row.connection_id for row in rows}
    orders = scope.filter(Order.objects.filter(connection__in=connections, pc_id__in=ids))
    items = KeyTransform("lineItems", "list_payload")
    told = orders.filter(gone_at=None).values_list(
        "connection_id", "currency", "billing_cycle", "creation_date", items
    )
    for connection_id, currency, cycle, at, line_items in told:
        payloads = children({"lineItems": line_items}, "lineItems")
        for payload, price in zip(payloads, lines.prices(line_items), strict=True):
            row = wanted.get((connection_id, identifier(payload.get("subscriptionId"))))
            if row is not None and price.one is not None and row.billing_cycle == cycle:
                yield row.pk, Amount(price.one, currency, _order_source(at))


def _order_source(at: dt.datetime | None) -> str:
    if at is None:
        return _("order price")
    return _("order price, %(day)s") % {"day": formats.date_short(at)}
