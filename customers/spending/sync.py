"""Budgets and entitlements into the mirror, customer by customer on demand."""

from customers import demand, references
from customers.models import Entitlement, UsageBudget
from customers.spending import mapping
from customers.spending.part import BUDGETS, ENTITLEMENTS, PART
from portal.mirror.families import Family, Listing, Representation, register
from portal.mirror.models import MirrorModel
from portal.partnercenter.operations.orders import LIST_ENTITLEMENTS
from portal.partnercenter.operations.unlisted import GET_SPENDING_BUDGET

BUDGET = Listing(
    operation=GET_SPENDING_BUDGET,
    representation=Representation(name="list", columns=mapping.BUDGET, map=mapping.budget),
    path=lambda parent: {"customer_id": parent},
    single=True,
)
ENTITLEMENT = Listing(
    operation=LIST_ENTITLEMENTS,
    representation=Representation(
        name="list", columns=mapping.ENTITLEMENT, map=mapping.entitlement
    ),
    path=lambda parent: {"customer_id": parent},
    query=lambda _connection, _parent: {"showExpiry": "true"},
)


def _family(name: str, model: type[MirrorModel], position: int, listing: Listing) -> Family:
    return Family(
        name=name,
        model=model,
        position=position,
        parent="customers",
        parent_column="customer_pc_id",
        listing=listing,
        joins=references.JOINS,
        derived=references.DERIVED,
        on_demand=True,
    )


def setup() -> None:
    """Register families and the part (from ``AppConfig.ready``)."""
    register(_family(BUDGETS, UsageBudget, 130, BUDGET))
    register(_family(ENTITLEMENTS, Entitlement, 131, ENTITLEMENT))
    demand.register(PART)
