"""What staff may ask for a customer."""

from customers.models import Customer
from portal.access.guard import require
from portal.access.scope import Scope
from portal.mirror import refresh as mirror_refresh
from portal.mirror.refresh import Target


def targets(customer: Customer) -> list[Target]:
    """What is read again for a customer: itself and its subscriptions."""
    return [
        Target(customer.connection, "customers", customer.pc_id),
        Target(customer.connection, "subscriptions", parent=customer.pc_id),
    ]


def refresh(scope: Scope, customer: Customer) -> None:
    """Have the workers re-read the customer and its subscriptions, before anything less urgent."""
    require(scope, "mirror.refresh", customer)
    mirror_refresh.ask(targets(customer))
