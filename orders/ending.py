"""What keeps a relationship with a customer from being ended; answers the hook of ``customers``."""

from customers.models import Customer
from orders.models import Subscription


def active_names(customer: Customer) -> list[str]:
    """What is active at a customer by name; row policies keep it inside the reader's scope."""
    live = Subscription.objects.filter(customer=customer, gone_at=None, status="active")
    rows = live.order_by("friendly_name", "pk").values_list("friendly_name", "offer_name")
    return [name or offer for name, offer in rows]
