"""The columns of the log."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.activity.models import Happening, Source
from portal.dashboard.activity_log import wording
from portal.ui import formats, tables


class ActivityTable(tables.Table):
    """Newest first; an entry opens in its place."""

    caption = _("Activity")
    default_sort = "-when"
    empty = tables.Empty(
        _("No activity yet"), _("What people and the portal do is kept here."), icon="history"
    )

    when = tables.DateTimeColumn(_("When"), accessor="at", sort="at")
    who = tables.Column(_("Who"), accessor="source", css="person")
    what = tables.NameColumn(_("What"), accessor="kind")
    customer = tables.Column(_("To whom"), accessor="customer_name", priority=2)
    via = tables.Column(_("Made in"), accessor="source", priority=3, nowrap=True)
    outcome = tables.Column(_("Outcome"), accessor="kind", nowrap=True, priority=2)
    entry = tables.CountColumn(_("Entry"), accessor="row_id", priority=3, css="mute")
    source = tables.WordColumn(_("Source"), words=lambda value: Source(value).label, visible=False)
    joined = tables.Column(_("Same change"), accessor="source", visible=False)
    joined_entry = tables.Column(_("Entry of the same change"), accessor="entry_id", visible=False)
    kind = tables.Column(_("Kind"), visible=False)
    target = tables.Column(_("Target"), accessor="target_label", visible=False)
    customer_pc_id = tables.Column(_("Customer ID"), visible=False)
    correlation_id = tables.Column(_("Correlation ID"), visible=False)

    def row_class(self, record: Any) -> str:
        return "sel over" if getattr(record, "opened", False) else ""

    def render_who(self, record: Happening) -> str:
        return wording.who(record)

    def value_who(self, record: Happening) -> str:
        return wording.who(record)

    def render_what(self, record: Any) -> SafeString:
        """The sentence, which opens the entry below its row and closes it again."""
        opened = bool(getattr(record, "opened", False))
        name = "activity_record" if record.is_record else "activity_entry"
        url = reverse(name, args=[record.row_id])
        return format_html(
            '<a class="name" href="{0}" hx-get="{0}{1}" hx-target="closest tr" hx-swap="outerHTML"'
            ' aria-expanded="{2}" id="happening-{3}">{4}</a>',
            url,
            "?closed=1" if opened else "",
            "true" if opened else "false",
            record.pk,
            wording.what(record),
        )

    def value_what(self, record: Happening) -> str:
        return wording.what(record)

    def render_via(self, record: Happening) -> str:
        return wording.made_in(record)

    def value_via(self, record: Happening) -> str:
        return wording.made_in(record)

    def render_outcome(self, record: Happening) -> SafeString:
        found = wording.outcome(record)
        joined = wording.joined(record)
        if joined is None:
            return format_html('<span class="st {}">{}</span>', found.css, found.word)
        return format_html(
            '<span class="st {}">{}</span><small><span class="st {}">{}</span></small>',
            found.css,
            found.word,
            joined.css,
            joined.word,
        )

    def value_outcome(self, record: Happening) -> str:
        return str(wording.outcome(record).word)

    def render_entry(self, record: Happening) -> str:
        """A record has no number of ours."""
        return "" if record.is_record else formats.count(record.row_id)

    def value_joined(self, record: Any) -> str:
        joined = wording.joined(record)
        return str(joined.word) if joined else ""
