"""What the portal has been asked to change at Partner Center, and how each request is sent once."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "portal.outbox"
    label = "outbox"

    def ready(self) -> None:
        from portal.access.http import scope_of
        from portal.outbox import audits, news, queries, views
        from portal.outbox.approvals import queries as approvals
        from portal.outbox.approvals.views import INBOX
        from portal.outbox.batches import queries as batches
        from portal.outbox.batches import registry, telling
        from portal.outbox.batches.views import BATCHES
        from portal.ui import directory, menu, sentences

        directory.register(
            directory.Entry(
                views.CHANGES,
                lambda request: queries.commands(scope_of(request)),
                "changes",
                right="changes.view",
                icon="list-check",
                order=40,
                selectable=False,  # a row swaps itself while it is open
            )
        )
        directory.register(
            directory.Entry(
                INBOX,
                lambda request: approvals.inbox(scope_of(request)),
                "approvals",
                right="changes.approve",
                icon="user-check",
                order=41,
                selectable=False,
            )
        )
        directory.register(
            directory.Entry(
                BATCHES,
                lambda request: batches.batches(scope_of(request)),
                "batches",
                right="changes.view",
                icon="list-check",
                order=42,
                selectable=False,
            )
        )

        audits.setup()
        telling.register_kinds()
        news.register()
        sentences.register(registry.WORDS)

        menu.register(
            menu.Item(
                _("Changes"),
                "changes",
                icon="list-check",
                section=menu.BOTTOM,
                order=80,
                right="changes.view",
                also=("batches",),
            )
        )
