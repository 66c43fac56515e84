"""The columns of the log."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.activity.models import Entry
from portal.dashboard.activity_log import wording
from portal.ui import tables


class ActivityTable(tables.Table):
    """Newest first; an entry opens in its place."""

    caption = _("Activity")
    default_sort = "-when"
    empty = tables.Empty(
        _("No activity yet"), _("What people and the portal do is kept here."), icon="history"
    )

    when = tables.DateTimeColumn(_("When"), accessor="at", sort="at")
    who = tables.Column(_("Who"), accessor="via", nowrap=True)
    what = tables.NameColumn(_("What"), accessor="kind")
    customer = tables.Column(_("To whom"), accessor="customer_name", priority=2)
    via = tables.Column(_("Made in"), priority=3, nowrap=True)
    outcome = tables.Column(_("Outcome"), accessor="kind", nowrap=True, priority=2)
    entry = tables.CountColumn(_("Entry"), accessor="pk", priority=3, css="mute")
    kind = tables.Column(_("Kind"), visible=False)
    target = tables.Column(_("Target"), accessor="target_label", visible=False)
    customer_pc_id = tables.Column(_("Customer ID"), visible=False)
    correlation_id = tables.Column(_("Correlation ID"), visible=False)

    def row_class(self, record: Any) -> str:
        return "sel over" if getattr(record, "opened", False) else ""

    def render_who(self, record: Entry) -> str:
        return wording.who(record)

    def value_who(self, record: Entry) -> str:
        return wording.who(record)

    def render_what(self, record: Any) -> SafeString:
        """The sentence, which opens the entry below its row and closes it again."""
        opened = bool(getattr(record, "opened", False))
        url = reverse("activity_entry", args=[record.pk])
        return format_html(
            '<a class="name" href="{0}" hx-get="{0}{1}" hx-target="closest tr" hx-swap="outerHTML"'
            ' aria-expanded="{2}" id="entry-{3}">{4}</a>',
            url,
            "?closed=1" if opened else "",
            "true" if opened else "false",
            record.pk,
            wording.what(record),
        )

    def value_what(self, record: Entry) -> str:
        return wording.what(record)

    def render_via(self, record: Entry) -> str:
        return wording.made_in(record)

    def value_via(self, record: Entry) -> str:
        return wording.made_in(record)

    def render_outcome(self, record: Entry) -> SafeString:
        found = wording.outcome(record)
        return format_html('<span class="st {}">{}</span>', found.css, found.word)

    def value_outcome(self, record: Entry) -> str:
        return str(wording.outcome(record).word)
