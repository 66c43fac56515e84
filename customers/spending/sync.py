"""Budgets and entitlements into the mirror, customer by customer on demand."""

from customers import demand
from customers.models import Entitlement, UsageBudget
from customers.references import family, path
from customers.spending import mapping
from customers.spending.part import BUDGETS, ENTITLEMENTS, PART
from portal.mirror.families import Listing, Representation, register
from portal.partnercenter.operations.orders import LIST_ENTITLEMENTS
from portal.partnercenter.operations.unlisted import GET_SPENDING_BUDGET

BUDGET = Listing(
    operation=GET_SPENDING_BUDGET,
    representation=Representation(name="list", columns=mapping.BUDGET, map=mapping.budget),
    path=path,
    single=True,
)
ENTITLEMENT = Listing(
    operation=LIST_ENTITLEMENTS,
    representation=Representation(
        name="list", columns=mapping.ENTITLEMENT, map=mapping.entitlement
    ),
    path=path,
    query=lambda _connection, _parent: {"showExpiry": "true"},
)


def setup() -> None:
    """Register families and the part (from ``AppConfig.ready``)."""
    register(family(BUDGETS, UsageBudget, 130, BUDGET))
    register(family(ENTITLEMENTS, Entitlement, 131, ENTITLEMENT))
    demand.register(PART)
