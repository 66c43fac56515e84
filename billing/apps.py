"""Invoices and what they are made of."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from billing import prices, queries, statements, sync, views
        from portal.access.http import scope_of
        from portal.ui import directory, menu

        directory.register(
            directory.Entry(
                views.INVOICES,
                lambda request: queries.invoices(scope_of(request)),
                "invoices",
                right=queries.RIGHT,
                icon="file-invoice",
                order=30,
            )
        )
        sync.setup()
        statements.setup()
        prices.setup()
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
