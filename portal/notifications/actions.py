"""What a person does with what they were told: read it, and choose what they are told of."""

from collections.abc import Mapping

from django.utils import timezone

from portal.access.models import User
from portal.access.scope import Scope
from portal.notifications import queries, unread
from portal.notifications.models import Choice, Notification


def read(user: User, row: Notification) -> None:
    """Note that the person has read one."""
    if row.read_at is None:
        Notification.objects.filter(pk=row.pk, read_at=None).update(read_at=timezone.now())
        unread.forget(user)


def read_all(user: User, scope: Scope) -> None:
    """Note that the person has read everything that the inbox shows them."""
    queries.inbox(scope).filter(read_at=None).update(read_at=timezone.now())
    unread.forget(user)


def choose(user: User, channels: Mapping[str, str]) -> None:
    """Keep how the person wants to be told, by kind."""
    Choice.objects.bulk_create(
        [Choice(user=user, kind=kind, channel=channel) for kind, channel in channels.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["channel"],
    )
