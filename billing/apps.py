"""Invoices and what they are made of."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from billing import statements, sync
        from portal.ui import menu

        sync.setup()
        statements.setup()
        menu.register(
            menu.Item(
                _("Billing"),
                "invoices",
                icon="file-invoice",
                section=menu.OPERATIONS,
                order=10,
                right="invoices.view",
            )
        )
