"""Everything that the room enters in registries; called once from ``CustomersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from customers.spending import bulk, delivery, intake, sync
from portal.lists.intake import columns
from portal.ui import panels, sentences


def setup() -> None:
    """Families, the verb, the tab."""
    sync.setup()
    delivery.register()
    bulk.register()
    columns.enter(intake.COLUMNS)
    sentences.register(intake.WORDS)
    tab = panels.Panel(
        "spending",
        _("Budget & entitlements"),
        "customer_spending",
        order=65,
        right="customers.view",
    )
    panels.register("customer", tab)
