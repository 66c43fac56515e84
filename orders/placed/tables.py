"""Columns of the lists of orders: a customer's, one with what they cost, and that over all customers."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from orders.placed import lines, told
from portal.ui import formats, tables


class EveryOrderTable(tables.Table):
    """The orders of all customers of the reader."""

    caption = _("Orders")
    default_sort = "-created"
    empty = tables.Empty(
        _("No order here"),
        _("Orders are read customer by customer, the oldest reading first."),
        icon="shopping-cart",
    )

    name = tables.NameColumn(_("Order"), accessor="pc_id", narrow="customer__name")
    customer = tables.Column(_("Customer"), accessor="customer__name", priority=2)
    products = tables.Column(_("Products"), accessor="pk")
    term = tables.TermColumn(_("Term"), accessor="term_duration", priority=2)
    billing = tables.WordColumn(
        _("Billing"), accessor="billing_cycle", words=formats.billing, priority=2
    )
    status = tables.StatusColumn(_("Status"))
    created = tables.DateColumn(
        _("Ordered"), accessor="creation_date", sort="creation_date", priority=2
    )
    currency = tables.Column(_("Currency"), visible=False)
    reseller = tables.Column(_("Indirect reseller"), accessor="reseller__name", priority=3)
    connection = tables.Column(_("Connection"), accessor="connection__name", visible=False)
    tenant_id = tables.Column(_("Tenant ID"), accessor="customer_pc_id", visible=False)

    def render_customer(self, record: Order, value: str) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.customer.get_absolute_url(), value)  # type: ignore[union-attr] # queries leave out those without

    def render_products(self, record: Order) -> SafeString:
        """A line for each product: how many, and the subscription that came of it."""
        return format_html_join(mark_safe("<br>"), "{}", ((_line(one),) for one in _of(record)))

    def value_products(self, record: Order) -> str:
        """The same as text."""
        return "; ".join(f"{one.quantity or '?'} × {one.name}" for one in _of(record))

    def row_class(self, record: Order) -> str:
        return "gone" if record.gone_at else ""


def _of(record: Order) -> Iterable[told.Line]:
    return told.lines_of(record)


def _line(one: told.Line) -> SafeString:
    number = formats.count(one.quantity) if one.quantity is not None else "?"
    if one.subscription_id is None:
        return format_html("{} × {}", number, one.name)
    url = reverse("subscription", args=[one.subscription_id])
    return format_html('{} × <a href="{}">{}</a>', number, url, one.name)


class OrderTable(EveryOrderTable):
    """Those of one customer, where the page names it."""

    empty = tables.Empty(
        _("No order here"),
        _("Change the filter, or let the mirror read Partner Center."),
        icon="shopping-cart",
    )
    name = tables.NameColumn(_("Order"), accessor="pc_id")
    reseller = tables.Column(_("Indirect reseller"), accessor="reseller__name", visible=False)

    class Meta:
        exclude = ("customer", "connection")


class CostedOrderTable(OrderTable):
    """The same with what each order costs the partner, for those who may see cost."""

    cost = tables.MoneyColumn(_("Total (cost)"), accessor="priced", priority=2)

    class Meta:
        sequence = ("name", "products", "cost", "...")

    def render_cost(self, record: Order, value: Any) -> str:
        found = lines.total(lines.prices(value))
        return formats.DASH if found is None else formats.money(found, record.currency)

    def value_cost(self, value: Any) -> str:
        found = lines.total(lines.prices(value))
        return "" if found is None else str(found)
