"""Entries about webhooks that were refused."""

from django.utils.translation import gettext_lazy as _

from portal.activity import log
from portal.activity.actors import Actor
from portal.activity.kinds import kind
from portal.mirror.models import WebhookEvent
from portal.mirror.webhooks import reporting


def refused(event: WebhookEvent) -> None:
    """Write that somebody sent what is not Partner Center's, or what could not be checked."""
    log.record(
        "webhook.refused",
        actor=Actor.system(),
        connection=event.connection,
        target=event.connection,
        parameters={"reason": event.reason, "event": event.event},
    )


def setup() -> None:
    """Listen to the receiver (from ``AppConfig.ready``)."""
    kind("webhook.refused", _("Webhook refused: {reason}"), outcome="failed")
    reporting.on_refused(refused)
