"""What this room enters in the registries; called once from ``OrdersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from orders.to_new_commerce import delivery, sync
from orders.to_new_commerce.part import RIGHT, VIEW
from portal.ui import panels, search


def setup() -> None:
    """The families, the verbs, the tab, and the palette's way to a migration."""
    sync.setup()
    delivery.register()
    panels.register(
        "customer",
        panels.Panel("migrations", _("Migrations"), "customer_migrations", order=29, right=VIEW),
    )
    act = search.Act(
        "migrate",
        _("Migrate to new commerce…"),
        "subscription_migrate",
        right=RIGHT,
        icon="repeat",
    )
    search.register_act("subscriptions", act)
