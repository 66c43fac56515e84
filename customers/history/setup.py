"""Everything that the room enters in registries; called once from ``CustomersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from portal.ui import panels


def setup() -> None:
    """The tab."""
    panels.register(
        "customer",
        panels.Panel("history", _("History"), "customer_history", order=90, right="customers.view"),
    )
