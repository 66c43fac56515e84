"""What a person does with what they were told: read it, and choose what they are told of."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from portal.access.models import User
from portal.access.scope import Scope
from portal.notifications import queries, unread
from portal.notifications.models import Channel, Choice, DigestTime, Notification

_WITHOUT_MAIL = {Channel.PORTAL, Channel.NONE}


def read(user: User, row: Notification) -> None:
    """Note that the person has read one."""
    if row.read_at is None:
        Notification.objects.filter(pk=row.pk, read_at=None).update(read_at=timezone.now())
        unread.forget(user)


def read_all(user: User, scope: Scope) -> int:
    """Note that the person has read everything that the inbox shows them; how many were new."""
    marked = queries.inbox(scope).filter(read_at=None).update(read_at=timezone.now())
    unread.forget(user)
    return marked


@transaction.atomic
def choose(user: User, channels: Mapping[str, str], hour: int | None = None) -> None:
    """Keep how the person wants to be told, by kind, and the hour of the daily mail (None: as it is).

    What waits for the daily mail waits no longer where the person wants no mail any more.
    """
    silent = [kind for kind, channel in channels.items() if channel in _WITHOUT_MAIL]
    Notification.objects.filter(user=user, awaits_digest=True, kind__in=silent).update(
        awaits_digest=False
    )
    if hour is not None:
        DigestTime.objects.update_or_create(user=user, defaults={"hour": hour})
    Choice.objects.bulk_create(
        [Choice(user=user, kind=kind, channel=channel) for kind, channel in channels.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["channel"],
    )
