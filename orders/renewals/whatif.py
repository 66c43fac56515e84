"""What each choice at the end of a term would cost or be charged, a month, net: an estimate by side.

Now: what the running term costs and is charged at. Renew: the same terms on the day after the last, at a price that is announced for it, else
today's with a percentage that somebody assumes. Monthly: a term of a month. Extended: a month of the Extended Service
Term by its price sheet, else the monthly price with the surcharge that is known at second hand.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from orders.catalogue.models import Availability
from orders.models import Subscription
from orders.prices import quoting, running
from orders.prices.quoting import Amount, Item, Side
from orders.prices.running import Figure
from orders.renewals import lifecycle
from orders.renewals.lifecycle import Lifecycle
from portal.access.scope import Scope
from portal.ui import formats

MONTHLY_TERM = "P1M"


class Way(StrEnum):
    """What may become of a subscription, beside what it is now."""

    NOW = "now"
    RENEW = "renew"
    MONTHLY = "monthly"
    EXTENDED = "extended"
    CANCEL = "cancel"


Figures = Mapping[Side, Figure]


@dataclass(frozen=True)
class Line:
    """One subscription: what this person sees of each way. A side that is not known is absent."""

    row: Subscription
    sides: tuple[Side, ...]
    ways: Mapping[Way, Figures]


@dataclass
class Total:
    """Of one side in one currency: the sum of each way, of how many subscriptions, and of how many it is not known."""

    side: Side
    currency: str
    sums: dict[Way, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    known: dict[Way, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True)
class Book:
    """The lines with their totals. ``unpriced``: lines of which this person is told no amount at all."""

    lines: list[Line]
    totals: list[Total]
    unpriced: int


def words(way: Way) -> str:
    """A way as people read it."""
    told = {
        Way.NOW: _("Now"),
        Way.RENEW: _("Renew for another term"),
        Way.MONTHLY: _("Go on with terms of a month"),
        Way.EXTENDED: _("Extended Service Term"),
        Way.CANCEL: _("Cancel at the end of the term"),
    }
    return told[way]


def book(scope: Scope, rows: Sequence[Subscription], percent: Decimal | None = None) -> Book:
    """What each way would come to for these subscriptions. A constant number of queries."""
    lines = compare(scope, rows, percent)
    totals: dict[tuple[Side, str], Total] = {}
    for line in lines:
        for way, figures in line.ways.items():
            for side, figure in figures.items():
                key = (side, figure.currency)
                total = totals.setdefault(key, Total(*key))
                total.sums[way] += figure.value
                total.known[way] += 1
    places = list(Side)
    found = sorted(totals.values(), key=lambda one: (places.index(one.side), one.currency))
    return Book(lines, found, sum(not any(line.ways.values()) for line in lines))


def compare(
    scope: Scope, rows: Sequence[Subscription], percent: Decimal | None = None
) -> list[Line]:
    """A line for each subscription: three prices today, three on the day its next term would begin."""
    today = lifecycle.today().date()
    asked = [(item, day) for row in rows for day in (today, _next(row)) for item in _items(row)]
    quotes = quoting.quote_each(scope, asked)
    now = running.monthly(scope, rows)
    without = _without_monthly(rows)
    found = []
    for place, row in enumerate(rows):
        six = quotes[place * 6 : place * 6 + 6]
        told = _Prices(row, six[:3], six[3:], percent, row_key(row) in without)
        sides = quoting.sides(scope, row.reseller_id)
        found.append(Line(row, sides, told.ways(sides, now[row.pk])))
    return found


def coming(scope: Scope, rows: Sequence[Subscription]) -> list[tuple[Figures, Figures]]:
    """What each row comes to a month now, and renewed: one query where the rows bring along what is told of them."""
    today = lifecycle.today().date()
    quotes = quoting.quote_each(scope, [one for row in rows for one in _three(row, today)])
    now = running.in_months(rows, running.quoted(scope, rows, quotes[::3]))
    found: list[tuple[Figures, Figures]] = []
    for row, price, then in zip(rows, quotes[1::3], quotes[2::3], strict=True):
        prices = _Prices(row, [price], [then], None, has_no_monthly=False)
        renewed = {side: prices.renewed(side) for side in quoting.sides(scope, row.reseller_id)}
        found.append((now[row.pk], {side: one for side, one in renewed.items() if one}))
    return found


def _three(row: Subscription, today: dt.date) -> list[tuple[Item, dt.date]]:
    """A row as its term began, and on the terms of its renewal: today, and on the day its next term would begin."""
    renewed = _items(row)[0]
    return [(running.item(row), running.began(row)), (renewed, today), (renewed, _next(row))]


def _items(row: Subscription) -> list[Item]:
    """The subscription on its own terms, by the month, and in an Extended Service Term."""
    own = running.item(row)
    same = replace(own, term=row.renewal_term_duration or own.term)
    monthly = replace(same, term=MONTHLY_TERM, cycle="monthly")
    return [same, monthly, replace(monthly, term=quoting.EXTENDED)]


def _next(row: Subscription) -> dt.date:
    last = lifecycle.last_day(row)
    return last + lifecycle.DAY if last else lifecycle.today().date()


def row_key(row: Subscription) -> tuple[str, str]:
    """A product and its SKU."""
    return (row.product_id, row.sku_id)


def _without_monthly(rows: Iterable[Subscription]) -> set[tuple[str, str]]:
    """Products that are known to have no plan of a month: their availabilities were read and none has it."""
    wanted = {row.product_id for row in rows if row.product_id}
    read = Availability.objects.filter(gone_at=None, sku__product_pc_id__in=wanted)
    terms: dict[tuple[str, str], set[str]] = defaultdict(set)
    for product, sku, durations in read.values_list(
        "sku__product_pc_id", "sku_pc_id", "durations"
    ).order_by():
        terms[(product, sku)].update(durations or [])
    return {key for key, found in terms.items() if found and MONTHLY_TERM not in found}


@dataclass(frozen=True)
class _Prices:
    """The quotes of one subscription: on its own terms, by the month, extended; today and on its next day."""

    row: Subscription
    today: Sequence[Mapping[Side, Amount]]
    then: Sequence[Mapping[Side, Amount]]
    percent: Decimal | None
    has_no_monthly: bool

    def ways(self, sides: Iterable[Side], running_term: Figures) -> dict[Way, dict[Side, Figure]]:
        """Every way with the sides that are known."""
        found: dict[Way, dict[Side, Figure]] = {way: {} for way in Way}
        for side in sides:
            told = {
                Way.NOW: running_term.get(side),
                Way.RENEW: self.renewed(side),
                Way.MONTHLY: self._coming(1, side),
                Way.EXTENDED: self._extended(side),
            }
            known = {way: figure for way, figure in told.items() if figure is not None}
            for way, figure in known.items():
                found[way][side] = figure
            if known:
                currency = next(iter(known.values())).currency
                found[Way.CANCEL][side] = Figure(Decimal(0), currency)
        return found

    def renewed(self, side: Side) -> Figure | None:
        """On its own terms from the day on which its next one would begin."""
        return self._coming(0, side)

    def _coming(self, place: int, side: Side) -> Figure | None:
        """The price of the day itself where it is another one already, else today's with what is assumed."""
        cycle = self.row.billing_cycle if place == 0 else "monthly"
        now, then = self.today[place].get(side), self.then[place].get(side)
        if then is not None and (now is None or then.value != now.value):
            return self._figure(then, cycle, _("announced"))
        if now is None:
            return None
        return self._assumed(self._figure(now, cycle))

    def _extended(self, side: Side) -> Figure | None:
        if lifecycle.of(self.row) not in {Lifecycle.CHOICES, Lifecycle.UNKNOWN}:
            return None
        listed = self._coming(2, side)
        if listed is not None:
            return listed
        rules = lifecycle.rules()
        base, above = self._coming(1, side), rules.uplift_percent
        if base is None and self.has_no_monthly:
            base, above = self._coming(0, side), rules.uplift_without_monthly_plan_percent
        return None if base is None else _raised(base, Decimal(above))

    def _assumed(self, figure: Figure | None) -> Figure | None:
        return _raised(figure, self.percent) if figure and self.percent else figure

    def _figure(self, amount: Amount, cycle: str, note: str = "") -> Figure | None:
        return running.a_month(amount, self.row.quantity, cycle, note)


def _raised(figure: Figure, percent: Decimal) -> Figure:
    """So many percent more."""
    value = (figure.value * (100 + percent) / 100).quantize(running.CENT)
    said = _("%(n)s %% assumed") % {"n": formats.number(percent)}
    return Figure(value, figure.currency, ", ".join(filter(None, (figure.note, said))))
