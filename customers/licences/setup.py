"""What licences enter in the registries."""

from customers.licences import delivery, sync


def setup() -> None:
    """Enter it; called once from AppConfig.ready."""
    sync.setup()
    delivery.register()
