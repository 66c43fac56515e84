"""Which of three calls upgrades a subscription: new commerce, an older offer, or a trial."""

from orders import rules
from orders.models import Subscription

TRANSITION, OFFER, TRIAL = "transition", "offer", "trial"


def of(row: Subscription) -> str:
    """The kind, "" for what cannot be upgraded: an Azure plan, software."""
    if row.is_trial:
        return TRIAL
    if rules.is_new_commerce(row):
        return TRANSITION
    return OFFER if not row.product_type and row.unit_type.lower() != "usage-based" else ""
