"""Reads of notifications and mails. The scope comes first; nothing here writes."""

from django.db.models import Q, QuerySet
from django.http import Http404

from portal.access.scope import Scope
from portal.notifications.models import Choice, Mail, MailboxMessage, Notification

NOBODY = -1


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
