"""What this room enters in the registries, once, from ``CustomersConfig.ready``."""

from customers.relationships import delivery


def setup() -> None:
    """Enter the verbs."""
    delivery.register()
