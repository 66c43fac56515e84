"""Approvals: which changes wait for a second person, who that may be, and how long they wait."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "portal.outbox.approvals"
    label = "approvals"

    def ready(self) -> None:
        from portal.outbox.approvals import telling
        from portal.ui import menu

        telling.register()
        menu.register(
            menu.Item(
                _("Approvals"),
                "approvals",
                icon="user-check",
                section=menu.BOTTOM,
                order=75,
                right="changes.approve",
            )
        )
