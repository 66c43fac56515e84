"""The web side of a webhook: keep it, refuse what is plainly none, and leave the rest to a worker.

Nothing is downloaded here. What is refused is kept too, up to a number an hour, so that staff see it
and a flood does not fill the table.
"""

import datetime as dt
from collections.abc import Mapping
from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from portal.connections.models import Connection
from portal.mirror.models import EventState, WebhookEvent
from portal.mirror.webhooks import events, hosts, reasons, reporting
from portal.mirror.webhooks.reasons import RefusedError

LARGEST = 64 * 1024
"""Bytes of a body; Microsoft's events have a few hundred."""
ALGORITHM = "rsa-sha256"
MOST_REFUSED = 200
MOST_WAITING = 1000
LONGEST_SIGNATURE = 2048

log = structlog.get_logger(__name__)


class FloodedError(Exception):
    """More events wait to be checked than is reasonable: Partner Center tries again later."""


def receive(connection: Connection, headers: Mapping[str, str], body: bytes) -> WebhookEvent | None:
    """Keep one webhook; the state tells whether it was refused at once.

    None stands for one that was refused and not kept, as too many were. Raises FloodedError.
    """
    event = WebhookEvent(connection=connection, headers=_needed(headers))
    try:
        _read(connection, event, body)
    except RefusedError as refusal:
        return _refuse(event, refusal.reason)
    waiting = WebhookEvent.objects.filter(connection=connection, state=EventState.RECEIVED)
    if waiting[:MOST_WAITING].count() >= MOST_WAITING:
        raise FloodedError
    event.save()
    transaction.on_commit(partial(queue, event.pk))
    return event


def _needed(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that a check needs, each cut to a sane length."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    signature = token.strip() if scheme.lower() == "signature" else ""
    found = {
        "signature": signature or headers.get("X-Ms-Signature", "").strip(),
        "certificate_url": headers.get("X-Ms-Certificate-Url", "").strip(),
        "algorithm": headers.get("X-Ms-Signature-Algorithm", "").strip(),
    }
    # Postgres keeps no NUL, and a header that long is no header of Microsoft's.
    return {name: value.replace("\x00", "")[:LONGEST_SIGNATURE] for name, value in found.items()}


def _read(connection: Connection, event: WebhookEvent, body: bytes) -> None:
    """Look at what costs nothing to look at. Raises RefusedError."""
    if len(body) > LARGEST:
        raise RefusedError(reasons.TOO_LARGE)
    event.body = body
    if not all(event.headers.values()):
        raise RefusedError(reasons.UNSIGNED)
    if event.headers["algorithm"].lower() != ALGORITHM:
        raise RefusedError(reasons.ALGORITHM)
    if not hosts.certificate_allowed(connection, event.headers["certificate_url"]):
        raise RefusedError(reasons.FOREIGN_HOST)
    told = events.parse(body)
    event.event, event.resource_uri = told.name, told.resource_uri
    event.changed_at, event.digest = told.changed_at, told.digest


def _refuse(event: WebhookEvent, reason: str) -> WebhookEvent | None:
    hour = timezone.now() - dt.timedelta(hours=1)
    lately = WebhookEvent.objects.filter(
        connection=event.connection, state=EventState.REFUSED, received_at__gt=hour
    )
    if lately[:MOST_REFUSED].count() >= MOST_REFUSED:
        return None
    event.state, event.reason, event.checked_at = EventState.REFUSED, reason, timezone.now()
    reporting.refused(event)
    event.save()
    return event


def queue(event_id: int) -> None:
    """Tell a worker; if the queue is away, the sweep does it later."""
    try:
        current_app.send_task("portal.mirror.tasks.check_webhook", args=[event_id], queue="default")
    except OperationalError as error:
        log.warning("webhook.queue_away", error=type(error).__name__)
