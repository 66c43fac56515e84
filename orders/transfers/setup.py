"""What this room enters in the registries; called once from ``OrdersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from orders.transfers import delivery, queries, sync, views
from orders.transfers.part import VIEW
from portal.access.http import scope_of
from portal.ui import directory, menu, panels


def setup() -> None:
    """The family, the verbs, the lists, the menu and the tab."""
    sync.setup()
    delivery.register()
    directory.register(
        directory.Entry(
            views.TRANSFERS,
            lambda request: queries.transfers(scope_of(request)),
            "transfers",
            right=VIEW,
            icon="package-export",
            order=24,
            selectable=False,
        )
    )
    directory.register(
        directory.Entry(
            views.OF_CUSTOMER,
            lambda request: queries.transfers(scope_of(request)).filter(
                customer=directory.parent(request)
            ),
            "customers",
            right=VIEW,
            icon="package-export",
            order=24,
            selectable=False,
            below=True,
        )
    )
    menu.register(
        menu.Item(_("Transfers"), "transfers", icon="package-export", order=34, right=VIEW)
    )
    panels.register(
        "customer",
        panels.Panel("transfers", _("Transfers"), "customer_transfers", order=28, right=VIEW),
    )
