"""Migrations and schedules into the mirror: those of a customer, when somebody looks and by age."""

from collections.abc import Sequence

from django.db import connection as database

from customers import demand
from orders.to_new_commerce import mapping
from orders.to_new_commerce.models import NceMigration, NceSchedule
from orders.to_new_commerce.part import MIGRATIONS, PART, SCHEDULES
from portal.connections.models import Connection
from portal.mirror import hooks
from portal.mirror.ending import end_with
from portal.mirror.families import Derived, Family, Listing, Representation, register
from portal.partnercenter.operations.after_sale import LIST_MIGRATION_SCHEDULES, LIST_MIGRATIONS

JOINS = (
    " LEFT JOIN customers_customer AS customer ON customer.connection_id = own.id"
    " AND customer.pc_id = incoming.customer_pc_id"
    " LEFT JOIN orders_subscription AS legacy ON legacy.connection_id = own.id"
    " AND legacy.pc_id = incoming.current_pc_id"
)
DERIVED = (
    Derived(column="customer_id", value="customer.id", keep=True),
    Derived(column="subscription_id", value="legacy.id", keep=True),
    Derived(column="reseller_id", value="legacy.reseller_id", keep=True),
)
# By age only where something legacy is left. Whoever looks at another customer has it read all the same.
PARENTS = (
    "(SELECT DISTINCT connection_id, customer_pc_id AS pc_id, gone_at FROM orders_subscription"
    " WHERE gone_at IS NULL AND product_type = '')"
)


def _family(
    name: str, model: type[NceMigration | NceSchedule], position: int, listing: Listing
) -> Family:
    return Family(
        name=name,
        model=model,
        position=position,
        parent="customers",
        parent_table=PARENTS,
        parent_column="customer_pc_id",
        on_demand=True,
        listing=listing,
        joins=JOINS,
        derived=DERIVED,
    )


MIGRATION = _family(
    MIGRATIONS,
    NceMigration,
    46,
    Listing(
        operation=LIST_MIGRATIONS,
        representation=Representation(
            name="list", columns=mapping.MIGRATION, map=mapping.migration
        ),
        query=lambda _connection, parent: {"CustomerTenantId": parent},
    ),
)
SCHEDULE = _family(
    SCHEDULES,
    NceSchedule,
    47,
    Listing(
        operation=LIST_MIGRATION_SCHEDULES,
        representation=Representation(name="list", columns=mapping.SCHEDULE, map=mapping.schedule),
        query=lambda _connection, parent: {"CustomerTenantId": parent},
    ),
)


def _follow_subscriptions(_connection: Connection, ids: Sequence[int]) -> None:
    """Give what came before its legacy subscription was known that one and its reseller."""
    for table in ("orders_ncemigration", "orders_nceschedule"):
        with database.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} AS stored"  # noqa: S608 - own names
                " SET subscription_id = legacy.id, reseller_id = legacy.reseller_id"
                " FROM orders_subscription AS legacy WHERE legacy.id = ANY(%s)"
                " AND stored.connection_id = legacy.connection_id"
                " AND stored.current_pc_id = legacy.pc_id"
                " AND (stored.subscription_id, stored.reseller_id)"
                " IS DISTINCT FROM (legacy.id, legacy.reseller_id)",
                [list(ids)],
            )


def _end_with_customers(connection: Connection, ids: Sequence[int]) -> None:
    """What belongs to a customer that went is gone too."""
    hooks.changed(MIGRATIONS, connection, end_with(NceMigration, "customer", ids))
    hooks.changed(SCHEDULES, connection, end_with(NceSchedule, "customer", ids))


def setup() -> None:
    """Register the families, what follows the subscriptions, and the part that the tab asks for."""
    register(MIGRATION)
    register(SCHEDULE)
    hooks.on_change("subscriptions", MIGRATIONS, _follow_subscriptions)
    hooks.on_change("customers", MIGRATIONS, _end_with_customers)
    demand.register(PART)
