"""Columns of the approvals inbox."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.outbox.approvals import stakes
from portal.outbox.models import Command
from portal.ui import tables


class StakeColumn(tables.Column):
    """What a change comes to a month, for those who see cost."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("At stake"), nowrap=True)

    def reader(self) -> tables.Reader:
        """The prices of all rows at once."""
        return stakes.note


class InboxTable(tables.Table):
    caption = gettext_lazy("Approvals")
    default_sort = "-number"
    empty = tables.Empty(
        gettext_lazy("No change waits for you"),
        gettext_lazy("Changes of others that need a second person appear here."),
        icon="user-check",
    )

    change = tables.NameColumn(gettext_lazy("Change"), accessor="summary", detail="target_label")
    number = tables.Column(
        gettext_lazy("Number"), accessor="pk", sort="pk", priority=3, numeric=True
    )
    customer = tables.Column(gettext_lazy("Customer"), accessor="customer_name", priority=2)
    person = tables.Column(gettext_lazy("Person"), accessor="actor")
    seats = tables.CountColumn(gettext_lazy("Seats"), priority=2)
    stake = StakeColumn()
    rule = tables.Column(gettext_lazy("Rule"), accessor="pk", priority=2)
    asked = tables.AgeColumn(gettext_lazy("Asked"), accessor="created_at", priority=2)
    expires = tables.DateTimeColumn(gettext_lazy("Expires"), accessor="expires_at", priority=2)
    reason = tables.Column(gettext_lazy("Reason"), visible=False)

    def render_rule(self, record: Command) -> str:
        return rule_words(getattr(record, "rule_name", None), getattr(record, "rule_version", None))

    def value_rule(self, record: Command) -> str:
        return self.render_rule(record)

    def value_person(self, record: Command) -> str:
        return record.actor.email


def rule_words(name: str | None, version: int | None) -> str:
    """A rule with its version; the connection's mode where there is none."""
    if not name:
        return _("Mode of the connection")
    return _("%(rule)s, version %(version)s") % {"rule": name, "version": version}
