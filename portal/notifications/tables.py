"""The table of mails in the Settings."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.notifications.models import Mail, MailState
from portal.ui import filters, tables

STATES = {
    MailState.QUEUED: "is-info",
    MailState.SENDING: "is-info",
    MailState.SENT: "is-ok",
    MailState.FAILED: "is-bad",
}


class MailTable(tables.Table):
    caption = _("Mails")
    default_sort = "-written"
    empty = tables.Empty(
        _("No mail yet"), _("What the portal writes to people appears here."), icon="send"
    )

    subject = tables.NameColumn(_("Subject"), narrow="to")
    to = tables.Column(pgettext_lazy("mail", "To"), priority=2)
    state = tables.Column(_("State"), nowrap=True)
    attempts = tables.CountColumn(_("Attempts"), priority=2)
    written = tables.DateTimeColumn(_("Written"), accessor="created_at", sort="pk", priority=2)
    sent = tables.DateTimeColumn(_("Sent"), accessor="sent_at", visible=False)

    def render_subject(self, record: Mail) -> str:
        return record.subject

    def render_state(self, record: Mail) -> SafeString:
        css, word = STATES[MailState(record.state)], record.get_state_display()
        way = ""
        if record.state == MailState.FAILED:
            url = reverse("mails") + f"?mail={record.pk}"
            way = format_html(' <a href="{}">{}</a>', url, _("Try again"))
        return format_html(
            '<span class="st {}">{}</span><small>{}{}</small>', css, word, record.reason, way
        )

    def value_state(self, record: Mail) -> str:
        return f"{record.state}: {record.reason}" if record.error else record.state


class MailFilters(filters.FilterSet):
    q = filters.TextFilter(
        label=_("Filter mails"), field_name="to", lookup_expr="icontains", placeholder=_("Address")
    )
    state = filters.ChoiceFilter(
        label=_("State"), empty_label=_("Any state"), choices=MailState.choices
    )
