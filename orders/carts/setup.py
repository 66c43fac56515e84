"""What carts enter in the registries; called once from ``OrdersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from orders import lists
from orders.carts import delivery, queries, tasks, views
from orders.carts.part import VIEW
from portal.activity.kinds import kind
from portal.ui import menu, panels

TASKS = (tasks.follow, tasks.follow_due)


def setup() -> None:
    """Verbs, kinds of the log, the list, the menu, and the tab of a customer."""
    delivery.register()
    kind("cart.created", _("Cart {cart} created"))
    kind("cart.copied", _("Cart {cart} copied"))
    kind("cart.deleted", _("Cart {cart} thrown away"))
    kind("cart.line_added", _("Cart {cart}: {quantity} × {product} added"))
    kind("cart.line_changed", _("Cart {cart}: line is now {quantity} × {product}"))
    kind("cart.line_removed", _("Cart {cart}: {quantity} × {product} removed"))
    entry = {"right": VIEW, "icon": "shopping-cart", "order": 33}
    lists.enter(views.CARTS, queries.carts, "carts", selectable=False, **entry)
    lists.enter_below(views.OF_CUSTOMER, queries.carts, "customers", **entry)
    menu.register(menu.Item(_("Carts"), "carts", icon="shopping-cart", order=33, right=VIEW))
    panels.register(
        "customer", panels.Panel("carts", _("Carts"), "customer_carts", order=26, right=VIEW)
    )
