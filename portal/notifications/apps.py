"""Telling people: in the portal, by mail, in their own language and as each of them chose."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "portal.notifications"
    label = "notifications"

    def ready(self) -> None:
        from portal.access.http import scope_of
        from portal.notifications import adapter, exports, queries, rewriting, unread
        from portal.notifications.views import MAILS
        from portal.ui import directory, panels, shell

        adapter.register()
        exports.register()
        rewriting.register()
        panels.register(
            "settings",
            panels.Panel("mails", _("Mails"), "mails", order=60, right="connections.manage"),
        )
        panels.register(
            "settings",
            panels.Panel(
                "mail-templates",
                _("Mail texts"),
                "mail_templates",
                order=65,
                right="mail_templates.edit",
            ),
        )
        directory.register(
            directory.Entry(
                MAILS,
                lambda request: queries.mails(scope_of(request)),
                "mails",
                right="connections.manage",
                icon="send",
                order=90,
                selectable=False,
            )
        )
        shell.set_unread(unread.count)
