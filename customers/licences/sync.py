"""Licences into the mirror: the products of each tenant, and what each user holds.

Both lists open to a person's consent alone and are read when somebody looks at them, after a change of
the customer's subscriptions, and by age with budget to spare: one call for a customer, one for a user.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from customers.licences import mapping
from customers.models import SubscribedSku, UserLicences
from portal.connections.models import Connection
from portal.mirror import dirty, hooks
from portal.mirror.ending import end_with
from portal.mirror.families import Derived, Family, Listing, Representation, get, register
from portal.mirror.models import Freshness
from portal.partnercenter.operations.users import (
    LIST_AVAILABLE_LICENSES_BY_GROUP,
    LIST_LICENSES_OF_USER_BY_GROUP,
)

SKUS = "subscribed_skus"
HELD = "user_licences"
# Without the parameter only the first group is answered.
GROUPS = {"licenseGroupIds": ["Group1", "Group2"]}

_CUSTOMER = (
    " LEFT JOIN customers_customer AS customer ON customer.connection_id = own.id"
    " AND customer.pc_id = incoming.customer_pc_id"
)
_USER = (
    " LEFT JOIN customers_customeruser AS account ON account.connection_id = own.id"
    " AND account.pc_id = incoming.pc_id"
)

SUBSCRIBED = Family(
    name=SKUS,
    model=SubscribedSku,
    position=60,
    key=("customer_pc_id", "pc_id"),
    parent="customers",
    parent_column="customer_pc_id",
    on_demand=True,
    listing=Listing(
        operation=LIST_AVAILABLE_LICENSES_BY_GROUP,
        representation=Representation(
            name="list", columns=mapping.SKU_COLUMNS, map=mapping.subscribed, keeps_payload=False
        ),
        path=lambda parent: {"customer_id": parent},
        query=lambda _connection, _parent: GROUPS,
    ),
    joins=_CUSTOMER,
    derived=(Derived(column="customer_id", value="customer.id", keep=True),),
)


def _of_user(parent: str) -> Mapping[str, Any]:
    customer_pc_id, user_pc_id = mapping.parts(parent)
    return {"customer_id": customer_pc_id, "user_id": user_pc_id}


HOLDINGS = Family(
    name=HELD,
    model=UserLicences,
    position=61,
    key=("place",),
    parent="customer_users",
    parent_column="place",
    parent_key=f"parent.customer_pc_id || '{mapping.SEPARATOR}' || parent.pc_id",
    on_demand=True,
    listing=Listing(
        operation=LIST_LICENSES_OF_USER_BY_GROUP,
        representation=Representation(
            name="list", columns=mapping.HELD_COLUMNS, map=mapping.held, keeps_payload=False
        ),
        single=True,
        path=_of_user,
        query=lambda _connection, _parent: GROUPS,
    ),
    joins=_CUSTOMER + _USER,
    derived=(
        Derived(column="customer_id", value="customer.id", keep=True),
        Derived(column="user_id", value="account.id", keep=True),
    ),
)


def follow_customers(_connection: Connection, ids: Sequence[int]) -> None:
    """What belongs to a customer that went is gone too."""
    end_with(SubscribedSku, "customer", ids)
    end_with(UserLicences, "customer", ids)


def follow_users(_connection: Connection, ids: Sequence[int]) -> None:
    """What a user held is gone with the user."""
    end_with(UserLicences, "user", ids)


def follow_subscriptions(connection: Connection, ids: Sequence[int]) -> None:
    """A change of subscriptions changes units: read those again that were read, with budget to spare."""
    if not connection.has_consent:
        return
    rows = get("subscriptions").model._default_manager.filter(pk__in=ids)  # noqa: SLF001 - documented
    known = Freshness.objects.filter(
        connection=connection, family=SKUS, parent__in=rows.order_by().values("customer_pc_id")
    )
    targets = [(customer_pc_id, "") for customer_pc_id in known.values_list("parent", flat=True)]
    dirty.mark(connection, SKUS, targets, reason="subscription", priority=dirty.BACKGROUND)


def setup() -> None:
    """Register families and hooks (from ``AppConfig.ready``)."""
    register(SUBSCRIBED)
    register(HOLDINGS)
    hooks.on_change("customers", "licences", follow_customers)
    hooks.on_change("customer_users", "licences", follow_users)
    hooks.on_change("subscriptions", "licences", follow_subscriptions)
