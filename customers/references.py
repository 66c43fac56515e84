"""How a row below a customer finds it, and the families of which each customer has a list of its own.

SQL for families whose rows keep ``customer_pc_id``.
"""

from typing import Any

from portal.mirror.families import Derived, Family, Listing
from portal.mirror.models import MirrorModel

JOINS = (
    " LEFT JOIN customers_customer AS customer ON customer.connection_id = own.id"
    " AND customer.pc_id = incoming.customer_pc_id"
)
DERIVED = (Derived(column="customer_id", value="customer.id", keep=True),)


def path(parent: str) -> dict[str, Any]:
    """The path of a customer's list."""
    return {"customer_id": parent}


def family(name: str, model: type[MirrorModel], position: int, listing: Listing) -> Family:
    """A family that is read customer by customer, when somebody looks and by age."""
    return Family(
        name=name,
        model=model,
        position=position,
        parent="customers",
        parent_column="customer_pc_id",
        listing=listing,
        joins=JOINS,
        derived=DERIVED,
        on_demand=True,
    )
