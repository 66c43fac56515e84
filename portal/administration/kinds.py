"""What the Settings pages write into the activity log."""

from django.utils.translation import gettext_lazy as _

from portal.activity.kinds import kind


def register() -> None:
    """Name every kind; called once at start."""
    kind("connection.created", _("Connection created"))
    kind("connection.changed", _("Connection changed"))
    kind("connection.mode_changed", _("Mode changed from {from} to {to}"))
    kind("connection.retired", _("Connection retired"))
    kind("connection.consent_started", _("Consent asked for at Microsoft"), outcome="sending")
    kind("connection.consent_given", _("Consent given"))
    kind("connection.consent_refused", _("Consent refused: {code}"), outcome="failed")
    kind("connection.tested", _("Connection test started"))
    kind("invitation.sent", _("Invitation sent"))
    kind("invitation.accepted", _("Invitation accepted"))
    kind("webhook.tested", _("Webhook test event asked for"))
    kind("sync.started", _("Sync started: {kind}"))
    kind("sync.removal_confirmed", _("Removal of {rows} rows confirmed ({family})"))
    kind("sync.removal_refused", _("Removal of {rows} rows refused ({family})"))
