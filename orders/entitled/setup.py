"""What this room enters in the registries; called once from ``OrdersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from orders.entitled import delivery, sync
from orders.entitled.part import RIGHT
from portal.ui import panels


def setup() -> None:
    """The family, the verbs and the tab."""
    sync.setup()
    delivery.register()
    panels.register(
        "customer", panels.Panel("azure", _("Azure"), "customer_azure", order=27, right=RIGHT)
    )
