"""What a change costs the partner, net. The app that knows the prices of a target enters them.

Cost is shown to nobody but those who hold the right of the source: staff of resellers see no amount.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.access.scope import Scope
from portal.ui import formats

# Months that one payment is for.
MONTHS = {"monthly": 1, "annual": 12, "biennial": 24, "triennial": 36}


@dataclass(frozen=True)
class Price:
    """What one seat costs for one billing ``cycle``, net; ``source`` says in words where that comes from."""

    amount: Decimal
    currency: str
    cycle: str
    source: str


@dataclass(frozen=True)
class Source:
    """Who tells the prices of a target type, of those whose connection's cost the scope sees."""

    right: str
    prices: Callable[[Scope, Sequence[int]], Mapping[int, Price]]


_sources: dict[str, Source] = {}


def register(target_type: str, source: Source) -> None:
    """Enter the prices of a target type; called from AppConfig.ready."""
    _sources[target_type] = source


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


def a_month(price: Decimal, seats: int | None, cycle: str) -> Decimal | None:
    """What so many seats come to a month at the price of a billing cycle; None where that cannot be said."""
    months = MONTHS.get(cycle.lower())
    return None if months is None or seats is None else price * seats / months


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
