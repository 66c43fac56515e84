"""Everything that the room enters in registries; called once from ``CustomersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from customers.agreements import delivery, sync
from portal.ui import panels


def setup() -> None:
    """Families, the verbs, the tab."""
    sync.setup()
    delivery.register()
    panels.register(
        "customer",
        panels.Panel(
            "agreements",
            _("Agreements & qualifications"),
            "customer_agreements",
            order=60,
            right="customers.view",
        ),
    )
