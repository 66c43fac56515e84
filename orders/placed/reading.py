"""Having orders read: a customer's whole list, or those of one billing cycle by the call for these."""

from customers.models import Customer
from orders.placed.part import BY_CYCLE, ORDERS, scope_of_cycle
from portal.access.guard import require
from portal.access.scope import Scope
from portal.mirror import refresh
from portal.mirror.refresh import Target

RIGHT = "mirror.refresh"


def of_cycle(customer: Customer, cycle: str) -> Target:
    """A customer's orders of one billing cycle."""
    scope = scope_of_cycle(customer.pc_id, cycle)
    return Target(customer.connection, BY_CYCLE, parent=scope)


def of_all(customer: Customer) -> Target:
    """All orders of a customer."""
    return Target(customer.connection, ORDERS, parent=customer.pc_id)


def ask(scope: Scope, customer: Customer, target: Target) -> None:
    """Have the workers read it before anything less urgent."""
    require(scope, RIGHT, customer)
    if not customer.gone_at:
        refresh.ask([target])
