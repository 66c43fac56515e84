"""In which terms and billing cycles a product can be had: from the catalogue, in the customer's market."""

from dataclasses import dataclass

from django.db.models import Q

from orders.catalogue.models import Availability
from orders.models import Subscription
from orders.scheduling import terms
from portal.access.scope import Scope
from portal.ui import formats

_USUAL = (
    ("P1M", "monthly"),
    ("P1Y", "monthly"),
    ("P1Y", "annual"),
    ("P3Y", "monthly"),
    ("P3Y", "annual"),
    ("P3Y", "triennial"),
)


@dataclass(frozen=True)
class Option:
    """One term with one billing cycle, and the catalogue item that stands for it."""

    term: str
    cycle: str
    product: str

    @property
    def key(self) -> str:
        """As a form names it."""
        return f"{self.term}|{self.cycle}"

    @property
    def label(self) -> str:
        """In words."""
        return f"{formats.term(self.term)}, {formats.billing(self.cycle)}"


def of(scope: Scope, subscription: Subscription, product: str = "") -> list[Option]:
    """What is sold of ``product`` ("product:sku:availability", else the subscription's own), short terms first.

    Where the catalogue does not know it, the usual ones: Partner Center has the last word. One query.
    """
    wanted = product or subscription.offer_id
    found = {
        (term, cycle): Option(term, cycle, item)
        for item, sold in _rows(scope, subscription, wanted)
        for term, cycle in _pairs(sold)
    }
    if not found:
        return [Option(term, cycle, wanted) for term, cycle in _USUAL]
    return sorted(found.values(), key=lambda one: (terms.months(one.term), one.cycle))


def _pairs(sold: object) -> list[tuple[str, str]]:
    rows = sold if isinstance(sold, list) else []
    pairs = ((str(one.get("duration") or ""), str(one.get("billing_cycle") or "")) for one in rows)
    return [(term.upper(), cycle.lower()) for term, cycle in pairs if term and cycle]


def _rows(scope: Scope, subscription: Subscription, wanted: str) -> list[tuple[str, object]]:
    customer = subscription.customer
    parts = wanted.split(":")
    if not scope.can("catalogue.view") or customer is None or len(parts) != 3:
        return []
    rows = Availability.objects.filter(
        connection_id=subscription.connection_id,
        product_place__startswith=f"{customer.country}/",
        sku_pc_id=parts[1],
        gone_at=None,
    ).filter(Q(catalog_item_id__istartswith=f"{parts[0]}:{parts[1]}:"))
    known = list(rows.order_by("pk").values_list("catalog_item_id", "segment", "terms")[:50])
    own = {segment for item, segment, _terms in known if item.upper() == wanted.upper()}
    return [(item, sold) for item, segment, sold in known if not own or segment in own]


def choices(options: list[Option]) -> list[tuple[str, str]]:
    """For a select."""
    return [(option.key, option.label) for option in options]


def chosen(options: list[Option], term: str, cycle: str) -> Option | None:
    """The one with this term and cycle."""
    wanted = (term.upper(), cycle.lower())
    return next((one for one in options if (one.term, one.cycle) == wanted), None)


def is_longer(subscription: Subscription, option: Option) -> bool:
    """Whether a term is longer than the running one, and billed no more seldom than it is long."""
    longer = terms.months(option.term) > terms.months(subscription.term_duration)
    return longer and terms.fits(option.term, option.cycle)
