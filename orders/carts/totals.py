"""What a cart costs and what is charged for it, by side: for a billing cycle, and over the whole term. All net.

A promotion that was chosen with a line comes off what it costs, not off what is charged: the price book decides that.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.carts import promotion, savings
from orders.carts.models import Cart, CartLine
from orders.prices import quoting
from orders.prices.quoting import Amount, Item, Side
from portal.access.roles import COST_RIGHTS
from portal.access.scope import Scope
from portal.ui import formats

NAMES: dict[Side, Promise] = {
    Side.COST: gettext_lazy("Cost"),
    Side.RESELLER: gettext_lazy("Charge to the reseller"),
    Side.CUSTOMER: gettext_lazy("Charge to the customer"),
}
AZURE = "Azure"
_MONTHS = {"P1M": 1, "P1Y": 12, "P3Y": 36}
_CYCLES = {"monthly": 1, "annual": 12, "triennial": 36}


@dataclass(frozen=True)
class Sum:
    """An amount of one currency for each charge of a cycle; ``term`` over the terms, None if it is not known."""

    cycle: str
    currency: str
    amount: Decimal
    term: Decimal | None

    @property
    def shown(self) -> str:
        """In words, with its cycle."""
        return f"{formats.money(self.amount, self.currency)}, {formats.billing(self.cycle)}"

    @property
    def over_term(self) -> str:
        """The whole of it, "–" if it is not known."""
        return formats.DASH if self.term is None else formats.money(self.term, self.currency)


@dataclass(frozen=True)
class Total:
    """One side. ``unknown`` counts lines for which there is no price; ``by_use`` those that need none."""

    side: Side
    sums: list[Sum] = field(default_factory=list)
    unknown: int = 0
    by_use: int = 0

    @property
    def name(self) -> Promise:
        """The side's words."""
        return NAMES[self.side]


@dataclass(frozen=True)
class Priced:
    """A cart's lines with their amounts: for each line and visible side the price of one, or None.

    ``notes`` say of each line what it cost without its promotion, "" where there is nothing to say.
    """

    sides: tuple[Side, ...]
    units: list[list[Amount | None]]
    totals: list[Total]
    notes: list[str]

    @property
    def names(self) -> list[Promise]:
        """The sides in words, in their order."""
        return [NAMES[side] for side in self.sides]


def price(scope: Scope, cart: Cart, lines: Sequence[CartLine]) -> Priced:
    """Ask for the prices of all lines at once; what is unknown or not this person's to see is None."""
    sides = _sides(scope, cart)
    items = [_item(cart, line) for line in lines]
    today = cart.connection.now().date()
    found = quoting.quote(scope, items, today) if sides and items else []
    found = found or [{} for _line in lines]
    less = [promotion.taken_off(line, told, today) for line, told in zip(lines, found, strict=True)]
    found, notes = [told for told, _note in less], [note for _told, note in less]
    if _sees_cost(scope, cart):
        found = [_committed(line) or told for line, told in zip(lines, found, strict=True)]
    units = [[told.get(side) for side in sides] for told in found]
    notes = notes if Side.COST in sides else [""] * len(notes)
    return Priced(sides, units, [_total(side, lines, found) for side in sides], notes)


def _sides(scope: Scope, cart: Cart) -> tuple[Side, ...]:
    return tuple(quoting.sides(scope, cart.reseller_id))


def _sees_cost(scope: Scope, cart: Cart) -> bool:
    return any(scope.narrowed(right).sees_whole(cart.connection_id) for right in COST_RIGHTS)


def _committed(line: CartLine) -> Mapping[Side, Amount]:
    """What a savings plan costs for each charge: its commitment over the term. Nothing for all else."""
    hours, often = savings.HOURS.get(line.term), charges(line)
    if not line.commitment or not hours or not often:
        return {}
    value = Decimal(line.commitment["amount"]) * hours / often
    return {Side.COST: Amount(value, line.commitment["currency"], _("commitment"))}


def _item(cart: Cart, line: CartLine) -> Item:
    return Item(
        product_id=line.product_id,
        sku_id=line.sku_name.rpartition(":")[2],
        availability_id=line.availability_id,
        term=line.term,
        cycle=line.cycle,
        segment=line.segment,
        market=cart.customer.country,
        connection_id=cart.connection_id,
        customer_id=cart.customer_id,
        reseller_id=cart.reseller_id,
    )


def _total(side: Side, lines: Sequence[CartLine], found: Sequence[Mapping[Side, Amount]]) -> Total:
    sums: dict[tuple[str, str], list[Decimal | None]] = defaultdict(
        lambda: [Decimal(0), Decimal(0)]
    )
    missing: list[CartLine] = []
    for line, told in zip(lines, found, strict=True):
        amount = told.get(side)
        if amount is None:
            missing.append(line)
            continue
        here = sums[line.cycle, amount.currency]
        value, whole = amount.value * line.quantity, charges(line)
        here[0] = (here[0] or Decimal(0)) + value
        here[1] = None if here[1] is None or whole is None else here[1] + value * whole
    made = [
        Sum(cycle, currency, amount or Decimal(0), term)
        for (cycle, currency), (amount, term) in sorted(sums.items())
    ]
    by_use = sum(map(is_by_use, missing))
    return Total(side, made, len(missing) - by_use, by_use)


def is_by_use(line: CartLine) -> bool:
    """Whether nothing is billed for the line itself: an Azure plan, whose use is (create-azure-plan)."""
    product = line.sku.product if line.sku is not None else None
    return product is not None and product.product_type == AZURE and not line.term


def charges(line: CartLine) -> int | None:
    """How often a line is charged within its term; None where the term is shorter or has no end."""
    if line.end_date is not None:
        return None
    if line.cycle == "one_time":
        return 1 if line.term else None
    months, every = _MONTHS.get(line.term), _CYCLES.get(line.cycle)
    return months // every if months and every and months >= every else None
