"""Columns of what a term comes to a month now and renewed; at first on the side that the reader pays itself."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from orders.models import Subscription
from orders.prices import quoting
from orders.prices.columns import MonthlyColumn
from orders.prices.quoting import Side
from orders.prices.running import Figure
from orders.renewals import whatif
from portal.access.http import scope_of
from portal.ui import formats

RENEWED = {
    Side.COST: _("Cost a month at renewal, net"),
    Side.RESELLER: _("Charge to the reseller a month at renewal, net"),
    Side.CUSTOMER: _("Charge to the customer a month at renewal, net"),
}


def note(request: HttpRequest, rows: Sequence[Subscription]) -> None:
    """Give the rows their figures as ``monthly_<side>`` and ``renewed_<side>``."""
    for row, (now, then) in zip(rows, whatif.coming(scope_of(request), rows), strict=True):
        for side in Side:
            setattr(row, f"monthly_{side}", now.get(side))
            setattr(row, f"renewed_{side}", then.get(side))


class NowColumn(MonthlyColumn):
    """What the running term comes to; not on a phone."""

    css = "num amount p2"

    def at_first(self, request: HttpRequest) -> bool:
        """What the reader pays: cost, or what it is charged."""
        own = Side.COST if quoting.sees_cost(scope_of(request)) else Side.RESELLER
        return self.side is own

    def reader(self) -> Callable[[HttpRequest, Sequence[Any]], None]:
        """Both terms of all rows at once."""
        return note

    def render(self, value: Figure) -> SafeString | str:
        """The amount alone: where it comes from stands on the page of the subscription."""
        return formats.money(value.value, value.currency)


class RenewedColumn(NowColumn):
    """What the next term would come to, with what it changes below."""

    def __init__(self, side: Side, *, visible: bool = False) -> None:
        super().__init__(side, RENEWED[side], accessor="renewed", visible=visible)

    def render(self, value: Figure, record: Subscription) -> SafeString | str:  # type: ignore[override] # by name
        """The amount, and by how much it differs where both are of one currency."""
        told = formats.money(value.value, value.currency)
        now: Figure | None = getattr(record, f"monthly_{self.side}")
        if now is None or now.currency != value.currency or now.value == value.value:
            return told
        change = value.value - now.value
        sign = "+" if change > 0 else ""
        return format_html("{}<small>{}{}</small>", told, sign, formats.money(change, now.currency))
