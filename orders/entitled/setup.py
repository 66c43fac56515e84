"""What this room enters in the registries; called once from ``OrdersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from orders import lists
from orders.entitled import delivery, queries, sync, views
from orders.entitled.part import RIGHT
from portal.ui import panels


def setup() -> None:
    """The family, the verbs, the list and the tabs."""
    sync.setup()
    delivery.register()
    lists.enter(
        views.AZURE,
        queries.azure_subscriptions,
        "azure_subscriptions",
        right=RIGHT,
        icon="cloud",
        order=27,
    )
    lists.enter_tab(_("Azure subscriptions"), "azure_subscriptions", RIGHT, 20)
    panels.register(
        "customer", panels.Panel("azure", _("Azure"), "customer_azure", order=27, right=RIGHT)
    )
