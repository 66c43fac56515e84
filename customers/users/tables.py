"""Columns of the list of a customer's users."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from customers.columns import ReadColumn
from customers.models import CustomerUser, UserState
from customers.users import rules
from customers.users.part import USERS
from portal.outbox import columns
from portal.ui import tables

_STATES = dict(UserState.choices)


def _country(code: str) -> tables.Text:
    return rules.country(code)


class UserTable(tables.Table):
    caption = _("Users")
    default_sort = "name"
    empty = tables.Empty(
        _("No user here"),
        _("Change the filter, or let the mirror read Partner Center."),
        icon="users",
    )

    name = columns.TargetColumn(
        _("User"),
        changes=columns.of_target(rules.TARGET),
        accessor="display_name",
        sort="display_name",
        detail="user_principal_name",
    )
    state = tables.WordColumn(_("State"), words=lambda value: _STATES.get(value, value))
    roles = tables.Column(_("Roles"), accessor="role_names", priority=2)
    location = tables.WordColumn(
        _("Usage location"), accessor="usage_location", words=_country, priority=3
    )
    deleted = tables.DateColumn(_("Deleted on"), accessor="soft_deleted_at", priority=3)
    user_name = tables.Column(
        _("User name"),
        accessor="user_principal_name",
        sort="user_principal_name",
        visible=False,
    )
    first_name = tables.Column(_("First name"), visible=False)
    last_name = tables.Column(_("Last name"), visible=False)
    synced = tables.DateTimeColumn(
        _("Last directory sync"), accessor="last_directory_sync_at", visible=False
    )
    user_id = tables.Column(_("User ID"), accessor="pc_id", visible=False)

    def render_roles(self, value: list[str]) -> str:
        return ", ".join(value)

    def value_roles(self, value: list[str] | None) -> str:
        return ", ".join(value or [])

    def row_class(self, record: CustomerUser) -> str:
        return "gone" if record.is_deleted else ""


class AllUserTable(UserTable):
    """The same list over all customers. Roles are told where a customer's directory is at hand."""

    name = columns.TargetColumn(
        _("User"),
        changes=columns.of_target(rules.TARGET),
        accessor="display_name",
        sort="display_name",
        detail="user_principal_name",
        narrow="customer__name",
    )
    customer = tables.Column(
        _("Customer"), accessor="customer__name", sort="customer__name", priority=2
    )
    read = ReadColumn(USERS, priority=3)

    class Meta:
        exclude = ("roles",)
        sequence = ("name", "customer", "...")

    def render_customer(self, record: CustomerUser, value: str) -> SafeString | str:
        if record.customer is None:
            return value
        url = reverse("customer_users", args=[record.customer.pk])
        return format_html('<a href="{}">{}</a>', url, value)
