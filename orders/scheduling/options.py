"""In which terms and billing cycles a product can be had: from the catalogue, in the customer's market."""

from collections import defaultdict
from collections.abc import Sequence
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


AT_MOST = 50
"""How many catalogue items of one SKU are looked at."""


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


Place = tuple[int, str, str, str]
"""Where something is sold: connection, country, product, SKU; ids in capitals."""
Known = list[tuple[str, str, object]]
"""Catalogue items there: id, segment, terms."""


def of(scope: Scope, subscription: Subscription, product: str = "") -> list[Option]:
    """What is sold of ``product`` ("product:sku:availability", else the subscription's own), short terms first.

    Where the catalogue does not know it, the usual ones: Partner Center has the last word. One query.
    """
    wanted = product or subscription.offer_id
    place = _place(subscription, wanted)
    return _options(wanted, _known(scope, {place} if place else set()).get(place, []))


def of_many(scope: Scope, rows: Sequence[Subscription]) -> dict[int, list[Option]]:
    """The same for the own products of many, by their ids here. One query for all of them."""
    places = {row.pk: _place(row, row.offer_id) for row in rows}
    known = _known(scope, {place for place in places.values() if place})
    return {row.pk: _options(row.offer_id, known.get(places[row.pk], [])) for row in rows}


def _options(wanted: str, known: Known) -> list[Option]:
    own = {segment for item, segment, _terms in known if item.upper() == wanted.upper()}
    found = {
        (term, cycle): Option(term, cycle, item)
        for item, segment, sold in known
        if not own or segment in own
        for term, cycle in _pairs(sold)
    }
    if not found:
        return [Option(term, cycle, wanted) for term, cycle in _USUAL]
    return sorted(found.values(), key=lambda one: (terms.months(one.term), one.cycle))


def _pairs(sold: object) -> list[tuple[str, str]]:
    rows = sold if isinstance(sold, list) else []
    pairs = ((str(one.get("duration") or ""), str(one.get("billing_cycle") or "")) for one in rows)
    return [(term.upper(), cycle.lower()) for term, cycle in pairs if term and cycle]


def _place(subscription: Subscription, wanted: str) -> Place | None:
    """None for what no catalogue of new commerce knows."""
    customer, parts = subscription.customer, wanted.upper().split(":")
    if customer is None or len(parts) != 3:
        return None
    return subscription.connection_id, customer.country, parts[0], parts[1]


def _known(scope: Scope, places: set[Place]) -> dict[Place | None, Known]:
    """What the catalogue has at these places, as far as it may be seen."""
    found: dict[Place | None, Known] = defaultdict(list)
    if not places or not scope.can("catalogue.view"):
        return found
    wanted = Q()
    for connection_id, country, product, sku in places:
        wanted |= Q(
            connection_id=connection_id,
            product_place__startswith=f"{country}/",
            sku_pc_id=sku,
            catalog_item_id__istartswith=f"{product}:{sku}:",
        )
    rows = Availability.objects.filter(wanted, gone_at=None).order_by("pk")
    told = rows.values_list("connection_id", "product_place", "catalog_item_id", "segment", "terms")
    for connection_id, place, item, segment, sold in told[: AT_MOST * len(places)]:
        product, sku = item.upper().split(":")[:2]
        key = (connection_id, place.partition("/")[0], product, sku)
        found[key].append((item, segment, sold))
    return found


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
