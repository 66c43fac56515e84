"""Columns of the list of Azure subscriptions over all customers."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from orders.entitled.models import AzureSubscription
from orders.entitled.part import TARGET
from portal.outbox import columns
from portal.ui import tables


class AzureTable(tables.Table):
    caption = _("Azure subscriptions")
    default_sort = "name"
    empty = tables.Empty(
        _("No Azure subscription here"),
        _("They are read customer by customer, where there is an Azure plan."),
        icon="cloud",
    )

    name = columns.TargetColumn(
        _("Azure subscription"),
        changes=columns.of_target(TARGET),
        accessor="title",
        sort="name",
        narrow="customer__name",
    )
    customer = tables.Column(_("Customer"), accessor="customer__name", priority=2)
    plan = tables.Column(_("Azure plan"), accessor="plan_pc_id", priority=3)
    status = tables.StatusColumn(_("Status"))
    reseller = tables.Column(_("Indirect reseller"), accessor="reseller__name", priority=3)
    azure_id = tables.Column(_("Azure subscription ID"), accessor="pc_id", visible=False)
    connection = tables.Column(_("Connection"), accessor="connection__name", visible=False)
    tenant_id = tables.Column(_("Tenant ID"), accessor="customer_pc_id", visible=False)

    def render_customer(self, record: AzureSubscription, value: str) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.customer.get_absolute_url(), value)  # type: ignore[union-attr] # queries leave out those without

    def render_plan(self, record: AzureSubscription, value: str) -> SafeString:
        if record.subscription_id is None:
            return format_html('<span class="mono">{}</span>', value)
        url = reverse("subscription", args=[record.subscription_id])
        return format_html('<a href="{}">{}</a>', url, record.subscription)

    def value_plan(self, record: AzureSubscription, value: str) -> str:
        return str(record.subscription) if record.subscription_id else value
