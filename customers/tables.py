"""Columns of the customers list."""

from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from customers.notes.columns import TagsColumn
from portal.lists.columns import ExternalColumn
from portal.lists.models.external import ExternalKind
from portal.outbox import columns
from portal.ui import tables


class CustomerTable(tables.Table):
    caption = _("Customers")
    default_sort = "name"
    empty = tables.Empty(
        _("No customer here"),
        _("Change the filter, or let the mirror read Partner Center."),
        icon="building",
    )

    name = columns.TargetColumn(
        _("Customer"), changes=columns.of_customer, sort="name", detail="domain"
    )
    resellers = tables.Column(_("Indirect resellers"), accessor="reseller_names", priority=2)
    country = tables.Column(_("Country"), sort="country", priority=3)
    subscriptions = tables.CountColumn(
        _("Subscriptions"), accessor="subscription_count", priority=2
    )
    seats = tables.CountColumn(_("Seats"), accessor="seat_count", priority=2)
    renews = tables.DateColumn(_("Next term end"), accessor="next_renewal")
    domain = tables.Column(_("Domain"), accessor="domain", visible=False)
    relationship = tables.StatusColumn(
        _("Relationship"),
        kind="relationship",
        accessor="relationship_to_partner",
        visible=False,
    )
    tenant = tables.Column(_("Tenant ID"), accessor="pc_id", visible=False)
    tags = TagsColumn()
    external = ExternalColumn(of="customer")
    external_customer_number = ExternalColumn(of="customer", kind=ExternalKind.CUSTOMER)
    external_company = ExternalColumn(of="customer", kind=ExternalKind.COMPANY)
    external_agreement = ExternalColumn(of="customer", kind=ExternalKind.AGREEMENT)
    external_vat = ExternalColumn(of="customer", kind=ExternalKind.VAT)
    external_tax_code = ExternalColumn(of="customer", kind=ExternalKind.TAX)
    external_cost_centre = ExternalColumn(of="customer", kind=ExternalKind.COST_CENTRE)
    external_billing_group = ExternalColumn(of="customer", kind=ExternalKind.BILLING_GROUP)
    external_purchase_order = ExternalColumn(of="customer", kind=ExternalKind.PURCHASE_ORDER)

    def render_resellers(self, record: Customer, value: list[str]) -> str:
        return ", ".join(value)

    def value_resellers(self, record: Customer, value: list[str] | None) -> str:
        return ", ".join(value or [])

    def row_class(self, record: Customer) -> str:
        return "gone" if record.gone_at else ""
