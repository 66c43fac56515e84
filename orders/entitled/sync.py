"""Azure subscriptions into the mirror: those of all Azure plans of a customer, when somebody looks and by age."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from django.db import connection as database
from django.utils import timezone

from customers import demand
from orders.entitled import mapping
from orders.entitled.models import AzureSubscription
from orders.entitled.part import AZURE, PART
from portal.connections.models import Connection
from portal.mirror import hooks
from portal.mirror.ending import end_with
from portal.mirror.families import Derived, Family, Listing, Pages, Representation, register
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import NotFound
from portal.partnercenter.operations.after_sale import LIST_AZURE_ENTITLEMENTS
from portal.partnercenter.operations.subscriptions import LIST_SUBSCRIPTIONS

JOINS = (
    " LEFT JOIN customers_customer AS customer ON customer.connection_id = own.id"
    " AND customer.pc_id = incoming.customer_pc_id"
    " LEFT JOIN orders_subscription AS plan ON plan.connection_id = own.id"
    " AND plan.pc_id = incoming.plan_pc_id"
)
# By age only where there is a plan: most customers have none. Whoever looks at another has it read all the same.
PARENTS = (
    "(SELECT DISTINCT connection_id, customer_pc_id AS pc_id, gone_at FROM orders_subscription"
    " WHERE gone_at IS NULL AND product_type = 'Azure')"
)


def azure_subscriptions(client: PartnerClient, customer_pc_id: str) -> Iterator[Pages]:
    """Read those of every Azure plan. A savings plan is of the same kind and has none (404)."""
    began = timezone.now()
    found = []
    for page in client.pages(LIST_SUBSCRIPTIONS, customer_id=customer_pc_id):
        found += [row for row in page.items if mapping.is_plan(row)]
    rows = []
    for plan in found:
        key = str(plan["id"])
        with suppress(NotFound):
            under = client.pages(
                LIST_AZURE_ENTITLEMENTS, customer_id=customer_pc_id, subscription_id=key
            )
            rows += [row | {"subscriptionId": key} for one in under for row in one.items]
    yield began, rows


FAMILY = Family(
    name=AZURE,
    model=AzureSubscription,
    position=44,
    parent="customers",
    parent_table=PARENTS,
    parent_column="customer_pc_id",
    on_demand=True,
    calls=2,
    listing=Listing(
        operation=LIST_AZURE_ENTITLEMENTS,
        representation=Representation(
            name="list", columns=mapping.COLUMNS, map=mapping.azure_subscription
        ),
        read=azure_subscriptions,
    ),
    joins=JOINS,
    derived=(
        Derived(column="customer_id", value="customer.id", keep=True),
        Derived(column="subscription_id", value="plan.id", keep=True),
        Derived(column="reseller_id", value="plan.reseller_id"),
    ),
)


def _follow_plans(connection: Connection, ids: Sequence[int]) -> None:
    """Give what stands under a plan the plan's reseller, and let it go with the plan."""
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_azuresubscription AS stored"
            " SET subscription_id = plan.id, reseller_id = plan.reseller_id"
            " FROM orders_subscription AS plan WHERE plan.id = ANY(%s)"
            " AND stored.connection_id = plan.connection_id AND stored.plan_pc_id = plan.pc_id"
            " AND (stored.subscription_id, stored.reseller_id)"
            " IS DISTINCT FROM (plan.id, plan.reseller_id)",
            [list(ids)],
        )
    hooks.changed(AZURE, connection, end_with(AzureSubscription, "subscription", ids))


def setup() -> None:
    """Register the family, the part that the tab asks for, and what follows the plans."""
    register(FAMILY)
    demand.register(PART)
    hooks.on_change("subscriptions", AZURE, _follow_plans)
