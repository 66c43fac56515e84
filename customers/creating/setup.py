"""What this room enters in the registries, once, from ``CustomersConfig.ready``."""

from customers.creating import bulk, delivery


def setup() -> None:
    """Enter the verb, for one and for many."""
    delivery.register()
    bulk.register()
