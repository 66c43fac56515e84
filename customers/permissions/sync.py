"""Relationships into the mirror: one list of the whole partner, a few hundred on a page."""

from collections.abc import Sequence

from django.db import connection as database

from customers import references
from customers.models import AdminRelationship
from customers.permissions import mapping
from customers.permissions.words import FAMILY
from portal.connections.models import Connection
from portal.mirror import hooks
from portal.mirror.families import Family, Listing, Representation, register
from portal.partnercenter.operations.permissions import LIST_ADMIN_RELATIONSHIPS

PAGE = 300
SHAPE = Representation(name="list", columns=mapping.COLUMNS, map=mapping.relationship)

RELATIONSHIPS = Family(
    name=FAMILY,
    model=AdminRelationship,
    position=35,
    listing=Listing(
        operation=LIST_ADMIN_RELATIONSHIPS,
        representation=SHAPE,
        query=lambda _connection, _parent: {"$top": PAGE},
    ),
    joins=references.JOINS,
    derived=references.DERIVED,
    optional=True,
)


def follow_customers(_connection: Connection, ids: Sequence[int]) -> None:
    """Fill references to customers that have just come."""
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_adminrelationship AS row SET customer_id = customer.id"
            " FROM customers_customer AS customer WHERE customer.id = ANY(%s)"
            " AND row.connection_id = customer.connection_id"
            " AND row.customer_pc_id = customer.pc_id AND row.customer_id IS NULL",
            [list(ids)],
        )


def setup() -> None:
    """Register the family (from ``AppConfig.ready``)."""
    register(RELATIONSHIPS)
    hooks.on_change("customers", "permissions", follow_customers)
