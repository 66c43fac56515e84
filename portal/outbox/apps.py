"""What the portal has been asked to change at Partner Center, and how each request is sent once."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "portal.outbox"
    label = "outbox"

    def ready(self) -> None:
        from portal.outbox import audits
        from portal.outbox.batches import telling
        from portal.ui import menu

        audits.setup()
        telling.register_kinds()

        menu.register(
            menu.Item(
                _("Changes"),
                "changes",
                icon="list-check",
                section=menu.BOTTOM,
                order=80,
                right="changes.view",
            )
        )
