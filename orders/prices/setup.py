"""What prices enter in the registries; called once from ``OrdersConfig.ready``."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from orders import lists
from orders.prices import kinds, pricing_sql, queries, running, sheets, sync, views
from orders.prices.cells import COLUMNS
from orders.prices.quoting import RIGHT
from portal.access import wall
from portal.access.scope import Scope
from portal.lists.intake import columns
from portal.ui import menu

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
    icon = "file-invoice"
    lists.enter(
        views.BOOKS,
        queries.books,
        "price_books",
        right=RIGHT,
        icon=icon,
        order=34,
        selectable=False,
    )
    lists.enter_below(views.RULES, _rules, "price_books", right=RIGHT, icon=icon, order=35)
    lists.enter(
        sheets.PRICES,
        queries.sheet_prices,
        "price_sheets",
        right=queries.COST_RIGHT,
        icon=icon,
        order=36,
        selectable=False,
    )
    menu.register(menu.Item(_("Prices"), "price_books", icon="file-invoice", order=34, right=RIGHT))


def _rules(scope: Scope, book_id: int) -> "QuerySet[PriceRule]":
    """The rules of a book."""
    return queries.rules(scope, queries.book(scope, book_id))
