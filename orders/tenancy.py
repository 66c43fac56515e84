"""Whose a subscription or an order is: decided when its row is written (DESIGN 6), never matched later.

The partner id on the row; without one, the customer's only relationship; else the distributor alone. A
partner id that nobody here has stays with the distributor: it is not ours to guess.
"""

from collections.abc import Sequence

from django.db import connection as database

from portal.connections.models import Connection
from portal.mirror import hooks
from portal.mirror.ending import end_with
from portal.mirror.families import Derived, Family

JOINS = (
    " LEFT JOIN customers_customer AS customer ON customer.connection_id = own.id"
    " AND customer.pc_id = incoming.customer_pc_id"
    " LEFT JOIN access_resellermpn AS mpn ON mpn.connection_id = own.id"
    " AND incoming.partner_mpn_id <> '' AND mpn.mpn_id = incoming.partner_mpn_id"
    " LEFT JOIN LATERAL (SELECT min(link.reseller_id) AS reseller_id"
    " FROM customers_resellerlink AS link WHERE link.connection_id = own.id"
    " AND incoming.partner_mpn_id = '' AND link.customer_pc_id = incoming.customer_pc_id"
    " AND link.gone_at IS NULL HAVING count(*) = 1) AS sole ON true"
)
DERIVED = (
    Derived(column="customer_id", value="customer.id", keep=True),
    Derived(column="reseller_id", value="coalesce(mpn.reseller_id, sole.reseller_id)"),
)


def setup(family: Family) -> None:
    """Have the rows of a family follow customers, partner ids and relationships that come later."""

    def follow_customers(connection: Connection, ids: Sequence[int]) -> None:
        _follow_customers(family, connection, ids)

    def claim_by_partner_id(completed: hooks.Completed) -> None:
        _claim_by_partner_id(family, completed)

    def claim_by_first_relationships(completed: hooks.Completed) -> None:
        _claim_by_first_relationships(family, completed)

    hooks.on_change("customers", family.name, follow_customers)
    hooks.after_pass("resellers", family.name, claim_by_partner_id)
    hooks.after_pass("relationships", family.name, claim_by_first_relationships)


def _follow_customers(family: Family, connection: Connection, ids: Sequence[int]) -> None:
    """Fill references to customers that have just come; what belongs to one that went is gone too."""
    table = family.table
    with database.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS stored SET customer_id = customer.id"  # noqa: S608 - own name
            " FROM customers_customer AS customer WHERE customer.id = ANY(%s)"
            " AND stored.connection_id = customer.connection_id"
            " AND stored.customer_pc_id = customer.pc_id AND stored.customer_id IS NULL",
            [list(ids)],
        )
    gone = end_with(family.model, "customer", ids)
    hooks.changed(family.name, connection, gone)


def _claim_by_partner_id(family: Family, completed: hooks.Completed) -> None:
    """Give rows without reseller the one whose partner id they carry, now that it is known."""
    _claim(
        family,
        completed.connection,
        "SELECT mpn.reseller_id FROM access_resellermpn AS mpn WHERE mpn.mpn_id <> ''"
        " AND mpn.connection_id = stored.connection_id AND mpn.mpn_id = stored.partner_mpn_id",
    )


def _claim_by_first_relationships(family: Family, completed: hooks.Completed) -> None:
    """Decide rows that were written before any relationship was known; later ones decided already."""
    if completed.first:
        _claim(
            family,
            completed.connection,
            "SELECT min(link.reseller_id) FROM customers_resellerlink AS link"
            " WHERE stored.partner_mpn_id = '' AND link.gone_at IS NULL"
            " AND link.connection_id = stored.connection_id"
            " AND link.customer_pc_id = stored.customer_pc_id HAVING count(*) = 1",
        )


def _claim(family: Family, connection: Connection, reseller: str) -> None:
    with database.cursor() as cursor:
        cursor.execute(
            f"UPDATE {family.table} AS stored SET reseller_id = ({reseller})"  # noqa: S608 - ours
            " WHERE stored.connection_id = %s AND stored.reseller_id IS NULL"
            f" AND ({reseller}) IS NOT NULL RETURNING stored.id",
            [connection.pk],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    hooks.changed(family.name, connection, ids)
