"""Invoices and what they are made of."""

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from billing.models import InvoiceLine


def _lines(request: HttpRequest) -> "QuerySet[InvoiceLine]":
    """The lines of the invoice that a worker's request names."""
    from billing import queries
    from portal.access.http import scope_of
    from portal.ui import directory

    scope = scope_of(request)
    return queries.lines(scope, queries.invoice(scope, directory.parent(request) or 0))


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from billing import overview, prices, queries, statements, sync, views
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
        directory.register(
            directory.Entry(
                views.LINES,
                _lines,
                "invoices",
                right=queries.RIGHT,
                icon="file-invoice",
                order=31,
                selectable=False,
                below=True,
            )
        )
        sync.setup()
        statements.setup()
        prices.setup()
        overview.register()
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
