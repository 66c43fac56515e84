"""The Settings pages: connections and consent, people, sync."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    name = "portal.administration"
    label = "administration"

    def ready(self) -> None:
        from portal.access import people
        from portal.access.http import scope_of
        from portal.administration import banners, delivery, kinds
        from portal.administration.actions import invitations, offers
        from portal.administration.views.users import PEOPLE
        from portal.administration.views.webhooks import EVENTS, webhook_events
        from portal.ui import directory, menu, panels, shell

        kinds.register()
        delivery.register()
        invitations.register()
        offers.register()
        for panel in (
            panels.Panel(
                "connections", _("Connections"), "connections", order=10, right="connections.view"
            ),
            panels.Panel("users", _("Users"), "users", order=20, right="users.manage"),
            panels.Panel(
                "sync",
                _("Sync"),
                "sync",
                order=30,
                right="sync.view",
                shown=lambda request: scope_of(request).sees_some_whole,
            ),
            panels.Panel(
                "approval-rules",
                _("Approval rules"),
                "approval_rules",
                order=25,
                right="approvals.manage",
            ),
            panels.Panel("webhooks", _("Webhooks"), "webhooks", order=40, right="connections.view"),
        ):
            panels.register("settings", panel)
        directory.register(
            directory.Entry(
                PEOPLE,
                lambda request: people.people_with_roles(scope_of(request)),
                "users",
                right=people.RIGHT,
                icon="users",
                order=85,
                selectable=False,
            )
        )
        directory.register(
            directory.Entry(
                EVENTS,
                webhook_events,
                "webhooks",
                right="connections.view",
                icon="plug-connected",
                order=92,
                selectable=False,
                below=True,
            )
        )
        shell.add_banners(banners.banners)
        menu.register(
            menu.Item(
                _("Settings"),
                "settings",
                icon="settings",
                section=menu.BOTTOM,
                order=90,
                shown=lambda request: bool(panels.tabs(request, "settings", None)),
            )
        )
