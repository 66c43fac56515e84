"""Columns of the licences list, over all customers and inside one customer's page."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.columns import ReadColumn
from customers.licences import standing
from customers.licences.sync import SKUS
from customers.models import SubscribedSku
from portal.ui import tables

GROUPS = {"group1": _("Azure Active Directory"), "group2": _("Minecraft")}


def seller(row: SubscribedSku) -> str:
    """Whose the idle seats are: ours only where every unit is."""
    if standing.is_all_ours(row):
        return gettext("Ours")
    return (
        gettext("Shared with another seller")
        if getattr(row, "ours", 0)
        else gettext("Another seller")
    )


class LicenceTable(tables.Table):
    caption = _("Licences")
    default_sort = "name"
    empty = tables.Empty(
        _("No licence here"),
        _(
            "Licences are read from Partner Center when somebody opens a customer's page, and by age."
        ),
        icon="license",
    )

    name = tables.NameColumn(
        _("Product"), sort="name", detail="part_number", narrow="customer__name"
    )
    customer = tables.Column(
        _("Customer"), accessor="customer__name", sort="customer__name", priority=2
    )
    bought = tables.CountColumn(_("Bought"), accessor="units_total", sort="units_total")
    assigned = tables.CountColumn(_("Assigned"), accessor="units_consumed", sort="units_consumed")
    idle = tables.CountColumn(_("Idle"), accessor="units_available", sort="units_available")
    seller = tables.Column(_("Seats sold by"), accessor="ours", priority=2)
    status = tables.StatusColumn(_("Status"), accessor="capability_status", priority=3)
    suspended = tables.CountColumn(_("Suspended"), accessor="units_suspended", visible=False)
    grace = tables.CountColumn(_("In grace"), accessor="units_warning", visible=False)
    ours = tables.CountColumn(_("Seats of ours"), accessor="ours", visible=False)
    group = tables.WordColumn(
        _("Licence group"),
        accessor="licence_group",
        words=lambda value: str(GROUPS.get(value, value)),
        visible=False,
    )
    read = ReadColumn(SKUS, priority=3)
    part_number = tables.Column(_("Part number"), visible=False)
    sku_id = tables.Column(_("SKU ID"), accessor="pc_id", visible=False)
    tenant_id = tables.Column(_("Tenant ID"), accessor="customer_pc_id", visible=False)

    def render_customer(self, record: SubscribedSku, value: str) -> SafeString | str:
        if record.customer is None:
            return value
        return format_html('<a href="{}">{}</a>', record.customer.get_absolute_url(), value)

    def render_seller(self, record: SubscribedSku) -> str:
        return seller(record)

    def value_seller(self, record: SubscribedSku) -> str:
        return seller(record)


class CustomerLicenceTable(LicenceTable):
    """The same list where the page already names the customer and how old it is."""

    name = tables.NameColumn(_("Product"), sort="name", detail="part_number")

    class Meta:
        exclude = ("customer", "read", "tenant_id")
