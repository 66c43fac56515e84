"""Everything that the room enters in registries; called once from ``CustomersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from customers.profiles import delivery, sync
from portal.ui import panels


def setup() -> None:
    """Families, the verb, the tab."""
    sync.setup()
    delivery.register()
    panels.register(
        "customer",
        panels.Panel("profile", _("Profile"), "customer_profile", order=70, right="customers.view"),
    )
