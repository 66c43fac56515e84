"""What follows a term: instructions for the next one, and the trials that always carry them."""

from portal.emulator.catalogue import Item
from portal.emulator.model import JSON, Subscription

TRIAL_SEATS = 25


def make_trial(subscription: Subscription) -> None:
    """Turn a subscription into a trial, which always carries what follows it (facts.json)."""
    subscription.is_trial = True
    subscription.quantity = TRIAL_SEATS
    subscription.name = f"{subscription.item.title} Trial"
    subscription.lots = []
    subscription.cancel_until = None
    subscription.schedule = next_term(subscription.item, TRIAL_SEATS)


def next_term(item: Item, quantity: int) -> JSON:
    """Return ``scheduledNextTermInstructions`` that go on with ``item`` and that many seats."""
    return {
        "product": {
            "productId": item.product_id,
            "skuId": item.sku_id,
            "availabilityId": item.availability_id,
            "billingCycle": item.billing_cycle.capitalize(),
            "termDuration": item.term,
        },
        "quantity": quantity,
    }
