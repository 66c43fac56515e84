"""The catalogue into the mirror: by market, when somebody looks and by age, never in a run.

A market is one in which the connection has a customer. A list of products names no segment, so that it is
asked for once for each; SKUs and availabilities of nonprofit come only to who names that segment.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection as database
from django.utils import timezone

from orders.catalogue import mapping
from orders.catalogue.mapping import parts
from orders.catalogue.models import Availability, Offer, Product, Segment, Sku, View
from orders.catalogue.part import AVAILABILITIES, OFFERS, PRODUCTS, SKUS
from portal.connections.models import Connection
from portal.mirror import hooks
from portal.mirror.ending import end_with
from portal.mirror.families import Derived, Family, Listing, Pages, Representation, register
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import Forbidden, NotFound
from portal.partnercenter.operations.catalogue import (
    LIST_OFFER_CATEGORIES,
    LIST_OFFERS,
    LIST_PRODUCTS,
    LIST_SKUS,
)
from portal.partnercenter.operations.unlisted import LIST_AVAILABILITIES
from portal.partnercenter.spec import Operation

SHELVES = "orders_shelf"
MARKETS = "(SELECT DISTINCT connection_id, market AS pc_id, gone_at FROM orders_shelf)"
OFFER_PAGE = 500
# The segment, or the view, is not open to this partner: it has nothing to sell there.
DENIED = {"400030", "400036"}
PLAN = {"reservationScope": "AzurePlan"}


def products(client: PartnerClient, shelf: str) -> Iterator[Pages]:
    """Read a view of a market, each product with the ``segments`` whose list names it."""
    market, view = parts(shelf)
    query = {"country": market, "targetView": view} | _scope(view)
    began = timezone.now()
    if view != View.ONLINE_SERVICES:
        yield began, list(_rows(client, LIST_PRODUCTS, query))
        return
    found: dict[str, dict[str, Any]] = {}
    for segment in Segment.values:
        for row in _rows(client, LIST_PRODUCTS, query | {"targetSegment": segment}):
            kept = found.setdefault(str(row.get("id")), row | {"segments": []})
            kept["segments"].append(segment)
    yield began, list(found.values())


def skus(client: PartnerClient, place: str) -> Iterator[Pages]:
    """Read the SKUs of a product, those for nonprofit customers too."""
    market, view, product_id = parts(place)
    query = {"country": market} | _scope(view)
    path = {"product_id": product_id}
    began = timezone.now()
    found = {row.get("id"): row for row in _rows(client, LIST_SKUS, query, **path)}
    if view == View.ONLINE_SERVICES:
        more = query | {"targetSegment": Segment.NONPROFIT.value}
        found |= {row.get("id"): row for row in _optional(client, LIST_SKUS, more, path)}
    yield began, list(found.values())


def availabilities(client: PartnerClient, place: str) -> Iterator[Pages]:
    """Read the availabilities of a SKU; where nobody else may buy it, those for nonprofit customers."""
    market, view, product_id, sku_id = parts(place)
    path, query = {"product_id": product_id, "sku_id": sku_id}, {"country": market}
    began = timezone.now()
    found = list(_rows(client, LIST_AVAILABILITIES, query, **path))
    if not found and view == View.ONLINE_SERVICES:
        more = query | {"targetSegment": Segment.NONPROFIT.value}
        found = list(_optional(client, LIST_AVAILABILITIES, more, path))
    # Product and SKU stand inside each; they are rows of their own.
    yield began, [{**row, "product": None, "sku": None} for row in found]


def offers(client: PartnerClient, market: str) -> Iterator[Pages]:
    """Read the legacy offers of a market; the list of categories names those that an offer but points to."""
    query = {"country": market}
    began = timezone.now()
    named = {row.get("id"): row for row in _rows(client, LIST_OFFER_CATEGORIES, query)}
    for row_page in client.pages(LIST_OFFERS, query={**query, "size": OFFER_PAGE}):
        rows = [
            {
                **row,
                "category": named.get((row.get("category") or {}).get("id"), row.get("category")),
            }
            for row in row_page.items
        ]
        yield began, rows


def _scope(view: str) -> dict[str, str]:
    """Reservations are those for an Azure plan: the older Azure offer is not sold any more."""
    return PLAN if view == View.RESERVATIONS else {}


def _rows(
    client: PartnerClient, operation: Operation[Any], query: Mapping[str, str], **path: Any
) -> Iterator[dict[str, Any]]:
    """The rows of a list; none where it is not open to this partner."""
    try:
        for page in client.pages(operation, query=query, **path):
            yield from page.items
    except Forbidden as error:
        if error.code not in DENIED:
            raise


def _optional(
    client: PartnerClient,
    operation: Operation[Any],
    query: Mapping[str, str],
    path: Mapping[str, str],
) -> Sequence[dict[str, Any]]:
    """The same where what stands above may not be sold to this segment at all."""
    try:
        return list(_rows(client, operation, query, **path))
    except NotFound:
        return ()


def _family(name: str, listing: Listing, **more: Any) -> Family:
    return Family(name=name, listing=listing, on_demand=True, **more)


PRODUCT_FAMILY = _family(
    PRODUCTS,
    Listing(
        operation=LIST_PRODUCTS,
        representation=Representation(
            name="list", columns=mapping.PRODUCT_COLUMNS, map=mapping.product
        ),
        read=products,
    ),
    model=Product,
    position=70,
    key=("shelf", "pc_id"),
    parent="shelves",
    parent_table=SHELVES,
    parent_column="shelf",
    calls=2,
)
SKU_FAMILY = _family(
    SKUS,
    Listing(
        operation=LIST_SKUS,
        representation=Representation(name="list", columns=mapping.SKU_COLUMNS, map=mapping.sku),
        read=skus,
    ),
    model=Sku,
    position=71,
    key=("place", "pc_id"),
    parent=PRODUCTS,
    parent_key="parent.shelf || '/' || parent.pc_id",
    parent_column="place",
    calls=2,
    joins=(
        " LEFT JOIN orders_product AS product ON product.connection_id = own.id"
        " AND product.shelf = incoming.shelf AND product.pc_id = incoming.product_pc_id"
    ),
    derived=(Derived(column="product_id", value="product.id", keep=True),),
)
AVAILABILITY_FAMILY = _family(
    AVAILABILITIES,
    Listing(
        operation=LIST_AVAILABILITIES,
        representation=Representation(
            name="list", columns=mapping.AVAILABILITY_COLUMNS, map=mapping.availability
        ),
        read=availabilities,
    ),
    model=Availability,
    position=72,
    key=("place", "pc_id"),
    parent=SKUS,
    parent_key="parent.place || '/' || parent.pc_id",
    parent_column="place",
    joins=(
        " LEFT JOIN orders_sku AS sku ON sku.connection_id = own.id"
        " AND sku.place = incoming.product_place AND sku.pc_id = incoming.sku_pc_id"
    ),
    derived=(
        Derived(column="sku_id", value="sku.id", keep=True),
        Derived(column="product_id", value="sku.product_id", keep=True),
    ),
)
OFFER_FAMILY = _family(
    OFFERS,
    Listing(
        operation=LIST_OFFERS,
        representation=Representation(
            name="list", columns=mapping.OFFER_COLUMNS, map=mapping.offer
        ),
        read=offers,
    ),
    model=Offer,
    position=73,
    key=("market", "pc_id"),
    parent="markets",
    parent_table=MARKETS,
    parent_column="market",
    calls=2,
)


def follow_customers(connection: Connection, ids: Sequence[int]) -> None:
    """A customer in a country makes it a market whose catalogue is worth reading."""
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_shelf (connection_id, pc_id, market, view)"
            " SELECT DISTINCT customer.connection_id, customer.country || '/' || view,"
            " customer.country, view"
            " FROM customers_customer AS customer, unnest(%s::text[]) AS view"
            " WHERE customer.id = ANY(%s) AND customer.connection_id = %s"
            " AND customer.gone_at IS NULL AND customer.country <> ''"
            " ON CONFLICT (connection_id, pc_id) DO NOTHING",
            [list(View.values), list(ids), connection.pk],
        )


def follow_products(_connection: Connection, ids: Sequence[int]) -> None:
    """What belongs to a product that went is gone too."""
    end_with(Availability, "sku", end_with(Sku, "product", ids))


def follow_skus(_connection: Connection, ids: Sequence[int]) -> None:
    """And what belongs to a SKU."""
    end_with(Availability, "sku", ids)


def setup() -> None:
    """Register families and hooks (from ``AppConfig.ready``)."""
    for family in (PRODUCT_FAMILY, SKU_FAMILY, AVAILABILITY_FAMILY, OFFER_FAMILY):
        register(family)
    hooks.on_change("customers", "catalogue", follow_customers)
    hooks.on_change(PRODUCTS, "catalogue", follow_products)
    hooks.on_change(SKUS, "catalogue", follow_skus)
