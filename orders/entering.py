"""Every verb of a subscription, entered at once."""

from orders import delivery
from orders.asides import actions as asides
from orders.scheduling import delivery as scheduling
from orders.upgrades import delivery as upgrades


def register() -> None:
    """Enter them; called from OrdersConfig.ready."""
    for room in (delivery, scheduling, upgrades):
        room.register()
    asides.enter()
