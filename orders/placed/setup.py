"""What orders enter in the registries; called once from ``OrdersConfig.ready``."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from orders.placed import delivery, queries, sync, views
from orders.placed.part import RIGHT
from portal.access.http import scope_of
from portal.access.roles import COST_RIGHTS
from portal.access.scope import Scope
from portal.ui import directory, menu, panels
from portal.ui.listing import Listing

Rows = Callable[[Scope, int | None], QuerySet[Order]]


def setup() -> None:
    """Families, the tab, and the list on it: one for all, one with what orders cost."""
    sync.setup()
    delivery.register()
    directory.register(
        directory.Entry(
            views.EVERY,
            lambda request: queries.orders(scope_of(request)),
            "orders",
            right=RIGHT,
            icon="shopping-cart",
            order=21,
            selectable=False,
        )
    )
    menu.register(menu.Item(_("Orders"), "orders", icon="shopping-cart", order=22, right=RIGHT))
    (cost,) = COST_RIGHTS
    _list(views.ORDERS, queries.of_customer, RIGHT)
    _list(views.COSTED, queries.costed, cost)
    panels.register(
        "customer",
        panels.Panel("orders", _("Orders"), "customer_orders", order=25, right=RIGHT),
    )


def _list(listing: Listing, rows: Rows, right: str) -> None:
    directory.register(
        directory.Entry(
            listing,
            lambda request: rows(scope_of(request), directory.parent(request)),
            "customers",
            right=right,
            icon="shopping-cart",
            order=21,
            selectable=False,
            below=True,
        )
    )
