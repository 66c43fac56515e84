"""What a change comes to a month, for rules by money: read with the portal's own eyes, shown to nobody.

Whoever asks may not see cost at all; the rule must know it all the same. A cost that is not known,
or in another currency than the rule's, counts as any amount: better ask once too often.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.access.entering import widened
from portal.access.scope import Scope
from portal.outbox import costs, verbs
from portal.outbox.approvals.models import Rule
from portal.outbox.batches import registry


@dataclass(frozen=True)
class Item:
    """One target of a verb, and the seats that the change is about; None if nobody knows them."""

    target_id: int
    seats: int | None


@dataclass(frozen=True)
class Sum:
    """A sum a month by currency; ``unknown`` says that some part of it could not be told."""

    amounts: dict[str, Decimal]
    unknown: bool

    def reaches(self, rule: Rule) -> bool:
        """Whether the rule's amount is reached, or might be. Nothing is nothing in any currency."""
        others = any(value for key, value in self.amounts.items() if key != _of(rule))
        return self.known_to_reach(rule) or self.unknown or others

    def known_to_reach(self, rule: Rule) -> bool:
        """Whether it is, without what is not known."""
        least = rule.least_amount
        return least is not None and self.amounts.get(_of(rule), Decimal(-1)) >= least


def has_cost(verb: str) -> bool:
    """Whether the verb costs anything; of one that cannot be asked for many it is not known."""
    bulk = registry.find(verb)
    return bulk is None or bool(bulk.cost)


def monthly(verb: str, items: Iterable[Item]) -> Sum:
    """What the changes come to a month, net, more and fewer seats alike. One query for all of them."""
    wanted = list(items)
    known = verbs.find(verb)
    if known is None:
        return Sum({}, unknown=bool(wanted))
    everybody = Scope.system()
    with widened(everybody):
        ids = [item.target_id for item in wanted]
        prices = costs.prices(everybody, known.target_type, ids)
    return summed(prices, wanted)


def summed(prices: Mapping[int, costs.Price], items: Iterable[Item]) -> Sum:
    """The same with prices that were read before."""
    amounts: dict[str, Decimal] = {}
    unknown = False
    for item in items:
        price = prices.get(item.target_id)
        seats = None if item.seats is None else abs(item.seats)
        amount = costs.a_month(price.amount, seats, price.cycle) if price else None
        if price is None or amount is None:
            unknown = True
            continue
        currency = price.currency.upper()
        amounts[currency] = amounts.get(currency, Decimal(0)) + amount
    return Sum(amounts, unknown)


def _of(rule: Rule) -> str:
    return rule.currency.upper()
