"""Columns and filters of the list of mails about terms."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from orders.models import TermLetter
from orders.renewals import writing
from portal.notifications import letters
from portal.notifications.models import MailState
from portal.notifications.tables import STATES
from portal.ui import filters, formats, tables


class LetterTable(tables.Table):
    caption = _("Mails about renewals")
    default_sort = "-written"
    empty = tables.Empty(
        _("No customer was written to yet"),
        _("Tick terms in the due list, then choose “Write to customers”."),
        icon="send",
    )

    name = tables.NameColumn(
        _("Subscription"),
        accessor="subscription__friendly_name",
        detail="subscription__customer__name",
    )
    letter = tables.Column(_("Mail"), accessor="label")
    to = tables.Column(pgettext_lazy("mail", "To"), priority=2)
    language = tables.WordColumn(_("Language"), words=formats.language, priority=3)
    state = tables.Column(_("State"), accessor="mail__state", nowrap=True)
    ends = tables.DateColumn(_("End of term"), accessor="ends_on", priority=2)
    written = tables.DateTimeColumn(
        _("Written"), accessor="written_at", sort="written_at", priority=2
    )
    by = tables.Column(_("By"), accessor="written_by", priority=3)
    reseller = tables.Column(_("Indirect reseller"), accessor="reseller__name", visible=False)
    customer = tables.Column(_("Customer"), accessor="subscription__customer__name", visible=False)
    subscription_id = tables.Column(
        _("Subscription ID"), accessor="subscription__pc_id", visible=False
    )

    def render_state(self, record: TermLetter) -> SafeString:
        assert record.mail is not None, "no state without a mail"
        css, word = STATES[MailState(record.mail.state)], record.mail.get_state_display()
        way: SafeString | str = ""
        if record.mail.state == MailState.FAILED:
            url = reverse("renewal_letters") + f"?mail={record.pk}"
            way = format_html(' <a href="{}">{}</a>', url, gettext("Try again"))
        return format_html(
            '<span class="st {}">{}</span><small>{}{}</small>', css, word, record.mail.reason, way
        )

    def value_state(self, record: TermLetter) -> str:
        return record.mail.state if record.mail else ""


class LetterFilters(filters.FilterSet):
    """By subscription, customer or address, by letter, by how it went."""

    q = filters.TextFilter(
        label=_("Filter mails"),
        placeholder=_("Subscription, customer or address"),
        method="find",
    )
    letter = filters.ChoiceFilter(
        label=_("Mail"),
        field_name="slug",
        empty_label=_("Any mail"),
        choices=lambda: [(slug, letters.get(slug).label) for slug in writing.SLUGS],
    )
    state = filters.ChoiceFilter(
        label=_("State"),
        field_name="mail__state",
        empty_label=_("Any state"),
        choices=MailState.choices,
    )

    def find(self, queryset: QuerySet[TermLetter], name: str, value: str) -> QuerySet[TermLetter]:
        return queryset.filter(
            Q(to__icontains=value)
            | Q(subscription__friendly_name__icontains=value)
            | Q(subscription__customer__name__icontains=value)
        )
