"""How the list below a product or SKU stands: its age, whether the page asks for it by itself; having lists read."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from orders.catalogue import queries
from orders.catalogue.models import Product, Shelf, Sku
from orders.catalogue.part import AVAILABILITIES, OFFERS, PRODUCTS, SKUS
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.mirror import aging, families, refresh
from portal.ui.age import Age

OLD = dt.timedelta(hours=12)
FEW = 20
"""SKUs of which it is read at once on which terms they are sold."""


@dataclass(frozen=True)
class Reading:
    """``asks``: the page has the list read as soon as it is open. ``closed``: this cloud has none."""

    age: Age
    url: str
    asks: bool = False
    closed: bool = False

    @property
    def unread(self) -> bool:
        """Whether nobody knows yet what stands below."""
        return self.age.at is None and not self.closed


def may(scope: Scope, row: Product | Sku | Shelf) -> bool:
    """Whether a person may have it read."""
    return queries.may(scope, queries.READ, row)


def of(
    scope: Scope,
    row: Product | Sku,
    family: str,
    url: str,
    connection: Connection | None = None,
) -> Reading:
    """Tell it. Two queries, one more for what somebody asked for a moment ago."""
    owner = connection or row.connection
    at = queries.read_at(scope, row, family)
    place = row.place if isinstance(row, Product) else row.below
    if not aging.readable(owner, families.get(family)):
        return Reading(Age(at), url, closed=True)
    live = not (owner.is_retired or row.gone_at)
    may_ask = live and may(scope, row)
    target = refresh.Target(owner, family, parent=place)
    age = refresh.age(at, [target], url if may_ask else "")
    old = age.at is None or age.at + OLD < timezone.now()
    return Reading(age, url, asks=may_ask and old and not age.reading and not age.note)


def of_market(scope: Scope, market: str) -> Reading:
    """The catalogue of a market: the page itself asks for one that was never read."""
    url = f"{reverse('catalogue_read')}?{urlencode({'market': market})}"
    at, found = queries.complete_at(scope, market), _shelves(scope, market)
    targets = [refresh.Target(one.connection, PRODUCTS, parent=one.pc_id) for one in found]
    age = refresh.age(at, targets, url if targets else "")
    asks = bool(targets and market) and at is None
    return Reading(age, url, asks=asks and not age.reading and not age.note)


def ask_products(scope: Scope, market: str) -> int:
    """Have the lists of products of a market read, or of all; how many lists."""
    found = _shelves(scope, market)
    refresh.ask(refresh.Target(one.connection, PRODUCTS, parent=one.pc_id) for one in found)
    return len(found)


def ask_offers(scope: Scope, market: str) -> int:
    """Have the lists of legacy offers of a market read, or of all; how many lists."""
    places = {(one.connection, one.market) for one in _shelves(scope, market)}
    refresh.ask(refresh.Target(owner, OFFERS, parent=place) for owner, place in places)
    return len(places)


def ask_product(scope: Scope, row: Product) -> None:
    """Have its SKUs read, and on which terms those that are known are sold, if they are few."""
    _must(scope, row)
    known = list(queries.skus(scope, row)[: FEW + 1])
    below = [one.below for one in known] if len(known) <= FEW else []
    refresh.ask(
        [
            refresh.Target(row.connection, SKUS, parent=row.place),
            *(refresh.Target(row.connection, AVAILABILITIES, parent=one) for one in below),
        ]
    )


def ask_sku(scope: Scope, product: Product, row: Sku) -> None:
    """Have it read on which terms a SKU is sold."""
    _must(scope, row)
    refresh.ask([refresh.Target(product.connection, AVAILABILITIES, parent=row.below)])


def _must(scope: Scope, row: Product | Sku) -> None:
    if not may(scope, row):
        raise PermissionDenied


def _shelves(scope: Scope, market: str) -> list[Shelf]:
    return [one for one in queries.shelves(scope, market) if may(scope, one)]
