"""Transfers into the mirror: a customer's list when somebody looks and by age.

A subscription that a transfer took away left as "transferred": its row says so once Partner Center no longer
lists it, whoever reads it.
"""

from collections.abc import Sequence

from django.db import connection as database

from customers import demand
from customers.references import family, path
from orders.transfers import mapping
from orders.transfers.models import Transfer
from orders.transfers.part import DONE, PART, TRANSFERS
from portal.connections.models import Connection
from portal.mirror import hooks
from portal.mirror.ending import end_with
from portal.mirror.families import Listing, Representation, register
from portal.partnercenter.operations.after_sale import LIST_TRANSFERS

LISTING = Listing(
    operation=LIST_TRANSFERS,
    representation=Representation(name="list", columns=mapping.COLUMNS, map=mapping.transfer),
    path=path,
)


def note_transferred(_connection: Connection, ids: Sequence[int]) -> None:
    """Write on the subscriptions of completed transfers that we gave away how they left."""
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_subscription AS stored SET left_as = 'transferred'"
            " FROM orders_transfer AS moved, jsonb_array_elements(moved.lines) AS line"
            " WHERE moved.id = ANY(%s) AND moved.is_source AND moved.status = ANY(%s)"
            " AND stored.connection_id = moved.connection_id"
            " AND stored.pc_id = line ->> 'subscription' AND line ->> 'error' = ''"
            " AND stored.left_as = ''",
            [list(ids), sorted(DONE)],
        )


def _end_with_customers(connection: Connection, ids: Sequence[int]) -> None:
    """What belongs to a customer that went is gone too."""
    hooks.changed(TRANSFERS, connection, end_with(Transfer, "customer", ids))


def setup() -> None:
    """Register the family, what it tells of subscriptions, and the part that the tab asks for."""
    register(family(TRANSFERS, Transfer, 45, LISTING))
    hooks.on_change(TRANSFERS, "subscriptions", note_transferred)
    hooks.on_change("customers", TRANSFERS, _end_with_customers)
    demand.register(PART)
