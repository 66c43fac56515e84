"""Columns of the list of permissions over all customers."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from customers.models import AdminRelationship
from customers.permissions import words
from portal.ui import tables


class PermissionTable(tables.Table):
    caption = _("Permissions")
    default_sort = "ends"
    empty = tables.Empty(
        _("No permission here"),
        _("Change the filter, or let the mirror read Microsoft Graph."),
        icon="lock",
    )

    name = tables.NameColumn(_("Permission"), sort="name", narrow="customer__name")
    customer = tables.Column(_("Customer"), accessor="customer__name", priority=2)
    status = tables.WordColumn(_("State"), words=lambda value: words.state(value)[1], sort="status")
    roles = tables.Column(_("Roles"), accessor="role_ids", priority=2)
    ends = tables.DateColumn(_("Ends"), accessor="ends_at", sort="ends_at")
    extended = tables.Column(_("Extended by itself"), accessor="is_extended", priority=2)
    approved = tables.DateColumn(_("Approved"), accessor="activated_at", visible=False)
    relationship_id = tables.Column(_("Relationship ID"), accessor="pc_id", visible=False)
    tenant_id = tables.Column(_("Tenant ID"), accessor="customer_pc_id", visible=False)

    def render_customer(self, record: AdminRelationship, value: str) -> SafeString | str:
        if record.customer is None:
            return value
        return format_html('<a href="{}">{}</a>', record.customer.get_absolute_url(), value)

    def render_roles(self, value: list[str]) -> str:
        return ", ".join(words.role_names(value))

    def value_roles(self, value: list[str] | None) -> str:
        return ", ".join(words.role_names(value or []))

    def render_extended(self, value: bool) -> str:  # noqa: FBT001 - the table's own call
        return str(_("yes") if value else _("no"))

    def value_extended(self, value: bool) -> str:  # noqa: FBT001 - the table's own call
        return str(_("yes") if value else _("no"))

    def row_class(self, record: AdminRelationship) -> str:
        return "gone" if record.status in ("expired", "terminated") else ""
