"""Everything that the room enters in registries; called once from ``CustomersConfig.ready``."""

from django.utils.translation import gettext_lazy as _

from customers.permissions import delivery, foreseeing, queries, sync, views
from portal.access.http import scope_of
from portal.ui import directory, panels, sentences


def setup() -> None:
    """The family, the verbs, the list, the tab."""
    sentences.register({foreseeing.MISSING: foreseeing.missing})
    sync.setup()
    delivery.register()
    directory.register(
        directory.Entry(
            views.PERMISSIONS,
            lambda request: queries.permissions(scope_of(request)),
            "permissions",
            right=views.VIEW,
            icon="lock",
            order=26,
            selectable=False,
        )
    )
    panels.register(
        "customer",
        panels.Panel(
            "permissions", _("Permissions"), "customer_permissions", order=45, right=views.VIEW
        ),
    )
