"""What this room enters in the registries; called once from ``OrdersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from orders import lists
from orders.transfers import delivery, queries, sync, views
from orders.transfers.part import VIEW
from portal.ui import menu, panels


def setup() -> None:
    """The family, the verbs, the lists, the menu and the tab."""
    sync.setup()
    delivery.register()
    entry = {"right": VIEW, "icon": "package-export", "order": 24}
    lists.enter(views.TRANSFERS, queries.transfers, "transfers", selectable=False, **entry)
    lists.enter_below(views.OF_CUSTOMER, queries.of_customer, "customers", **entry)
    menu.register(
        menu.Item(_("Transfers"), "transfers", icon="package-export", order=34, right=VIEW)
    )
    panels.register(
        "customer",
        panels.Panel("transfers", _("Transfers"), "customer_transfers", order=28, right=VIEW),
    )
