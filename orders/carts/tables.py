"""Columns of a list of carts."""

from django.utils.translation import gettext_lazy as _

from orders.carts.models import Cart, CartState
from orders.carts.part import TARGET
from portal.outbox.columns import TargetColumn, of_target
from portal.ui import tables

_STATES = dict(CartState.choices)


class CartTable(tables.Table):
    caption = _("Carts")
    default_sort = "-changed"
    empty = tables.Empty(
        _("No cart here"),
        _("A cart begins in the catalogue, or on a customer's page."),
        icon="shopping-cart",
    )

    name = TargetColumn(_("Cart"), sort="name", changes=of_target(TARGET))
    customer = tables.Column(_("Customer"), accessor="customer__name")
    reseller = tables.Column(_("Reseller on record"), accessor="reseller__name", priority=2)
    lines = tables.CountColumn(_("Lines"), accessor="line_count", priority=2)
    refused = tables.CountColumn(_("Refused lines"), priority=3)
    state = tables.WordColumn(_("State"), words=lambda value: str(_STATES.get(value, value)))
    changed = tables.DateTimeColumn(
        _("Changed"), accessor="changed_at", sort="changed_at", priority=2
    )
    ordered = tables.DateColumn(_("Ordered"), accessor="ordered_at", visible=False)
    purchase_order = tables.Column(_("Purchase order"), visible=False)
    person = tables.Column(_("Person"), accessor="author", visible=False)
    tenant = tables.Column(_("Tenant ID"), accessor="customer__pc_id", visible=False)

    def row_class(self, record: Cart) -> str:
        return "" if record.state == CartState.OPEN else "gone"
