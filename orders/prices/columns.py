"""Columns of what running terms come to: one for each side, offered to nobody who may never see it."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from orders.prices import quoting, running, told
from orders.prices.quoting import Side
from orders.prices.running import Figure
from portal.access.http import scope_of
from portal.ui import formats, shell, tables


class MonthlyColumn(tables.Column):
    """What all seats of a subscription cost, or are charged at, a month, net."""

    css = "num amount"

    def __init__(
        self,
        side: Side,
        label: shell.Text = "",
        *,
        accessor: str = "monthly",
        visible: bool = False,
    ) -> None:
        name = f"{accessor}_{side}"
        super().__init__(label or running.MONTHLY[side], accessor=name, visible=visible)
        self.side, self.plain = side, _value

    def offered(self, request: HttpRequest) -> bool:
        """To those who see the side of some subscription."""
        return quoting.sees(scope_of(request), self.side)

    def reader(self) -> Callable[[HttpRequest, Sequence[Any]], None]:
        """All sides of all rows at once."""
        return running.note

    def beside(self) -> dict[str, Combinable]:
        """What cost is worked out from comes with the rows of a page."""
        return {told.NAME: told.expression()} if self.side is Side.COST else {}

    def in_files(self) -> list[tuple[str, Callable[..., Any]]]:
        """The currency stands in a column of its own."""
        return [(_("%(column)s (currency)") % {"column": self.verbose_name}, _currency)]

    def render(self, value: Figure) -> SafeString | str:
        """The amount; of a cost, where its price comes from too."""
        shown = formats.money(value.value, value.currency)
        if self.side is not Side.COST:
            return shown
        return format_html("{}<small>{}</small>", shown, value.note)


def _value(value: Figure) -> Decimal:
    return value.value


def _currency(value: Figure) -> str:
    return value.currency
