"""What a batch costs: row by row on its page, and in all before it is confirmed or approved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portal.access.scope import Scope
from portal.outbox import costs, verbs
from portal.outbox.batches import registry
from portal.outbox.models import Batch, BatchRow

Ready = tuple[int, int | None, int | None]
"""Of a row that can be done: its target, the seats that cost is about, and how many it is to have."""
SUMMED = (Batch.State.READY, Batch.State.AWAITING)


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


@dataclass(frozen=True)
class Told:
    """What a page of a batch says of cost: row by row by its id, and in all."""

    rows: dict[int, Cost] = field(default_factory=dict)
    total: Total | None = None


def tell(scope: Scope, batch: Batch, rows: Iterable[BatchRow] = (), *, summed: bool = True) -> Told:
    """The cost of rows that can be done, and ``summed`` while all can be; nothing for who sees no cost.

    The prices of both are asked for at once.
    """
    if not shown(scope, batch):
        return Told()
    able = [row for row in rows if row.after]
    ready = _ready(batch) if summed and batch.state in SUMMED else None
    ids = {row.target_id for row in able} | {one[0] for one in ready or ()}
    prices = costs.prices(scope, verbs.get(batch.verb).target_type, sorted(ids))
    found = {row.pk: _cost(row, prices.get(row.target_id)) for row in able}
    return Told(found, None if ready is None else _total(batch, ready, prices))


def _ready(batch: Batch) -> list[Ready]:
    rows = batch.rows.filter(state=BatchRow.State.READY)
    return list(rows.values_list("target_id", "seats", "after__quantity"))


def _total(batch: Batch, ready: list[Ready], prices: Mapping[int, costs.Price]) -> Total:
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    unknown = 0
    for target_id, seats, _quantity in ready:
        price = prices.get(target_id)
        if price is None or seats is None:
            unknown += 1
        else:
            sums[price.currency, price.cycle] += price.amount * seats
    label = str(registry.get(batch.verb).cost)
    signed = any(quantity is not None for _target, _seats, quantity in ready)
    amounts = [costs.amount(value, *key, signed=signed) for key, value in sorted(sums.items())]
    return Total(label, amounts, unknown)


def _cost(row: BatchRow, price: costs.Price | None) -> Cost:
    words = costs.words(price, row.seats, signed="quantity" in row.after)
    return Cost(words, price.source if price and row.seats is not None else "")
