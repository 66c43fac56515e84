"""Customers and their reseller links into the mirror.

Relationships are read with one list per reseller, not one call per customer; a single customer is asked
only when an audit record names it.
"""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from django.db import connection as database

from customers import mapping
from customers.models import Customer, ResellerLink
from portal.access import search
from portal.connections.models import Connection
from portal.mirror import dirty, hooks
from portal.mirror.families import Derived, Detail, Family, Listing, Representation, register
from portal.partnercenter.operations.customers import GET_CUSTOMER, LIST_CUSTOMERS
from portal.partnercenter.operations.relationships import (
    LIST_CUSTOMERS_OF_RESELLER,
    LIST_RESELLERS_OF_CUSTOMER,
)

PAGE = 500


def details_due(connection: Connection, _since: dt.datetime) -> None:
    """Mark customers whose address nobody has read yet, or that changed since, for spare budget."""
    unread = Customer.objects.filter(
        connection=connection, gone_at=None, detail_observed_at=None
    ).values_list("pc_id", flat=True)
    dirty.mark(
        connection,
        "customers",
        [("", pc_id) for pc_id in unread],
        reason="unread",
        priority=dirty.BACKGROUND,
    )


CUSTOMERS = Family(
    name="customers",
    model=Customer,
    position=20,
    listing=Listing(
        operation=LIST_CUSTOMERS,
        representation=Representation(
            name="list", columns=mapping.LIST_COLUMNS, map=mapping.listed
        ),
        query=lambda _connection, _parent: {"size": PAGE},
    ),
    detail=Detail(
        operation=GET_CUSTOMER,
        representation=Representation(
            name="detail", columns=mapping.DETAIL_COLUMNS, map=mapping.detailed
        ),
        path=lambda _parent, key: {"customer_id": key},
    ),
    details_due=details_due,
)


def _of_reseller(_connection: Connection, parent: str) -> dict[str, Any]:
    chosen = {"Field": "IndirectReseller", "Value": parent, "Operator": "starts_with"}
    return {"size": PAGE, "filter": json.dumps(chosen, separators=(",", ":"))}


RELATIONSHIPS = Family(
    name="relationships",
    model=ResellerLink,
    position=30,
    key=("customer_pc_id", "reseller_pc_id"),
    parent="resellers",
    parent_column="reseller_pc_id",
    listing=Listing(
        operation=LIST_CUSTOMERS_OF_RESELLER,
        representation=Representation(
            name="list",
            columns=mapping.LINK_COLUMNS,
            map=mapping.customer_of_reseller,
            keeps_payload=False,
        ),
        query=_of_reseller,
    ),
    rescope=Listing(
        operation=LIST_RESELLERS_OF_CUSTOMER,
        representation=Representation(
            name="list",
            columns=mapping.LINK_COLUMNS,
            map=mapping.reseller_of_customer,
            keeps_payload=False,
        ),
        path=lambda parent: {"customer_id": parent},
    ),
    rescope_column="customer_pc_id",
    joins=(
        " LEFT JOIN customers_customer AS customer ON customer.connection_id = own.id"
        " AND customer.pc_id = incoming.customer_pc_id"
        " LEFT JOIN access_reseller AS reseller ON reseller.connection_id = own.id"
        " AND reseller.pc_id = incoming.reseller_pc_id"
    ),
    derived=(
        Derived(column="customer_id", value="customer.id", keep=True),
        Derived(column="reseller_id", value="reseller.id", keep=True),
        # The two lists disagree about it: a customer's entry has no partner id.
        Derived(column="mpn_id", value="coalesce(reseller.list_payload ->> 'mpnId', '')"),
    ),
)


def follow_customers(connection: Connection, ids: Sequence[int]) -> None:
    """Fill references to customers that have just come, and end the links of those that went."""
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_resellerlink AS link SET customer_id = customer.id"
            " FROM customers_customer AS customer WHERE customer.id = ANY(%s)"
            " AND link.connection_id = customer.connection_id"
            " AND link.customer_pc_id = customer.pc_id AND link.customer_id IS NULL",
            [list(ids)],
        )
        cursor.execute(
            "UPDATE customers_resellerlink AS link SET gone_at = customer.gone_at"
            " FROM customers_customer AS customer WHERE customer.id = ANY(%s)"
            " AND link.customer_id = customer.id AND link.gone_at IS NULL"
            " AND customer.gone_at IS NOT NULL RETURNING link.id",
            [list(ids)],
        )
        ended = [pk for (pk,) in cursor.fetchall()]
    hooks.changed("relationships", connection, ended)


def follow_resellers(_connection: Connection, ids: Sequence[int]) -> None:
    """Fill references to resellers that have just come."""
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_resellerlink AS link SET reseller_id = reseller.id"
            " FROM access_reseller AS reseller WHERE reseller.id = ANY(%s)"
            " AND link.connection_id = reseller.connection_id"
            " AND link.reseller_pc_id = reseller.pc_id AND link.reseller_id IS NULL",
            [list(ids)],
        )


def of_links(links: Sequence[int]) -> list[int]:
    """Return the customers of these links."""
    found = ResellerLink.objects.filter(pk__in=links, customer__isnull=False)
    return list(found.order_by().values_list("customer_id", flat=True).distinct())


def give_records_a_reseller(_connection: Connection, ids: Sequence[int]) -> None:
    """Store with new audit records the only reseller of their customer: the moment's, for good."""
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE activity_auditrecord AS record SET reseller_id = sole.reseller_id FROM ("
            " SELECT connection_id, customer_pc_id, min(reseller_id) AS reseller_id"
            " FROM customers_resellerlink WHERE gone_at IS NULL"
            " GROUP BY connection_id, customer_pc_id HAVING count(*) = 1) AS sole"
            " WHERE record.id = ANY(%s) AND record.reseller_id IS NULL"
            " AND sole.connection_id = record.connection_id"
            " AND sole.customer_pc_id = record.customer_pc_id",
            [list(ids)],
        )


SEARCH = """
    SELECT t.id AS object_id, t.connection_id,
        coalesce((SELECT array_agg(DISTINCT link.reseller_id) FROM customers_resellerlink AS link
            WHERE link.customer_id = t.id AND link.gone_at IS NULL
            AND link.reseller_id IS NOT NULL), '{}') AS reseller_ids,
        t.name AS title, t.domain AS subtitle,
        ARRAY[lower(t.pc_id), lower(t.domain)] AS keys,
        concat_ws(' ', t.name, t.domain) AS text
    FROM customers_customer AS t WHERE t.gone_at IS NULL AND {where}
"""


def setup() -> None:
    """Register families, hooks and the search source (from ``AppConfig.ready``)."""
    register(CUSTOMERS)
    register(RELATIONSHIPS)
    search.register("customer", SEARCH)
    hooks.on_change("customers", "references", follow_customers)
    hooks.on_change("resellers", "references", follow_resellers)
    hooks.on_change("audit_records", "tenancy", give_records_a_reseller)
    hooks.on_change("customers", "search", lambda _connection, ids: _reindex(ids))
    hooks.on_change("relationships", "search", lambda _connection, ids: _reindex(of_links(ids)))


def _reindex(ids: Sequence[int]) -> None:
    if ids:
        search.reindex("customer", ids)
