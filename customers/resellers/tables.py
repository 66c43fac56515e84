"""Columns of the list of indirect resellers."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.access.models import Reseller
from portal.lists.columns import ExternalColumn
from portal.lists.models.external import ExternalKind
from portal.ui import formats, tables


class ResellerTable(tables.Table):
    caption = _("Indirect resellers")
    default_sort = "name"
    empty = tables.Empty(
        _("No indirect reseller here"),
        _("Change the filter, or let the mirror read Partner Center."),
        icon="building-store",
    )

    name = tables.NameColumn(_("Indirect reseller"), sort="name")
    mpn = tables.Column(_("MPN ID"), accessor="mpn_ids")
    country = tables.WordColumn(_("Country"), words=formats.country, priority=3)
    customers = tables.CountColumn(_("Customers"), accessor="customer_count", priority=2)
    subscriptions = tables.CountColumn(
        _("Active subscriptions"), accessor="subscription_count", priority=3
    )
    seats = tables.CountColumn(_("Seats"), accessor="seat_count", priority=2)
    connection = tables.Column(_("Connection"), accessor="connection__name", priority=3)
    state = tables.StatusColumn(_("State"), visible=False)
    tenant = tables.Column(_("Tenant ID"), accessor="pc_id", visible=False)
    external = ExternalColumn(of="reseller")
    external_customer_number = ExternalColumn(of="reseller", kind=ExternalKind.CUSTOMER)
    external_company = ExternalColumn(of="reseller", kind=ExternalKind.COMPANY)
    external_vat = ExternalColumn(of="reseller", kind=ExternalKind.VAT)
    external_tax_code = ExternalColumn(of="reseller", kind=ExternalKind.TAX)
    external_cost_centre = ExternalColumn(of="reseller", kind=ExternalKind.COST_CENTRE)

    def render_name(self, record: Reseller, value: str) -> SafeString:
        url = reverse("reseller", args=[record.pk])
        return format_html('<a class="name" href="{}">{}</a>', url, value)

    def render_mpn(self, value: list[str]) -> str:
        return ", ".join(value)

    def value_mpn(self, value: list[str]) -> str:
        return ", ".join(value)
