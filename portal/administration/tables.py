"""Tables of the Settings pages."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.access.models import User
from portal.administration.webhooks import REASONS, STATES
from portal.mirror.models import WebhookEvent
from portal.ui import tables


class PeopleTable(tables.Table):
    caption = _("Users")
    default_sort = "email"
    empty = tables.Empty(
        _("No users yet"), _("Add the first person who may sign in."), icon="users"
    )

    email = tables.NameColumn(_("E-mail"), sort="email", detail="name")
    roles = tables.Column(_("Roles"), accessor="pk")
    last_login = tables.DateTimeColumn(_("Last sign-in"), priority=2)
    is_active = tables.Column(_("Sign-in"), nowrap=True, priority=2)
    name = tables.Column(_("Name"), visible=False)
    language = tables.Column(_("Language"), visible=False)
    created = tables.DateColumn(_("Since"), accessor="created_at", visible=False)

    def render_email(self, value: str, record: User) -> SafeString:
        return format_html(
            '<a class="name" href="{}">{}</a><small>{}</small>',
            reverse("user", args=[record.pk]),
            value,
            record.name,
        )

    def render_roles(self, record: Any) -> SafeString:
        return format_html_join(
            "",
            "{}<small>{}</small>",
            (
                (held.get_role_display(), held.reseller or held.connection or _("Everything"))
                for held in record.held_here
            ),
        )

    def value_roles(self, record: Any) -> str:
        return "; ".join(
            f"{held.get_role_display()} {held.reseller or held.connection or ''}".strip()
            for held in record.held_here
        )

    def render_is_active(self, value: bool) -> SafeString:  # noqa: FBT001 - a cell's value
        word, css = (_("Allowed"), "is-ok") if value else (_("Barred"), "is-off")
        return format_html('<span class="st {}">{}</span>', css, word)

    def value_is_active(self, value: bool) -> str:  # noqa: FBT001
        return gettext("Allowed") if value else gettext("Barred")


class WebhookTable(tables.Table):
    """Newest first; the id is the order in which they came."""

    caption = _("Events received")
    default_sort = "-received"
    empty = tables.Empty(
        _("No event yet"), _("Register, then send a test event."), icon="plug-connected"
    )

    received = tables.DateTimeColumn(_("Received"), accessor="received_at", sort="pk")
    event = tables.NameColumn(_("Event"))
    state = tables.Column(_("State"))
    resource = tables.Column(_("Resource"), accessor="resource_uri", priority=2)
    changed = tables.DateTimeColumn(_("Changed"), accessor="changed_at", priority=3)

    def render_event(self, record: WebhookEvent) -> str:
        return record.event or str(_("Not read"))

    def render_state(self, record: WebhookEvent) -> SafeString:
        css, word = STATES[record.state]
        reason = REASONS.get(record.reason, record.reason)
        return format_html('<span class="st {}">{}</span><small>{}</small>', css, word, reason)

    def value_state(self, record: WebhookEvent) -> str:
        word = str(STATES[record.state][1])
        return f"{word}: {REASONS.get(record.reason, record.reason)}" if record.reason else word

    def render_resource(self, value: str) -> SafeString:
        """The end of the address: host and version are the same for all."""
        return format_html('<span class="mono">{}</span>', value.partition("/v1/")[2] or value)
