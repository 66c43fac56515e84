"""Everything that the room enters in registries; called once from ``CustomersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from customers.spending import bulk, delivery, sync
from portal.ui import panels


def setup() -> None:
    """Families, the verb, the tab."""
    sync.setup()
    delivery.register()
    bulk.register()
    tab = panels.Panel(
        "spending",
        _("Budget & entitlements"),
        "customer_spending",
        order=65,
        right="customers.view",
    )
    panels.register("customer", tab)
