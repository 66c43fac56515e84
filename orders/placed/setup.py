"""What orders enter in the registries; called once from ``OrdersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from orders import lists
from orders.placed import delivery, queries, sync, views
from orders.placed.part import RIGHT
from portal.access.roles import COST_RIGHTS
from portal.ui import menu, panels


def setup() -> None:
    """Families, the tab, and the list on it: one for all, one with what orders cost."""
    sync.setup()
    delivery.register()
    lists.enter(views.EVERY, queries.orders, "orders", right=RIGHT, icon="shopping-cart", order=21)
    menu.register(
        menu.Item(
            _("Orders"),
            "orders",
            icon="shopping-cart",
            order=22,
            right=RIGHT,
            also=("azure_subscriptions", "migratable", "migrations", "planned_migrations"),
        )
    )
    lists.enter_tab(_("Orders"), "orders", RIGHT, 10)
    (cost,) = COST_RIGHTS
    below = {"icon": "shopping-cart", "order": 21}
    lists.enter_below(views.ORDERS, queries.of_customer, "customers", right=RIGHT, **below)
    lists.enter_below(views.COSTED, queries.costed, "customers", right=cost, **below)
    panels.register(
        "customer",
        panels.Panel("orders", _("Orders"), "customer_orders", order=25, right=RIGHT),
    )
