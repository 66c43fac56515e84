"""Reads of notifications and mails. The scope comes first; nothing here writes."""

import re

from django.db.models import Q, QuerySet
from django.http import Http404

from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.notifications.models import (
    DIGEST_HOUR,
    Choice,
    DigestTime,
    Mail,
    MailboxMessage,
    MailTemplate,
    Notification,
)

NOBODY = -1
RIGHT = "mail_templates.edit"
PLAUSIBLE = re.compile(r"[0-9]{1,18}")


def inbox(scope: Scope) -> QuerySet[Notification]:
    """What the scope's person was told, as far as it lies in what they may still see."""
    rows = Notification.objects.filter(user=scope.user_id or NOBODY)
    if scope.all_connections:
        return rows
    return rows.filter(
        Q(about_connection=None, about_reseller=None)
        | Q(about_connection__in=scope.connection_ids)
        | Q(about_reseller__in=scope.reseller_ids)
    )


def notification(scope: Scope, pk: int) -> Notification:
    """One of them, or 404."""
    found = inbox(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def channels(scope: Scope) -> dict[str, str]:
    """The channel that the person chose, by kind."""
    rows = Choice.objects.filter(user=scope.user_id or NOBODY)
    return dict(rows.values_list("kind", "channel"))


def digest_hour(scope: Scope) -> int:
    """The hour of the person's daily mail."""
    row = DigestTime.objects.filter(user=scope.user_id or NOBODY).first()
    return row.hour if row else DIGEST_HOUR


def connections(scope: Scope) -> QuerySet[Connection]:
    """The connections for which the scope rewrites mails."""
    rows, narrowed = Connection.objects.order_by("name"), scope.narrowed(RIGHT)
    return rows if narrowed.all_connections else rows.filter(pk__in=narrowed.connection_ids)


def connection(scope: Scope, asked: str) -> Connection | None:
    """The connection that an address names by its number, or 404; None where it names none."""
    if not asked:
        return None
    found = connections(scope).filter(pk=asked).first() if PLAUSIBLE.fullmatch(asked) else None
    if found is None:
        raise Http404
    return found


def templates(scope: Scope) -> QuerySet[MailTemplate]:
    """The texts that staff wrote, for all connections and for those that the scope rewrites."""
    rows = MailTemplate.objects.select_related("connection", "author").order_by("connection__name")
    return rows.filter(Q(connection=None) | Q(connection__in=connections(scope)))


def mails(scope: Scope) -> QuerySet[Mail]:
    """All mails for one who sees everything, none for others: a mail names people of any reseller."""
    return Mail.objects.defer("text") if scope.all_connections else Mail.objects.none()


def mail(scope: Scope, pk: int) -> Mail:
    """One of them, or 404."""
    found = mails(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def mailbox(scope: Scope) -> QuerySet[MailboxMessage]:
    """The demo's mailbox, for one who sees everything."""
    return MailboxMessage.objects.all() if scope.all_connections else MailboxMessage.objects.none()
