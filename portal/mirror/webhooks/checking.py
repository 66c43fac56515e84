"""The worker's side of a webhook: is it Partner Center's, is it new, and what is read again for it."""

import base64
import binascii
import datetime as dt

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from portal.mirror import dirty, refresh
from portal.mirror.models import EventState, WebhookEvent
from portal.mirror.webhooks import certificates, events, reasons, reporting
from portal.mirror.webhooks.reasons import LaterError, RefusedError

ATTEMPTS = 5
STALE = dt.timedelta(seconds=30)
KEPT = dt.timedelta(days=30)
KEPT_REFUSED = dt.timedelta(days=7)


def check(event_id: int) -> None:
    """Judge one received event; one that was judged stays as it is. HTTP happens outside transactions."""
    rows = WebhookEvent.objects.select_related("connection")
    event = rows.filter(pk=event_id, state=EventState.RECEIVED).first()
    if event is None:
        return
    try:
        _verify(event)
    except RefusedError as refusal:
        _refuse(event, refusal.reason)
    except LaterError:
        _postpone(event)
    else:
        _accept(event)


def _verify(event: WebhookEvent) -> None:
    """Check the signature over the body as it came. Raises RefusedError, LaterError."""
    found = certificates.trusted(event.connection, event.headers["certificate_url"])
    key = found.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise RefusedError(reasons.CERTIFICATE)
    try:
        token = base64.b64decode(event.headers["signature"], validate=True)
        key.verify(token, bytes(event.body), padding.PKCS1v15(), hashes.SHA256())
    except (binascii.Error, InvalidSignature):
        raise RefusedError(reasons.SIGNATURE) from None


def _accept(event: WebhookEvent) -> None:
    """Settle it, and have what it names read again in the same breath; a second delivery does nothing."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                settled = _settle(event, EventState.ACCEPTED)
        except IntegrityError:
            _settle(event, EventState.DUPLICATE)
            return
        if settled:
            told = events.parse(bytes(event.body))
            for family, parent, key in events.touched(told):
                refresh.request(
                    event.connection,
                    family,
                    key,
                    parent=parent,
                    reason="webhook",
                    priority=dirty.CHANGED,
                )


def _refuse(event: WebhookEvent, reason: str) -> None:
    with transaction.atomic():
        event.reason = reason
        if _settle(event, EventState.REFUSED):
            reporting.refused(event)


def _settle(event: WebhookEvent, state: EventState) -> bool:
    """Move a received event on; False if another worker was there first."""
    rows = WebhookEvent.objects.filter(pk=event.pk, state=EventState.RECEIVED)
    return bool(rows.update(state=state, reason=event.reason, checked_at=timezone.now()))


def _postpone(event: WebhookEvent) -> None:
    """Leave it to the sweep; after a few times it is refused, and the next sync finds the change anyway."""
    if event.attempts + 1 >= ATTEMPTS:
        _refuse(event, reasons.UNREACHABLE)
        return
    WebhookEvent.objects.filter(pk=event.pk).update(attempts=F("attempts") + 1)


def waiting() -> list[int]:
    """Events whose task was lost, or whose certificate could not be read yet."""
    rows = WebhookEvent.objects.filter(
        state=EventState.RECEIVED, received_at__lt=timezone.now() - STALE
    )
    return list(rows.order_by("received_at").values_list("pk", flat=True)[:200])


def tidy() -> None:
    """Forget events that nobody looks at any more."""
    now = timezone.now()
    WebhookEvent.objects.filter(received_at__lt=now - KEPT).delete()
    refused = WebhookEvent.objects.filter(state=EventState.REFUSED)
    refused.filter(received_at__lt=now - KEPT_REFUSED).delete()
