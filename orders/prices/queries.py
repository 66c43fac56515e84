"""Reads of price books, their rules and price sheets. The scope comes first.

A book is its owner's alone. The distributor's says how much is put on cost, so whoever sees no cost sees none
of its books; a reseller's books are not shown to its distributor.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from customers.models import Customer
from orders.catalogue import queries as catalogue
from orders.catalogue.models import Product, Shelf
from orders.prices.models import PriceBook, PriceRule, SheetPrice
from orders.prices.part import SHEETS, parts
from orders.prices.quoting import RIGHT
from portal.access.models import Reseller
from portal.access.roles import COST_RIGHTS
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.mirror.models import Freshness
from portal.mirror.reading import for_people

CHANGE = "prices.change"
(COST_RIGHT,) = COST_RIGHTS


def books(scope: Scope) -> QuerySet[PriceBook]:
    """The books whose owner this person works for, each with ``rule_count``."""
    counted = PriceRule.objects.filter(book=OuterRef("pk")).order_by()
    number = counted.values("book").annotate(n=Count("pk")).values("n")
    rows = PriceBook.objects.filter(_owned(scope)).select_related("connection", "reseller")
    return rows.annotate(rule_count=Coalesce(Subquery(number), 0))


def book(scope: Scope, pk: int) -> PriceBook:
    """One book; 404 where its owner is somebody else."""
    found = books(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def rules(scope: Scope, of: PriceBook | None = None) -> QuerySet[PriceRule]:
    """The rules of one book or of all, with whom they are for."""
    rows = PriceRule.objects.filter(_owned(scope))
    rows = rows if of is None else rows.filter(book=of)
    return rows.select_related("book", "for_reseller", "customer", "connection").annotate(
        product_title=Subquery(_titles())
    )


def rule(scope: Scope, pk: int) -> PriceRule:
    """One rule; 404 where its owner is somebody else."""
    found = rules(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def owners(scope: Scope) -> list[tuple[Connection, Reseller | None]]:
    """In whose name this person may keep books: connections whose cost is seen, and own resellers."""
    may = scope.narrowed(CHANGE)
    whole = [one for one in _connections(scope) if scope.can(CHANGE, one)]
    own = Reseller.objects.filter(pk__in=may.reseller_ids, gone_at=None)
    mine = own.select_related("connection").order_by("name", "pk")
    kept = [(one.connection, one) for one in mine if not one.connection.is_retired]
    return [*((one, None) for one in whole), *kept]


def resellers_of(scope: Scope, connection: Connection) -> QuerySet[Reseller]:
    """The indirect resellers of a connection that this person sees."""
    rows = scope.filter(Reseller.objects.filter(connection=connection, gone_at=None))
    return rows.order_by("name", "pk")


def customers_of(scope: Scope, owned: PriceBook, ids: Collection[str]) -> dict[str, Customer]:
    """The customers of these tenant ids to which a book's owner sells."""
    rows = scope.filter(Customer.objects.filter(connection=owned.connection_id, gone_at=None))
    return {one.pc_id: one for one in rows.filter(pc_id__in=list(ids)).only("pc_id", "name")}


def sheet_prices(scope: Scope) -> QuerySet[SheetPrice]:
    """The rows of all price sheets of connections whose cost this person sees."""
    rows = scope.narrowed(COST_RIGHT).filter(SheetPrice.objects.filter(gone_at=None))
    return for_people(rows, "connection") if scope.can(COST_RIGHT) else rows.none()


def months(scope: Scope) -> list[dt.date]:
    """The months of which a sheet was read, the newest first."""
    read = _read(scope).exclude(complete_at=None).values_list("parent", flat=True)
    return sorted({parts(name)[2] for name in read if name}, reverse=True)


def sheets_of(scope: Scope, market: str) -> list[tuple[Connection, str]]:
    """Where sheets of a market, or of all, may be read: connection and market."""
    seen = {one.pk: one for one in _connections(scope)}
    rows = Shelf.objects.filter(gone_at=None, connection__in=seen)
    rows = rows.filter(market=market) if market else rows
    pairs = rows.order_by().values_list("connection", "market").distinct()
    return [(seen[pk], name) for pk, name in sorted(pairs)]


def read_at(scope: Scope) -> dt.datetime | None:
    """When a price sheet was read last."""
    found: dt.datetime | None = _read(scope).aggregate(at=Max("complete_at"))["at"]
    return found


def markets(scope: Scope) -> list[str]:
    """The markets in which this person sees customers."""
    return catalogue.markets(scope)


def _connections(scope: Scope) -> list[Connection]:
    """The connections whose cost is seen."""
    seen = scope.narrowed(COST_RIGHT)
    rows = Connection.objects.filter(retired_at=None).order_by("name")
    if not seen.all_connections:
        rows = rows.filter(pk__in=seen.connection_ids)
    return list(rows) if scope.can(COST_RIGHT) else []


def _read(scope: Scope) -> QuerySet[Freshness]:
    """What was read of the sheets whose cost is seen."""
    seen = scope.narrowed(COST_RIGHT)
    rows = Freshness.objects.filter(family=SHEETS)
    return rows if seen.all_connections else rows.filter(connection__in=seen.connection_ids)


def _owned(scope: Scope) -> Q:
    """What belongs to whom this person works for."""
    if not scope.can(RIGHT):
        return Q(pk__in=[])
    mine = Q(reseller__in=scope.narrowed(RIGHT).reseller_ids)
    whole = scope.narrowed(COST_RIGHT)
    if whole.all_connections:
        return mine | Q(reseller=None)
    return mine | Q(reseller=None, connection__in=whole.connection_ids)


def _titles() -> QuerySet[Any, Any]:
    """What the catalogue calls a rule's product."""
    rows = Product.objects.filter(
        connection=OuterRef("connection"), pc_id=OuterRef("product_pc_id"), gone_at=None
    )
    return rows.order_by("pk").values("title")[:1]
