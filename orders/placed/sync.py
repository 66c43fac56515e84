"""Orders into the mirror: a customer's list when somebody looks and by age, one billing cycle of it on request."""

from collections.abc import Mapping, Sequence
from typing import Any

from customers import demand
from orders import tenancy
from orders.models import Order
from orders.placed import mapping
from orders.placed.part import BY_CYCLE, ORDERS, PART, TARGET, asked_as, parts
from portal.access import search
from portal.connections.models import Connection
from portal.mirror import hooks
from portal.mirror.families import Family, Listing, Representation, register
from portal.partnercenter.operations.orders import LIST_ORDERS, LIST_ORDERS_BY_BILLING_CYCLE

# Prices are on the lines only if asked for (the SDK's addition to both calls).
PRICED = {"include_price": "True"}

FAMILY = Family(
    name=ORDERS,
    model=Order,
    position=42,
    parent="customers",
    parent_column="customer_pc_id",
    on_demand=True,
    listing=Listing(
        operation=LIST_ORDERS,
        representation=Representation(name="list", columns=mapping.COLUMNS, map=mapping.order),
        path=lambda parent: {"customer_id": parent},
        query=lambda _connection, _parent: PRICED,
    ),
    joins=tenancy.JOINS,
    derived=tenancy.DERIVED,
)


def _of_cycle(_connection: Connection, parent: str) -> Mapping[str, Any]:
    return {"billingType": asked_as(parts(parent)[1])} | PRICED


NARROWED = Family(
    name=BY_CYCLE,
    model=Order,
    position=43,
    part_of=ORDERS,
    parent_column="stored.customer_pc_id || ':' || stored.billing_cycle",
    on_demand=True,
    listing=Listing(
        operation=LIST_ORDERS_BY_BILLING_CYCLE,
        representation=Representation(name="list", columns=mapping.COLUMNS, map=mapping.of_cycle),
        path=lambda parent: {"customer_id": parts(parent)[0]},
        query=_of_cycle,
    ),
    joins=tenancy.JOINS,
    derived=tenancy.DERIVED,
)

SEARCH = """
    SELECT t.id AS object_id, t.connection_id,
        CASE WHEN t.reseller_id IS NULL THEN '{}'::bigint[] ELSE ARRAY[t.reseller_id] END
            AS reseller_ids,
        t.pc_id AS title,
        concat_ws(' · ', nullif(t.name, ''), customer.name) AS subtitle,
        ARRAY[lower(t.pc_id)] AS keys,
        t.pc_id AS text
    FROM orders_order AS t LEFT JOIN customers_customer AS customer ON customer.id = t.customer_id
    WHERE t.gone_at IS NULL AND {where}
"""


def _reindex(_connection: Connection, ids: Sequence[int]) -> None:
    search.reindex(TARGET, ids)


def setup() -> None:
    """Register the families, their hooks, the search and the part that the tab asks for."""
    for family in (FAMILY, NARROWED):
        register(family)
        hooks.on_change(family.name, "search", _reindex)
    tenancy.setup(FAMILY)
    search.register(TARGET, SEARCH)
    demand.register(PART)
