"""Reading one subscription again because somebody looks at it."""

from orders.models import Subscription
from portal.access.guard import require
from portal.access.scope import Scope
from portal.mirror import refresh as mirror_refresh


def refresh(scope: Scope, subscription: Subscription) -> None:
    """Have the workers re-read the subscription in detail, before anything less urgent."""
    require(scope, "mirror.refresh", subscription)
    if subscription.connection.is_retired:
        return
    mirror_refresh.request(
        subscription.connection,
        "subscriptions",
        subscription.pc_id,
        parent=subscription.customer_pc_id,
        reason="viewed",
        priority=10,
    )
