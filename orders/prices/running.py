"""What a running term costs and is charged at: one seat, one billing cycle, net.

Cost is what was paid last; else what its order said; else what the price sheet of the month in which the term
began asks, whose prices hold until it ends. Where none of these is known it is not told.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.utils import formats as django_formats
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Subscription
from orders.prices import told
from orders.prices.quoting import Amount, Item, Side, quote_each, sees_cost, sides
from portal.access.http import scope_of
from portal.access.roles import COST_RIGHTS
from portal.access.scope import Scope
from portal.mirror.reading import for_people
from portal.outbox import costs
from portal.ui import formats

LABELS = {
    Side.COST: gettext_lazy("Cost"),
    Side.RESELLER: gettext_lazy("Charge to the reseller"),
    Side.CUSTOMER: gettext_lazy("Charge to the customer"),
}
MONTHLY = {
    Side.COST: gettext_lazy("Cost a month, net"),
    Side.RESELLER: gettext_lazy("Charge to the reseller a month, net"),
    Side.CUSTOMER: gettext_lazy("Charge to the customer a month, net"),
}
TARGET = "subscription"
CENT = Decimal("0.01")
(RIGHT,) = COST_RIGHTS


@dataclass(frozen=True)
class Figure:
    """An amount for all seats and one month, net; ``note`` says where its price comes from and what was assumed."""

    value: Decimal
    currency: str
    note: str = ""


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


def of_subscriptions(scope: Scope, rows: Sequence[Subscription]) -> dict[int, dict[Side, Amount]]:
    """The amounts of running terms by subscription, of the sides that this person may see.

    At most two queries for any number of rows; one where the rows bring along what is ``told`` of them.
    """
    return quoted(scope, rows, quote_each(scope, [(item(row), began(row)) for row in rows]))


def quoted(
    scope: Scope, rows: Sequence[Subscription], quotes: Sequence[Mapping[Side, Amount]]
) -> dict[int, dict[Side, Amount]]:
    """The same where each row's ``item`` was quoted already for the day on which its term ``began``."""
    found = {row.pk: dict(amounts) for row, amounts in zip(rows, quotes, strict=True)}
    seen = [row for row in rows if _seen(scope, row)] if sees_cost(scope) else []
    for row, cost in told.costs(seen):
        if cost is not None:
            found[row.pk][Side.COST] = cost
    return found


def prices(scope: Scope, ids: Sequence[int]) -> dict[int, costs.Price]:
    """What a seat of subscriptions costs, of those whose cost the scope sees: at most two queries."""
    rows = scope.narrowed(RIGHT).filter(Subscription.objects.filter(pk__in=ids))
    read = for_people(rows).annotate(**{told.NAME: told.expression()})
    found = {row.pk: (row, cost) for row, cost in told.costs(list(read))}
    rest = [row for row, cost in found.values() if cost is None]
    for row, amounts in zip(
        rest, quote_each(scope, [(item(row), began(row)) for row in rest]), strict=True
    ):
        found[row.pk] = (row, amounts.get(Side.COST))
    return {
        pk: costs.Price(cost.value, cost.currency, row.billing_cycle.lower(), cost.source)
        for pk, (row, cost) in found.items()
        if cost is not None
    }


def a_month(amount: Amount, seats: int | None, cycle: str, note: str = "") -> Figure | None:
    """What so many seats come to a month at the price of a billing cycle; None where that cannot be said."""
    value = costs.a_month(amount.value, seats, cycle)
    if value is None:
        return None
    said = ", ".join(filter(None, (amount.source, note)))
    return Figure(value.quantize(CENT), amount.currency, said)


def monthly(scope: Scope, rows: Sequence[Subscription]) -> dict[int, dict[Side, Figure]]:
    """What running terms come to a month by subscription, of the sides that this person may see."""
    return in_months(rows, of_subscriptions(scope, rows))


def in_months(
    rows: Sequence[Subscription], found: Mapping[int, Mapping[Side, Amount]]
) -> dict[int, dict[Side, Figure]]:
    """What the amounts of rows come to a month for all seats."""
    return {
        row.pk: {
            side: figure
            for side, amount in found[row.pk].items()
            if (figure := a_month(amount, row.quantity, row.billing_cycle)) is not None
        }
        for row in rows
    }


def note(request: HttpRequest, rows: Sequence[Subscription]) -> None:
    """Give the rows of a list their figures a month, as ``monthly_<side>``."""
    found = monthly(scope_of(request), rows)
    for row in rows:
        for side in Side:
            setattr(row, f"monthly_{side}", found[row.pk].get(side))


def setup() -> None:
    """Enter the prices; called once from AppConfig.ready."""
    costs.register(TARGET, costs.Source(RIGHT, prices))


def words(scope: Scope, row: Subscription) -> list[Line]:
    """The sides of one subscription that this person may see, in words.

    Who knows the cost from elsewhere is told that there was no price on a sheet for a charge to follow from.
    """
    quotes = quote_each(scope, [(item(row), began(row))])
    found = quoted(scope, [row], quotes)[row.pk]
    reason = ""
    if Side.COST in found and Side.COST not in quotes[0]:
        month = django_formats.date_format(began(row), "F Y")
        reason = _("no price on a price sheet of %(month)s") % {"month": month}
    return [_line(side, found.get(side), row, reason) for side in shown(scope, row)]


def in_words(
    amount: Amount | None, row: Subscription, seats: int | None, *, signed: bool = False
) -> tuple[str, str]:
    """What so many seats come to for a billing cycle, and where that comes from; "–" where it is not known."""
    if amount is None or seats is None:
        return formats.DASH, ""
    total = amount.value * seats
    return costs.amount(total, amount.currency, row.billing_cycle, signed=signed), amount.source


def shown(scope: Scope, row: Subscription) -> list[Side]:
    """The sides of a subscription that this person may see."""
    found = sides(scope, row.reseller_id)
    return [side for side in found if side != Side.COST or _seen(scope, row)]


def _line(side: Side, amount: Amount | None, row: Subscription, reason: str) -> Line:
    label = str(LABELS[side])
    if amount is None:
        return Line(label, formats.DASH, formats.DASH, reason)
    seat = formats.money(amount.value, amount.currency)
    total = formats.DASH
    if row.quantity is not None:
        total = formats.money(amount.value * row.quantity, amount.currency)
    return Line(label, seat, total, amount.source)


def began(row: Subscription) -> dt.date:
    """The day on which the term began; today where nobody knows."""
    start = row.effective_start_date or row.creation_date
    return start.astimezone(dt.UTC).date() if start else timezone.localdate()


def _seen(scope: Scope, row: Subscription) -> bool:
    """Whether this person sees what the connection of a row costs."""
    return any(scope.narrowed(right).sees_whole(row.connection_id) for right in COST_RIGHTS)
