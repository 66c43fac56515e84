"""What the next term or the next charge is told to be, checked against what is sold (rule term_change)."""

from datetime import date
from functools import cache

from portal.emulator import catalogue
from portal.emulator.catalogue import Item
from portal.emulator.clock import parse_moment
from portal.emulator.errors import Refusal
from portal.emulator.founding import lower
from portal.emulator.model import JSON, Subscription, last_day

_MONTHS = {"P1M": 1, "P1Y": 12, "P3Y": 36}
_CYCLE_MONTHS = {"monthly": 1, "annual": 12, "triennial": 36}


def months(term: str) -> int:
    """Return how long a term is, 0 for one that nobody sells."""
    return _MONTHS.get(term.upper(), 0)


@cache
def _by_sku() -> dict[tuple[str, str], tuple[Item, ...]]:
    found: dict[tuple[str, str], list[Item]] = {}
    for item in (*catalogue.seat_items(), *catalogue.software_items()):
        found.setdefault((item.product_id, item.sku_id), []).append(item)
    return {key: tuple(items) for key, items in found.items()}


def of_sku(product_id: str, sku_id: str) -> tuple[Item, ...]:
    """Return every term and cycle in which a SKU is sold; empty for an unknown one."""
    return _by_sku().get((product_id.upper(), sku_id.upper()), ())


def sold(product_id: str, sku_id: str, term: str, cycle: str) -> Item:
    """Return what is bought by these. Raise ``Refusal`` for what is not sold so."""
    same = of_sku(product_id, sku_id)
    if not same:
        raise Refusal(800004)
    of_term = [item for item in same if item.term == term.upper()]
    if not of_term:
        raise Refusal(800121)
    if _CYCLE_MONTHS.get(cycle.lower(), 0) > months(term):
        raise Refusal(900270)
    for item in of_term:
        if item.billing_cycle == cycle.lower():
            return item
    raise Refusal(900269)


def target(item: Item, told: JSON) -> Item:
    """Return what instructions lead to; what they leave out stays as ``item`` has it."""
    product = lower(lower(told).get("product") or {})
    return sold(
        str(product.get("productid") or item.product_id),
        str(product.get("skuid") or item.sku_id),
        str(product.get("termduration") or item.term),
        str(product.get("billingcycle") or item.billing_cycle),
    )


def quantity(told: JSON, current: int) -> int:
    """Return the seats of the next term. Raise ``Refusal`` for what is no number."""
    value = lower(told).get("quantity", current)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refusal(800002, "The quantity of the instructions must be a whole number.")
    return value


def ends(told: JSON) -> date | None:
    """Return the day on which the next term shall end, None for its whole length."""
    text = lower(told).get("customtermenddate")
    if not text:
        return None
    try:
        return parse_moment(str(text)).date()
    except ValueError as error:
        raise Refusal(900242) from error


def check(item: Subscription, told: JSON) -> None:
    """Refuse instructions for the next term that cannot be kept; change nothing."""
    found = target(item.item, told)
    seats = quantity(told, item.quantity)
    if seats > found.largest:
        raise Refusal(800067)
    if seats < found.smallest:
        raise Refusal(900275)
    wanted = ends(told)
    if wanted is None or item.last_day is None:
        return
    longest = last_day(item.last_day, found.term)
    if not item.last_day < wanted or (longest is not None and wanted > longest):
        raise Refusal(900245)


def next_charge(item: Item, seats: int) -> JSON:
    """Return ``nextChargeInstructions``: from the next charge on it is billed as ``item``."""
    return {
        "product": {
            "productId": item.product_id,
            "skuId": item.sku_id,
            "availabilityId": item.availability_id,
            "billingCycle": item.billing_cycle.capitalize(),
            "termDuration": item.term,
        },
        "quantity": seats,
    }
