"""Columns of the invoices list and of an invoice's lines. Every amount says that it is cost."""

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from billing.filters import CHARGES, DOCUMENTS
from billing.models import Invoice, InvoiceLine
from portal.ui import formats, tables

_CHARGES = {name.lower(): word for name, word in CHARGES}
_DOCUMENTS = dict(DOCUMENTS)


def _charge(value: str) -> tables.Text:
    """A kind of charge in words; Partner Center's own writing of it varies."""
    return _CHARGES.get(value.lower(), value)


class InvoiceTable(tables.Table):
    caption = _("Invoices")
    default_sort = "-date"
    empty = tables.Empty(
        _("No invoice yet"), _("The first sync fills this list."), icon="file-invoice"
    )

    number = tables.NameColumn(_("Invoice"), accessor="pc_id", sort="pc_id")
    date = tables.DateColumn(_("Date"), accessor="invoice_date", sort="invoice_date")
    document = tables.WordColumn(
        _("Document"),
        accessor="document_type",
        words=lambda value: _DOCUMENTS.get(value, value),
        priority=2,
    )
    kind = tables.Column(_("Type"), accessor="invoice_type", priority=3)
    connection = tables.Column(_("Connection"), accessor="connection__name", priority=3)
    total = tables.MoneyColumn(_("Total (cost)"), accessor="total_charges", sort="total_charges")
    paid = tables.MoneyColumn(_("Paid"), accessor="paid_amount", priority=2)
    currency = tables.Column(_("Currency"), visible=False)

    def row_class(self, record: Invoice) -> str:
        return "gone" if record.gone_at else ""


class LineTable(tables.Table):
    caption = _("Invoice lines")
    default_sort = "position"
    empty = tables.Empty(
        _("No line of this invoice here"),
        _("Lines of new-commerce invoices are read with the next full sync."),
        icon="file-invoice",
    )

    position = tables.Column(_("Line"), sort="position", numeric=True)
    customer = tables.Column(_("Customer"), accessor="customer_name", priority=2)
    product = tables.Column(_("Product"), accessor="product_name")
    charge = tables.WordColumn(
        _("Charge"), accessor="charge_type", words=_charge, priority=2, nowrap=True
    )
    quantity = tables.NumberColumn(_("Quantity"))
    unit_price = tables.NumberColumn(
        _("Unit price (cost)"), accessor="effective_unit_price", priority=3
    )
    subtotal = tables.MoneyColumn(_("Net (cost)"))
    tax = tables.MoneyColumn(_("Tax (cost)"), priority=3)
    total = tables.MoneyColumn(_("Total (cost)"), priority=2)
    currency = tables.Column(_("Currency"), visible=False)
    list_price = tables.Column(_("List price (cost)"), accessor="unit_price", visible=False)
    charge_start = tables.Column(_("Charged from"), visible=False)
    charge_end = tables.Column(_("Charged to"), visible=False)
    term = tables.Column(_("Term"), accessor="term_and_billing_cycle", visible=False)
    tenant_id = tables.Column(_("Tenant ID"), accessor="customer_pc_id", visible=False)
    subscription_id = tables.Column(
        _("Subscription ID"), accessor="subscription_pc_id", visible=False
    )
    order_id = tables.Column(_("Order ID"), accessor="order_pc_id", visible=False)
    product_id = tables.Column(_("Product ID"), visible=False)
    sku_id = tables.Column(_("SKU ID"), visible=False)
    mpn_id = tables.Column(_("Reseller MPN ID"), accessor="reseller_mpn_id", visible=False)

    def render_position(self, value: int) -> str:
        return formats.count(value + 1)

    def value_position(self, value: int) -> int:
        return value + 1

    def render_customer(self, record: InvoiceLine, value: str) -> SafeString | str:
        if record.customer is None:
            return value
        return format_html('<a href="{}">{}</a>', record.customer.get_absolute_url(), value)

    def render_product(self, record: InvoiceLine, value: str) -> SafeString:
        url = record.subscription.get_absolute_url() if record.subscription else ""
        shape = '<a href="{1}">{0}</a>' if url else "{0}"
        shape = f'<div>{shape}</div><small class="n2">{{2}}</small>'
        return format_html(shape, value, url, record.customer_name)

    def value_product(self, value: str) -> str:
        return value

    def render_unit_price(self, value: Decimal) -> str:
        return formats.number(value, least=2)

    def render_charge(self, record: InvoiceLine, value: str) -> SafeString:
        word = _charge(value)
        days = ""
        if record.charge_start and record.charge_end:
            start, end = map(formats.date_short, (record.charge_start, record.charge_end))
            days = f"{start} – {end}"
        return format_html("{}<small>{}</small>", word, days)
