"""What the catalogue enters in the registries."""

from orders.catalogue import sync


def setup() -> None:
    """Enter it; called once from AppConfig.ready."""
    sync.setup()
