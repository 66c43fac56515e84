"""What this room enters in the registries, once, from ``CustomersConfig.ready``."""

from customers.creating import delivery


def setup() -> None:
    """Enter the verb."""
    delivery.register()
