"""Price sheets of a market: the recorded list prices, by view and month, as the CSV that partners read.

A price stands for a whole term, also where it is paid in instalments. The partner pays four fifths of the
list price where nothing else was recorded; what is worked out and not recorded can be paid in equal parts.
Prices rose on the recorded days; one product rises once more with the month after the emulator's first, so
that a sheet to come differs from today's.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from portal.emulator.catalogue import DATA, Item, title_of
from portal.reference.markets import market

HEADER = (
    *("ProductTitle", "ProductId", "SkuId", "SkuTitle", "Publisher", "SkuDescription"),
    *("UnitOfMeasure", "TermDuration", "BillingPlan", "Market", "Currency", "UnitPrice"),
    *("PricingTierRangeMin", "PricingTierRangeMax", "EffectiveStartDate", "EffectiveEndDate"),
    *("Tags", "ERP Price", "Segment"),
)
LICENSED, EXTENDED = "updatedlicensebased", "licensebasedest"
VIEWS: dict[str, frozenset[str]] = {
    LICENSED: frozenset({"OnlineServicesNCE"}),
    EXTENDED: frozenset({"OnlineServicesNCE"}),
    "licensebasedeos": frozenset(),
    "software": frozenset({"SoftwareSubscription", "Perpetual"}),
    "marketplace": frozenset({"SaaS"}),
    "azure_reservations": frozenset({"AzureReservation"}),
    "azure_consumption": frozenset(),
}
PARTNER_SHARE = Decimal("0.8")
EXTRA, EXTRA_WITHOUT_MONTHLY = Decimal("1.03"), Decimal("1.23")
RISING, RISE = "CFQ7TTC0LDPB", Decimal("1.08")
# Made-up but steady: what a dollar is in the currency of a market.
RATES = {
    "EUR": Decimal("0.92"),
    "GBP": Decimal("0.79"),
    "CHF": Decimal("0.88"),
    "CAD": Decimal("1.36"),
    "AUD": Decimal("1.52"),
    "NZD": Decimal("1.66"),
    "SEK": Decimal("10.5"),
    "NOK": Decimal("10.8"),
    "DKK": Decimal("6.9"),
    "BRL": Decimal("5.4"),
    "INR": Decimal(84),
    "JPY": Decimal(150),
    "KRW": Decimal(1350),
    "TWD": Decimal(32),
    "CNY": Decimal("7.2"),
}
SINCE, FOREVER = date(2019, 2, 1), date(9999, 12, 31)
CENT = Decimal("0.01")
MONTHS = {"P1M": 1, "P1Y": 12, "P3Y": 36}
CYCLE_MONTHS = {"monthly": 1, "annual": 12, "triennial": 36}
Terms = tuple[str, str, str, str]


@dataclass(frozen=True)
class Price:
    """A price in dollars for a term, from a day until another, which is the first of the next price."""

    product_id: str
    sku_id: str
    title: str
    sku_title: str
    kind: str
    segment: str
    term: str
    plan: str
    listed: Decimal
    partner: Decimal
    starts: date = SINCE
    ends: date = FOREVER

    def valid_in(self, first: date, after: date) -> bool:
        """Whether it holds on some day from ``first`` on and before ``after``."""
        return self.starts < after and self.ends > first

    def times(self, factor: Decimal) -> "Price":
        """The same, higher or lower."""
        listed, partner = (self.even(one * factor) for one in (self.listed, self.partner))
        return replace(self, listed=listed, partner=partner)

    def asked_in(self, country: str) -> "Price":
        """The same in the currency of a market."""
        rate = money(country)[1]
        return self if rate == 1 else self.times(rate)

    @property
    def parts(self) -> int:
        """In how many instalments it is paid."""
        return max(1, MONTHS.get(self.term, 1) // CYCLE_MONTHS.get(self.plan.lower(), 36))

    def even(self, value: Decimal) -> Decimal:
        """An amount that its instalments, in cents, come to."""
        return (value / self.parts).quantize(CENT) * self.parts


def sheet(view: str, country: str, month: date, anchor: date) -> bytes:
    """The sheet of a month (its first day). ``anchor`` is a day of the emulator's first month."""
    after = following(month)
    rows = (one for one in _prices(view, following(anchor)) if one.valid_in(month, after))
    return _written(rows, country)


