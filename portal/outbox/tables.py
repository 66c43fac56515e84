"""Columns of the Changes list."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.outbox import wording
from portal.outbox.models import Command
from portal.outbox.states import OPEN
from portal.ui import tables


class CommandTable(tables.Table):
    caption = _("Changes")
    default_sort = "-number"
    empty = tables.Empty(
        _("No change here yet"),
        _("What staff ask the portal to change at Partner Center appears here."),
        icon="list-check",
    )

    change = tables.NameColumn(_("Change"), accessor="summary", detail="target_label")
    number = tables.Column(_("Number"), accessor="pk", sort="pk", priority=3, numeric=True)
    customer = tables.Column(_("Customer"), accessor="customer_name", priority=2)
    person = tables.Column(_("Person"), accessor="actor", priority=2)
    asked = tables.AgeColumn(_("Asked"), accessor="created_at", priority=2)
    state = tables.StatusColumn(_("State"), kind="change")
    attempts = tables.CountColumn(_("Attempts"), visible=False)
    settled = tables.DateTimeColumn(_("Settled"), accessor="settled_at", visible=False)
    reason = tables.Column(_("Reason"), visible=False)
    target_id = tables.Column(_("Target ID"), accessor="target_pc_id", visible=False)
    connection = tables.Column(_("Connection"), accessor="connection__name", visible=False)

    def render_state(self, record: Command, value: str) -> SafeString:
        cell = self.columns["state"].column.render(value)
        line = record.error_line
        return format_html("{}<small>{}</small>", cell, line) if line else cell

    def value_state(self, record: Command) -> str:
        return str(record.get_state_display())

    def value_person(self, record: Command) -> str:
        return record.actor.email

    def value_change(self, record: Command) -> str:
        return f"{wording.summary(record)} · {record.target_label}"

    def row_class(self, record: Command) -> str:
        return "wait" if record.state in OPEN else ""
