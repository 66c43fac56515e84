"""What the room enters in the registries; called once from ``OrdersConfig.ready``."""

from orders.purchase_orders import delivery, queries
from orders.purchase_orders.part import FILE
from portal.lists import files


def setup() -> None:
    """The verb, and who may read what was handed in."""
    delivery.register()
    files.register(FILE, queries.may_read)
