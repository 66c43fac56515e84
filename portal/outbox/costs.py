"""What a change costs the partner, net. The app that reads invoices enters the prices.

Cost is shown to nobody but those who hold the right of the source: staff of resellers see no amount.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import formats as django_formats
from django.utils.translation import gettext as _

from portal.access.scope import Scope
from portal.ui import formats


@dataclass(frozen=True)
class Price:
    """What one seat cost for one billing ``cycle``, net; ``month`` is that of the invoice that says so.

    ``origin`` says in words where it comes from, if it is no invoice line.
    """

    amount: Decimal
    currency: str
    cycle: str
    month: dt.date | None
    origin: str = ""

    @property
    def source(self) -> str:
        """Where the price comes from, in words."""
        if self.origin:
            return self.origin
        if self.month is None:
            return _("last invoice line")
        return _("last invoice line, %(month)s") % {
            "month": django_formats.date_format(self.month, "F Y")
        }


@dataclass(frozen=True)
class Source:
    """Who tells the prices of a target type, of those whose connection's cost the scope sees."""

    right: str
    prices: Callable[[Scope, Sequence[int]], Mapping[int, Price]]


_sources: dict[str, Source] = {}
_fallbacks: dict[str, Source] = {}


def register(target_type: str, source: Source) -> None:
    """Enter the prices of a target type; called from AppConfig.ready."""
    _sources[target_type] = source


def register_fallback(target_type: str, source: Source) -> None:
    """Enter who tells a price where no invoice does; called from AppConfig.ready."""
    _fallbacks[target_type] = source


def shown(scope: Scope, target_type: str) -> bool:
    """Whether this person is shown cost at all."""
    found = _sources.get(target_type)
    return found is not None and scope.can(found.right)


def right(target_type: str) -> str:
    """The right that shows the cost of a target type. Raises KeyError where none is told."""
    return _sources[target_type].right


def prices(scope: Scope, target_type: str, ids: Sequence[int]) -> Mapping[int, Price]:
    """The price of a seat by target; what is missing is not known, or not this person's to see."""
    if not ids or not shown(scope, target_type):
        return {}
    return _sources[target_type].prices(scope, ids)


def known(scope: Scope, target_type: str, ids: Sequence[int]) -> Mapping[int, Price]:
    """The same, and where no invoice says it what orders and price sheets do."""
    found = dict(prices(scope, target_type, ids))
    missing = [pk for pk in ids if pk not in found]
    fallback = _fallbacks.get(target_type)
    if fallback is None or not missing or not scope.can(fallback.right):
        return found
    return found | dict(fallback.prices(scope, missing))


def amount(value: Decimal, currency: str, cycle: str, *, signed: bool = False) -> str:
    """An amount in words: "+60.00 EUR, monthly"."""
    shown_amount = formats.money(value, currency)
    if signed and value > 0:
        shown_amount = f"+{shown_amount}"
    return f"{shown_amount}, {formats.billing(cycle)}" if cycle else shown_amount


def words(price: Price | None, seats: int | None, *, signed: bool = False) -> str:
    """What so many seats cost, in words; "unknown" where the price or the number is not known."""
    if price is None or seats is None:
        return _("unknown")
    return amount(price.amount * seats, price.currency, price.cycle, signed=signed)
