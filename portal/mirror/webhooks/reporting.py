"""Telling the log about refused webhooks: one entry for each kind of refusal in a while.

The log stands above the mirror, so it leaves its function here (``on_refused``).
"""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from portal.mirror.models import EventState, WebhookEvent

QUIET = dt.timedelta(minutes=5)

_tell: list[Callable[[WebhookEvent], None]] = []


def on_refused(call: Callable[[WebhookEvent], None]) -> None:
    """Have ``call(event)`` run in the transaction in which an event is refused."""
    if call not in _tell:
        _tell.append(call)


def refused(event: WebhookEvent) -> None:
    """Tell of a refusal, unless an equal one was told lately: a flood must not fill the log."""
    lately = WebhookEvent.objects.filter(
        connection=event.connection,
        state=EventState.REFUSED,
        reason=event.reason,
        checked_at__gt=timezone.now() - QUIET,
    )
    if not lately.exclude(pk=event.pk).exists():
        for call in _tell:
            call(event)
