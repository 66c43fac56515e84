"""What prices enter in the registries; called once from ``OrdersConfig.ready``."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders.prices import kinds, pricing_sql, queries, running, sheets, sync, views
from orders.prices.cells import COLUMNS
from orders.prices.quoting import RIGHT
from portal.access import wall
from portal.access.http import scope_of
from portal.lists.intake import columns
from portal.ui import directory, menu

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from orders.prices.models import PriceRule


def setup() -> None:
    """The family of sheets, the function behind quotes, lists, menu and wording."""
    sync.setup()
    running.setup()
    kinds.register()
    wall.offer(pricing_sql.SIGNATURE, pricing_sql.FUNCTION)
    columns.enter(COLUMNS)
    directory.register(
        directory.Entry(
            views.BOOKS,
            lambda request: queries.books(scope_of(request)),
            "price_books",
            right=RIGHT,
            icon="file-invoice",
            order=34,
            selectable=False,
        )
    )
    directory.register(
        directory.Entry(
            views.RULES,
            _rules,
            "price_books",
            right=RIGHT,
            icon="file-invoice",
            order=35,
            selectable=False,
            below=True,
        )
    )
    directory.register(
        directory.Entry(
            sheets.PRICES,
            lambda request: queries.sheet_prices(scope_of(request)),
            "price_sheets",
            right=queries.COST_RIGHT,
            icon="file-invoice",
            order=36,
            selectable=False,
        )
    )
    menu.register(menu.Item(_("Prices"), "price_books", icon="file-invoice", order=34, right=RIGHT))


def _rules(request: HttpRequest) -> "QuerySet[PriceRule]":
    """The rules of the book that a worker's request names."""
    scope = scope_of(request)
    return queries.rules(scope, queries.book(scope, directory.parent(request) or 0))
