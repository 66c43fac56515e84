"""Users and directory roles into the mirror: on demand, customer by customer.

The list of users leaves deleted ones out, and a filter names those alone, so a customer's users are
two lists. Roles are a list of their own, with a list of members for each.
"""

from collections.abc import Iterator, Sequence

from django.db import connection as database

from customers import demand, references
from customers.models import CustomerUser, DirectoryRole
from customers.sync import of_links
from customers.users import mapping
from customers.users.part import PART, ROLES, TARGET, USERS
from portal.access import search
from portal.connections.models import Connection
from portal.mirror import hooks
from portal.mirror.ending import end_with
from portal.mirror.families import (
    Detail,
    Family,
    Listing,
    Pages,
    Representation,
    register,
)
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.operations.users import (
    GET_USER,
    LIST_DELETED_USERS,
    LIST_DIRECTORY_ROLES,
    LIST_MEMBERS_OF_ROLE,
    LIST_USERS,
)

PAGE = 500
DELETED = '{"Field":"UserState","Value":"Inactive","Operator":"equals"}'


def users(client: PartnerClient, customer_id: str) -> Iterator[Pages]:
    """Read a customer's users, then the deleted ones: who is deleted meanwhile stands in the second list."""
    for page in client.pages(LIST_USERS, customer_id=customer_id, query={"size": PAGE}):
        yield page.observed_at, page.items
    deleted = client.pages(
        LIST_DELETED_USERS, customer_id=customer_id, query={"size": PAGE, "filter": DELETED}
    )
    for page in deleted:
        yield page.observed_at, page.items


def roles(client: PartnerClient, customer_id: str) -> Iterator[Pages]:
    """Read a customer's directory roles, each with ``members``."""
    for page in client.pages(LIST_DIRECTORY_ROLES, customer_id=customer_id):
        for role in page.items:
            members = client.pages(
                LIST_MEMBERS_OF_ROLE,
                customer_id=customer_id,
                role_id=role["id"],
                query={"size": PAGE},
            )
            found = [member for each in members for member in each.items]
            yield page.observed_at, [role | {"members": found}]
        if not page.items:
            yield page.observed_at, []


USER_FAMILY = Family(
    name=USERS,
    model=CustomerUser,
    position=45,
    parent="customers",
    parent_column="customer_pc_id",
    on_demand=True,
    calls=2,
    listing=Listing(
        operation=LIST_USERS,
        representation=Representation(name="list", columns=mapping.COLUMNS, map=mapping.user),
        path=lambda parent: {"customer_id": parent},
        read=users,
    ),
    detail=Detail(
        operation=GET_USER,
        representation=Representation(name="detail", columns=mapping.COLUMNS, map=mapping.user),
        path=lambda parent, key: {"customer_id": parent, "user_id": key},
    ),
    joins=references.JOINS,
    derived=references.DERIVED,
)
ROLE_FAMILY = Family(
    name=ROLES,
    model=DirectoryRole,
    position=46,
    key=("customer_pc_id", "pc_id"),
    parent="customers",
    parent_column="customer_pc_id",
    on_demand=True,
    calls=8,
    listing=Listing(
        operation=LIST_DIRECTORY_ROLES,
        representation=Representation(
            name="list", columns=mapping.ROLE_COLUMNS, map=mapping.role, keeps_payload=False
        ),
        path=lambda parent: {"customer_id": parent},
        read=roles,
    ),
    joins=references.JOINS,
    derived=references.DERIVED,
)


def follow_customers(connection: Connection, ids: Sequence[int]) -> None:
    """Fill references to customers that have just come; what belongs to one that went is gone too."""
    for family in (USER_FAMILY, ROLE_FAMILY):
        table = family.table
        with database.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} AS stored SET customer_id = customer.id"  # noqa: S608 - own name
                " FROM customers_customer AS customer WHERE customer.id = ANY(%s)"
                " AND stored.connection_id = customer.connection_id"
                " AND stored.customer_pc_id = customer.pc_id AND stored.customer_id IS NULL"
                " RETURNING stored.id",
                [list(ids)],
            )
            found = [pk for (pk,) in cursor.fetchall()]
        gone = end_with(family.model, "customer", ids)
        hooks.changed(family.name, connection, found + gone)


SEARCH = """
    SELECT t.id AS object_id, t.connection_id,
        coalesce((SELECT array_agg(DISTINCT link.reseller_id) FROM customers_resellerlink AS link
            WHERE link.customer_id = t.customer_id AND link.gone_at IS NULL
            AND link.reseller_id IS NOT NULL), '{}') AS reseller_ids,
        coalesce(nullif(t.display_name, ''), t.user_principal_name) AS title,
        t.user_principal_name AS subtitle,
        ARRAY[lower(t.pc_id), lower(t.user_principal_name)] AS keys,
        concat_ws(' ', t.display_name, t.user_principal_name) AS text
    FROM customers_customeruser AS t
    WHERE t.gone_at IS NULL AND t.customer_id IS NOT NULL AND {where}
"""


def _reindex(ids: Sequence[int]) -> None:
    if ids:
        search.reindex(TARGET, ids)


def _of_links(links: Sequence[int]) -> list[int]:
    """The users of the customers of these links: who sells there sees them."""
    rows = CustomerUser.objects.filter(customer__in=of_links(links))
    return list(rows.values_list("pk", flat=True))


def setup() -> None:
    """Register the families, their hooks, the search and the part that a tab asks for."""
    register(USER_FAMILY)
    register(ROLE_FAMILY)
    demand.register(PART)
    hooks.on_change("customers", "users", follow_customers)
    search.register(TARGET, SEARCH)
    hooks.on_change(USERS, "search", lambda _connection, ids: _reindex(ids))
    hooks.on_change(
        "relationships", "search_users", lambda _connection, ids: _reindex(_of_links(ids))
    )
