"""Everything that the room enters in registries; called once from ``CustomersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from customers.domains import delivery
from portal.ui import panels


def setup() -> None:
    """The verb and the tab."""
    delivery.register()
    panels.register(
        "customer",
        panels.Panel("domains", _("Domains"), "customer_domains", order=55, right="customers.view"),
    )
