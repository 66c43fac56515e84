"""What staff may ask for a customer."""

from customers.models import Customer
from portal.access.guard import require
from portal.access.scope import Scope
from portal.mirror import refresh as mirror_refresh


def refresh(scope: Scope, customer: Customer) -> None:
    """Have the workers re-read the customer and its subscriptions, before anything less urgent."""
    require(scope, "mirror.refresh", customer)
    if customer.connection.is_retired:
        return
    mirror_refresh.request(
        customer.connection, "customers", customer.pc_id, reason="viewed", priority=10
    )
    mirror_refresh.request(
        customer.connection,
        "subscriptions",
        "",
        parent=customer.pc_id,
        reason="viewed",
        priority=10,
    )
