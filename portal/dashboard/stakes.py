"""The money that a line of the to-do list is about, for those who see cost: seats by the price of a seat.

Prices change with an invoice, so they are kept for some seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _

from orders.actions import TARGET
from portal.access.scope import Scope
from portal.outbox import costs
from portal.outbox.costs import Price
from portal.outbox.models import Command
from portal.ui import formats

KEPT_SECONDS = 20


@dataclass(frozen=True)
class Seats:
    """So many seats of a subscription."""

    subscription_id: int
    number: int


@dataclass(frozen=True)
class Stake:
    """An amount, and the words that say for how long and whose money it is."""

    amount: str
    note: str


def shown(scope: Scope) -> bool:
    """Whether this person is shown cost at all."""
    return costs.shown(scope, TARGET)


def of_change(command: Command) -> Seats | None:
    """The seats that a change adds or takes, where it changes their number."""
    before, after = command.before.get("quantity"), command.after.get("quantity")
    if command.target_type != TARGET or not isinstance(before, int) or not isinstance(after, int):
        return None
    return Seats(command.target_id, abs(after - before))


def priced(scope: Scope, found: Sequence[Seats | None]) -> list[Stake | None]:
    """What each comes to a billing cycle, net; None where the price is not known, or not to be seen."""
    ids = sorted({seats.subscription_id for seats in found if seats and seats.number})
    prices = _prices(scope, ids)
    return [_stake(seats, prices) for seats in found]


def _stake(seats: Seats | None, prices: Mapping[int, Price]) -> Stake | None:
    price = prices.get(seats.subscription_id) if seats and seats.number else None
    if seats is None or price is None:
        return None
    amount = formats.money(price.amount * seats.number, price.currency)
    return Stake(amount, _("cost, %(cycle)s") % {"cycle": formats.billing(price.cycle)})


def _prices(scope: Scope, ids: list[int]) -> Mapping[int, Price]:
    if not ids or not shown(scope):
        return {}
    seen = ",".join(map(str, ids))
    key = f"home-prices:{scope.user_id}:{scope.narrowed(costs.right(TARGET)).as_json}:{seen}"
    found: Mapping[int, Price] | None = cache.get(key.replace(" ", ""))
    if found is None:
        found = costs.prices(scope, TARGET, ids)
        cache.set(key.replace(" ", ""), found, KEPT_SECONDS)
    return found
