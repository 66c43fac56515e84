"""What this room enters in the registries; called once from ``OrdersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from orders import lists
from orders.to_new_commerce import delivery, queries, sync, views
from orders.to_new_commerce.part import RIGHT, VIEW
from portal.ui import panels, search


def setup() -> None:
    """The families, the verbs, the lists, the tabs, and the palette's way to a migration."""
    sync.setup()
    delivery.register()
    for listing, rows, url_name, title, order, selectable in (
        (views.MIGRATABLE, queries.migratable, "migratable", _("To migrate"), 30, True),
        (views.MIGRATIONS, queries.migrations, "migrations", _("Migrations"), 40, False),
        (views.PLANS, queries.schedules, "planned_migrations", _("Planned migrations"), 50, True),
    ):
        lists.enter(
            listing,
            rows,
            url_name,
            right=VIEW,
            icon="repeat",
            order=28,
            selectable=selectable,
            partial=listing is views.MIGRATABLE,
        )
        lists.enter_tab(title, url_name, VIEW, order)
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
