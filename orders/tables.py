"""Columns of the subscriptions list, on its own page and inside a customer's."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from orders.columns import TermDateColumn
from orders.models import Subscription
from orders.prices.columns import MonthlyColumn
from orders.prices.quoting import Side
from portal.lists.columns import ExternalColumn, ProductItemColumn
from portal.lists.models.external import ExternalKind
from portal.outbox import columns
from portal.ui import formats, tables


class SubscriptionTable(tables.Table):
    caption = _("Subscriptions")
    default_sort = "name"
    empty = tables.Empty(
        _("No subscription here"),
        _("Change the filter, or let the mirror read Partner Center."),
        icon="license",
    )

    name = columns.TargetColumn(
        _("Subscription"),
        changes=columns.of_target("subscription"),
        accessor="friendly_name",
        sort="friendly_name",
        narrow="customer__name",
    )
    customer = tables.Column(
        _("Customer"), accessor="customer__name", sort="customer__name", priority=2
    )
    reseller = tables.Column(_("Indirect reseller"), accessor="reseller__name", priority=3)
    quantity = tables.CountColumn(_("Seats"), sort="quantity")
    term = tables.TermColumn(_("Term"), accessor="term_duration", priority=2)
    renews = TermDateColumn(
        _("Term ends"), accessor="commitment_end_date", sort="commitment_end_date", priority=2
    )
    status = tables.StatusColumn(_("Status"), sort="status")
    take_back = TermDateColumn(
        _("Seats can be taken back until"), accessor="refund_until", visible=False
    )
    billing = tables.WordColumn(
        _("Billing"), accessor="billing_cycle", words=formats.billing, visible=False
    )
    auto_renew = tables.WordColumn(
        _("Renews by itself"), accessor="auto_renew", words=formats.yes_no, visible=False
    )
    monthly_cost = MonthlyColumn(Side.COST)
    monthly_reseller = MonthlyColumn(Side.RESELLER)
    monthly_customer = MonthlyColumn(Side.CUSTOMER)
    offer = tables.Column(_("Product"), accessor="offer_name", visible=False)
    offer_id = tables.Column(_("Offer ID"), accessor="offer_id", visible=False)
    order_id = tables.Column(_("Order ID"), accessor="order_pc_id", visible=False)
    subscription_id = tables.Column(_("Subscription ID"), accessor="pc_id", visible=False)
    tenant_id = tables.Column(_("Tenant ID"), accessor="customer_pc_id", visible=False)
    product_item = ProductItemColumn(product="product_id", sku="sku_id")
    external = ExternalColumn(of="subscription")
    external_item = ExternalColumn(of="subscription", kind=ExternalKind.ITEM)
    external_agreement = ExternalColumn(of="subscription", kind=ExternalKind.AGREEMENT)
    external_cost_centre = ExternalColumn(of="subscription", kind=ExternalKind.COST_CENTRE)
    external_billing_group = ExternalColumn(of="subscription", kind=ExternalKind.BILLING_GROUP)
    external_purchase_order = ExternalColumn(of="subscription", kind=ExternalKind.PURCHASE_ORDER)

    def render_customer(self, record: Subscription, value: str) -> SafeString | str:
        if record.customer is None:
            return value
        return format_html('<a href="{}">{}</a>', record.customer.get_absolute_url(), value)

    def render_term(self, record: Subscription, value: str) -> SafeString | str:
        return format_html(
            "{}<small>{}</small>", formats.term(value), formats.billing(record.billing_cycle)
        )

    def row_class(self, record: Subscription) -> str:
        return "gone" if record.gone_at else ""


class CustomerSubscriptionTable(SubscriptionTable):
    """The same list where the page already names the customer."""

    class Meta:
        exclude = ("customer", "tenant_id")
