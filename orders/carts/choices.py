"""On which terms a SKU can be bought: each availability with each of its terms."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from orders.catalogue import words
from orders.catalogue.models import Availability, Segment, Sku
from portal.ui import formats

NO_CYCLE, ONCE = "none", "one_time"


@dataclass(frozen=True)
class Choice:
    """One way to buy it. ``refund`` is the length in which it can be given back, "" if none is told."""

    item_id: str
    segment: str
    term: str
    cycle: str
    currency: str
    refund: str = ""

    @property
    def key(self) -> str:
        """What a form sends."""
        return f"{self.item_id}|{self.term}|{self.cycle}"

    @property
    def label(self) -> str:
        """In words; the segment where it is not everybody's."""
        parts = [
            formats.term(self.term) if self.term else _("No term"),
            formats.billing(self.cycle),
        ]
        if self.segment != Segment.COMMERCIAL:
            parts.append(str(words.segment(self.segment)))
        return ", ".join(str(part) for part in parts)


def of_sku(sku: Sku, sold: Iterable[Availability]) -> list[Choice]:
    """All ways, those of everybody first. What has no term is bought once (create-azure-plan)."""
    found = [one for row in sold if row.is_purchasable for one in _of(sku, row)]
    return sorted(found, key=lambda one: (one.segment != Segment.COMMERCIAL, one.term, one.cycle))


def _of(sku: Sku, row: Availability) -> list[Choice]:
    place = (row.catalog_item_id, row.segment)
    cycles = dict.fromkeys(cycle_of(one) for one in sku.billing_cycles or [NO_CYCLE])
    if row.terms:
        # A savings plan's terms say nothing of billing: its SKU does.
        return [
            Choice(
                *place,
                term=str(one["duration"]),
                cycle=cycle,
                currency=row.currency,
                refund=next((r["until"] for r in one["refunds"] if r["until"]), ""),
            )
            for one in row.terms
            for cycle in ([cycle_of(one["billing_cycle"])] if one["billing_cycle"] else cycles)
        ]
    return [Choice(*place, term="", cycle=one, currency=row.currency) for one in cycles]


def cycle_of(value: str) -> str:
    """A billing cycle as the portal names it; what has none is bought once."""
    value = value.lower()
    return {NO_CYCLE: ONCE, "": ONCE, "onetime": ONCE}.get(value, value)


def find(found: Iterable[Choice], key: str) -> Choice | None:
    """The one that a form has sent."""
    return next((one for one in found if one.key == key), None)