def charge_cents(item: Item, began: date, anchor: date, country: str) -> int | None:
    """What one costs the partner each time it is charged, by the sheet of the day on which its term began.

    In cents of the market's currency; None for what stands on no sheet.
    """
    cycle = "onetime" if item.billing_cycle == "none" else item.billing_cycle
    key = (item.product_id, item.sku_id, item.term, cycle)
    for ends, cents in _charges(key, country, following(anchor)):
        if began < ends:
            return cents
    return None


def money(country: str) -> tuple[str, Decimal]:
    """The currency of a market's sheets, and how much of it is a dollar."""
    found = market(country)
    code = found.currency if found else ""
    return (code, RATES[code]) if code in RATES else ("USD", Decimal(1))


def following(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


@cache
def _prices(view: str, rise: date) -> tuple[Price, ...]:
    """The prices of a view, of all views where none is named."""
    kinds = VIEWS[view] if view else frozenset().union(*VIEWS.values())
    found = [one for one in _recorded(rise) if one.kind in kinds]
    return tuple(_extended(found)) if view == EXTENDED else tuple(found)


@cache
def _by_terms(rise: date) -> dict[Terms, list[Price]]:
    """All prices of a product, a SKU, a term and a cycle, the first to hold first."""
    found: dict[Terms, list[Price]] = {}
    for one in _prices("", rise):
        key = (one.product_id, one.sku_id, one.term, one.plan.lower())
        found.setdefault(key, []).append(one)
    return found


@cache
def _charges(key: Terms, country: str, rise: date) -> tuple[tuple[date, int], ...]:
    """What one charge comes to, until which day."""
    asked = [one.asked_in(country) for one in _by_terms(rise).get(key, ())]
    return tuple(
        (one.ends, int((one.partner / one.parts * 100).quantize(1, ROUND_HALF_UP))) for one in asked
    )


def _recorded(rise: date) -> Iterator[Price]:
    with (DATA / "nce-catalog.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["currency"] == "USD" and row["sku_id"]]
    announced = {
        (row["product_id"], row["sku_id"]): row for row in rows if row["announced_list_price"]
    }
    for row in rows:
        if not row["list_price"]:
            continue
        one = _price(row)
        later = announced.get((one.product_id, one.sku_id))
        if later is not None:
            day = date.fromisoformat(later["announced_from"])
            factor = Decimal(later["announced_list_price"]) / Decimal(later["list_price"])
            yield replace(one, ends=day)
            one = replace(one.times(factor), starts=day)
        if one.product_id == RISING:
            yield replace(one, ends=rise)
            one = replace(one.times(RISE), starts=rise)
        yield one


def _price(row: dict[str, str]) -> Price:
    listed = Decimal(row["list_price"])
    plan = row["billing_cycle"]
    found = Price(
        product_id=row["product_id"],
        sku_id=row["sku_id"],
        title=title_of(row) if row["product_title"].startswith("(") else row["product_title"],
        sku_title=title_of(row),
        kind=row["product_type"],
        segment=row["segment"],
        term=row["term"],
        plan="OneTime" if plan in {"", "none"} else plan,
        listed=listed,
        partner=Decimal(row["unit_price"] or listed * PARTNER_SHARE),
    )
    return found if row["unit_price"] else replace(found, partner=found.even(found.partner))


def _extended(found: Iterable[Price]) -> Iterator[Price]:
    """Extended Service Terms: a month at its list price and a little, or a twelfth of a year and more."""
    prices = list(found)
    monthly = {(one.product_id, one.sku_id, one.segment) for one in prices if one.term == "P1M"}
    for one in prices:
        if one.term == "P1M":
            yield one.times(EXTRA)
        elif (one.product_id, one.sku_id, one.segment) not in monthly and one.plan == "Annual":
            share = MONTHS.get(one.term)
            if share:
                extended = one.times(EXTRA_WITHOUT_MONTHLY / share)
                yield replace(extended, term="P1M", plan="Monthly")


def _written(rows: Iterable[Price], country: str) -> bytes:
    currency = money(country)[0]
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADER)
    for one in (row.asked_in(country) for row in rows):
        writer.writerow(
            (
                *(one.title, one.product_id, one.sku_id, one.sku_title, "Microsoft Corporation"),
                *(one.sku_title, "", one.term, one.plan, country, currency),
                *(one.partner, "", ""),
                *(_day(one.starts), _last_moment(one.ends), "License"),
                *(one.listed, one.segment),
            )
        )
    return text.getvalue().encode("utf-8-sig")


def _day(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year} 12:00:00 AM"


def _last_moment(ends: date) -> str:
    last = ends if ends == FOREVER else ends - timedelta(days=1)
    return f"{last.month}/{last.day}/{last.year} 11:59:59 PM"
