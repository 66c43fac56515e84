"""Columns of price books, their rules and price sheets."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from orders.catalogue import words as catalogue
from orders.prices import words
from orders.prices.models import ChargeSide, PriceBook, PriceRule, SheetPrice, SheetView
from portal.ui import formats, tables

MARKS = {"running": "is-ok", "coming": "is-info", "ended": "is-off"}


class BookTable(tables.Table):
    caption = _("Price books")
    default_sort = "name"
    empty = tables.Empty(
        _("No price book yet"),
        _("Without one, charges are shown as “–”."),
        icon="file-invoice",
    )

    name = tables.NameColumn(_("Price book"), sort="name")
    side = tables.WordColumn(_("Charges"), words=lambda value: ChargeSide(value).label)
    owner = tables.Column(_("Prices of"), accessor="pk", priority=2)
    rules = tables.CountColumn(_("Rules"), accessor="rule_count")

    def render_owner(self, record: PriceBook) -> str:
        return str(record.reseller or record.connection.name)

    def value_owner(self, record: PriceBook) -> str:
        return str(record.reseller or record.connection.name)


class RuleTable(tables.Table):
    caption = _("Rules")
    default_sort = "product"
    empty = tables.Empty(
        _("No rule here"),
        _("Add one, or import a table. The most specific rule wins."),
        icon="file-invoice",
    )

    product = tables.NameColumn(_("Product"), accessor="pk", sort="product_pc_id")
    rule = tables.Column(_("Charge"), accessor="pk", nowrap=True)
    whom = tables.Column(_("For whom"), accessor="pk", priority=2)
    term = tables.TermColumn(_("Term"), priority=2)
    cycle = tables.WordColumn(_("Billing"), words=formats.billing, priority=3)
    valid_from = tables.DateColumn(_("Valid from"), sort="valid_from", priority=2)
    valid_to = tables.DateColumn(_("Valid to"), priority=2)
    state = tables.Column(_("State"), accessor="pk")
    product_id = tables.Column(_("Product ID"), accessor="product_pc_id", visible=False)
    sku_id = tables.Column(_("SKU ID"), accessor="sku_pc_id", visible=False)
    segment = tables.WordColumn(_("Segment"), words=catalogue.segment, visible=False)
    billing_cycle = tables.Column(_("Billing cycle"), accessor="cycle", visible=False)
    reseller = tables.Column(_("Indirect reseller"), accessor="for_reseller__pc_id", visible=False)
    customer = tables.Column(_("Customer"), accessor="customer__pc_id", visible=False)
    kind = tables.Column(_("Rule"), visible=False)
    value = tables.Column(_("Value"), visible=False)
    currency = tables.Column(_("Currency"), visible=False)

    def render_product(self, record: PriceRule) -> SafeString:
        ids = words.item(record)
        below = format_html("<small>{}</small>", ids) if ids else ""
        url, name = record.get_absolute_url(), words.product(record)
        return format_html('<a class="name" href="{}">{}</a>{}', url, name, below)

    def value_product(self, record: PriceRule) -> str:
        return words.product(record)

    def render_rule(self, record: PriceRule) -> str:
        return words.value(record)

    def value_rule(self, record: PriceRule) -> str:
        return words.value(record)

    def render_whom(self, record: PriceRule) -> str:
        return words.whom(record) or formats.DASH

    def value_whom(self, record: PriceRule) -> str:
        return words.whom(record)

    def render_state(self, record: PriceRule) -> SafeString:
        state = words.state(record, timezone.localdate())
        return format_html('<span class="st {}">{}</span>', MARKS[state], words.STATES[state])

    def value_state(self, record: PriceRule) -> str:
        return str(words.STATES[words.state(record, timezone.localdate())])

    def row_class(self, record: PriceRule) -> str:
        return "gone" if words.state(record, timezone.localdate()) == "ended" else ""


class SheetTable(tables.Table):
    caption = _("Price sheets")
    default_sort = "title"
    empty = tables.Empty(
        _("No price here"),
        _("Change the filter, or let the mirror read the sheet of a market."),
        icon="file-invoice",
    )

    title = tables.NameColumn(_("Product"), sort="title", detail="item")
    market = tables.WordColumn(_("Market"), words=formats.country, priority=3)
    term = tables.TermColumn(_("Term"))
    cycle = tables.WordColumn(_("Billing"), words=formats.billing, priority=2)
    segment = tables.WordColumn(_("Segment"), words=catalogue.segment, priority=3)
    unit_price = tables.MoneyColumn(_("A term (cost, net)"))
    list_price = tables.MoneyColumn(_("List price, net"), priority=2)
    starts_on = tables.DateColumn(_("Valid from"), priority=3)
    ends_on = tables.DateColumn(_("Valid to"), priority=2)
    month = tables.Column(_("Month"), priority=2, nowrap=True)
    view = tables.WordColumn(
        _("Sheet"), words=lambda value: dict(SheetView.choices).get(value, value), visible=False
    )
    currency = tables.Column(_("Currency"), visible=False)
    product_id = tables.Column(_("Product ID"), accessor="product_pc_id", visible=False)
    sku_id = tables.Column(_("SKU ID"), accessor="sku_pc_id", visible=False)
    connection = tables.Column(_("Connection"), accessor="connection__name", visible=False)

    def render_month(self, record: SheetPrice) -> str:
        return date_format(record.month, "F Y")

    def value_month(self, record: SheetPrice) -> str:
        return f"{record.month:%Y-%m}"
