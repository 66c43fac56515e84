"""What a batch costs: row by row on its page, and in all before it is confirmed or approved."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from portal.access.scope import Scope
from portal.outbox import costs, verbs
from portal.outbox.batches import registry
from portal.outbox.models import Batch, BatchRow


@dataclass(frozen=True)
class Cost:
    """One row's cost in words, and where its price comes from."""

    amount: str
    source: str = ""


@dataclass(frozen=True)
class Total:
    """What the rows that can be done come to, one amount for each currency and billing cycle.

    ``unknown`` are the rows without a price.
    """

    label: str
    amounts: list[str] = field(default_factory=list)
    unknown: int = 0


def shown(scope: Scope, batch: Batch) -> bool:
    """Whether the batch has a cost, and this person may see it."""
    verb = verbs.find(batch.verb)
    bulk = registry.find(batch.verb)
    return bool(verb and bulk and bulk.cost and costs.shown(scope, verb.target_type))


def of_rows(scope: Scope, batch: Batch, rows: Iterable[BatchRow]) -> dict[int, Cost]:
    """The cost of each row by its id, of those that can be done; nothing for who sees no cost."""
    if not shown(scope, batch):
        return {}
    able = [row for row in rows if row.after]
    prices = costs.prices(scope, _target_type(batch), [row.target_id for row in able])
    return {row.pk: _cost(row, prices.get(row.target_id)) for row in able}


def total(scope: Scope, batch: Batch) -> Total | None:
    """The sum of the rows that can be done; None for who sees no cost."""
    if not shown(scope, batch):
        return None
    ready = batch.rows.filter(state=BatchRow.State.READY)
    rows = list(ready.values_list("target_id", "seats", "after__quantity"))
    prices = costs.prices(scope, _target_type(batch), [target_id for target_id, *_more in rows])
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    unknown = 0
    for target_id, seats, _quantity in rows:
        price = prices.get(target_id)
        if price is None or seats is None:
            unknown += 1
        else:
            sums[price.currency, price.cycle] += price.amount * seats
    label = str(registry.get(batch.verb).cost)
    signed = any(quantity is not None for _target, _seats, quantity in rows)
    amounts = [costs.amount(value, *key, signed=signed) for key, value in sorted(sums.items())]
    return Total(label, amounts, unknown)


def _cost(row: BatchRow, price: costs.Price | None) -> Cost:
    words = costs.words(price, row.seats, signed="quantity" in row.after)
    return Cost(words, price.source if price and row.seats is not None else "")


def _target_type(batch: Batch) -> str:
    return verbs.get(batch.verb).target_type
