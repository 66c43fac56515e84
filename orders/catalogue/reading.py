"""How the list below a product or SKU stands: its age, and whether the page asks for it by itself."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from orders.catalogue import queries
from orders.catalogue.models import Product, Shelf, Sku
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.mirror import aging, families, refresh
from portal.ui.age import Age

OLD = dt.timedelta(hours=12)


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
