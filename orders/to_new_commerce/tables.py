"""Columns of what can be migrated, of migrations and of plans, over all customers."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from orders.models import Subscription
from orders.to_new_commerce.part import SCHEDULE
from portal.outbox import columns
from portal.ui import formats, tables


class MigratableTable(tables.Table):
    """Legacy subscriptions, with what has become of an earlier attempt."""

    caption = _("Legacy subscriptions")
    default_sort = "name"
    empty = tables.Empty(
        _("Nothing to migrate"), _("No active legacy subscription is left here."), icon="repeat"
    )

    name = columns.TargetColumn(
        _("Subscription"),
        changes=columns.of_target("subscription"),
        accessor="friendly_name",
        sort="friendly_name",
        narrow="customer__name",
    )
    customer = tables.Column(_("Customer"), accessor="customer__name", priority=2)
    reseller = tables.Column(_("Indirect reseller"), accessor="reseller__name", priority=3)
    quantity = tables.CountColumn(_("Seats"))
    term = tables.TermColumn(_("Term"), accessor="term_duration", priority=2)
    billing = tables.WordColumn(
        _("Billing"), accessor="billing_cycle", words=formats.billing, priority=3
    )
    ends = tables.DateColumn(_("Term ends"), accessor="commitment_end_date", priority=2)
    migration = tables.StatusColumn(_("Migration"), accessor="migration")
    offer = tables.Column(_("Product"), accessor="offer_name", visible=False)
    subscription_id = tables.Column(_("Subscription ID"), accessor="pc_id", visible=False)
    tenant_id = tables.Column(_("Tenant ID"), accessor="customer_pc_id", visible=False)

    def render_customer(self, record: Subscription, value: str) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.customer.get_absolute_url(), value)  # type: ignore[union-attr] # queries leave out those without


class PlannedTable(tables.Table):
    """What migrations and plans have in common."""

    name = tables.NameColumn(_("Legacy subscription"), accessor="title")
    customer = tables.Column(_("Customer"), accessor="customer__name", priority=2)
    reseller = tables.Column(_("Indirect reseller"), accessor="reseller__name", priority=3)
    status = tables.StatusColumn(_("Status"))
    quantity = tables.CountColumn(_("Seats"))
    term = tables.TermColumn(_("Term"), accessor="term_duration", priority=2)
    billing = tables.WordColumn(
        _("Billing"), accessor="billing_cycle", words=formats.billing, priority=3
    )
    connection = tables.Column(_("Connection"), accessor="connection__name", visible=False)
    tenant_id = tables.Column(_("Tenant ID"), accessor="customer_pc_id", visible=False)

    def render_customer(self, record: Any, value: str) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.customer.get_absolute_url(), value)


class MigrationTable(PlannedTable):
    caption = _("Migrations to new commerce")
    default_sort = "-started"
    empty = tables.Empty(
        _("No migration here"),
        _("They are read customer by customer, where a legacy subscription is left."),
        icon="repeat",
    )

    started = tables.DateColumn(_("Started"), accessor="started_at", sort="started_at")
    completed = tables.DateColumn(_("Completed"), accessor="completed_at", priority=2)


class ScheduleTable(PlannedTable):
    caption = _("Planned migrations")
    default_sort = "-created"
    empty = tables.Empty(
        _("No planned migration here"),
        _("They are read customer by customer, where a legacy subscription is left."),
        icon="calendar-event",
    )

    name = columns.TargetColumn(
        _("Legacy subscription"), changes=columns.of_target(SCHEDULE), accessor="title"
    )
    planned = tables.DateColumn(_("Planned for"), accessor="target_date", priority=2)
    at_renewal = tables.WordColumn(
        _("When the term ends"), accessor="on_renewal", words=formats.yes_no, priority=2
    )
    created = tables.DateColumn(_("Created"), accessor="created_at", sort="created_at")
