"""The daily mail: what somebody chose to be told once a day, at an hour of their own clock.

A digest is written in one transaction: its moment is claimed on the person's row, the notifications
are marked and the mail is queued, or nothing of it happened. So a task that runs twice, or dies,
neither writes twice nor leaves anything out. The mail then goes the way of all mails.
"""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access.models import User
from portal.access.scope import Scope
from portal.notifications import letters, outbound, queries
from portal.notifications.models import DIGEST_HOUR, DigestTime, Mail, Notification
from portal.ui import formats

KIND = "digest"
LISTED = 50  # the rest is counted
ADDRESS = "/notifications/"


def due(now: dt.datetime) -> list[int]:
    """The people whose daily mail is due, by id: something waits from before its moment."""
    waiting = Notification.objects.filter(awaits_digest=True, user__is_active=True)
    oldest = dict(waiting.values_list("user").annotate(at=Min("created_at")))
    times = {row.user_id: row for row in DigestTime.objects.filter(user__in=oldest)}
    people = User.objects.filter(pk__in=oldest).only("pk", "time_zone").order_by("pk")
    return [
        user.pk
        for user in people
        if _is_due(times.get(user.pk), oldest[user.pk], moment(user, times.get(user.pk), now))
    ]


def moment(user: User, row: DigestTime | None, now: dt.datetime) -> dt.datetime:
    """The last time, up to now, that the person's clock showed the hour of their daily mail."""
    zone = zone_of(user)
    local = now.astimezone(zone).replace(
        hour=row.hour if row else DIGEST_HOUR, minute=0, second=0, microsecond=0, fold=0
    )
    # Compared in UTC: local times of one zone compare by the clock's face, not by the moment.
    if local.astimezone(dt.UTC) > now:
        local -= dt.timedelta(days=1)
    return local.astimezone(dt.UTC)


def zone_of(user: User) -> dt.tzinfo:
    """The person's time zone, or the portal's."""
    return ZoneInfo(user.time_zone) if user.time_zone else timezone.get_default_timezone()


@transaction.atomic
def write(user_id: int, now: dt.datetime) -> Mail | None:
    """Queue the person's daily mail; None if it is not due, written already, or says nothing.

    What the person has read meanwhile, or may no longer see, is left out.
    """
    user = User.objects.with_memberships().filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    DigestTime.objects.bulk_create([DigestTime(user=user)], ignore_conflicts=True)
    # The lock makes a second task wait here, until it sees the moment that the first one noted.
    row = DigestTime.objects.select_for_update().get(user=user)
    at = moment(user, row, now)
    if row.sent_for is not None and row.sent_for >= at:
        return None
    waiting = Notification.objects.filter(user=user, awaits_digest=True, created_at__lt=at)
    found = list(waiting.select_for_update().values_list("pk", flat=True))
    told = queries.inbox(Scope.for_user(user)).filter(pk__in=found, read_at=None)
    mail = _mail(user, list(told.order_by("pk")))
    Notification.objects.filter(pk__in=found).update(awaits_digest=False)
    if mail is not None:
        told.update(digest=mail)
    DigestTime.objects.filter(pk=row.pk).update(sent_for=at)
    return mail


def _is_due(row: DigestTime | None, oldest: dt.datetime, at: dt.datetime) -> bool:
    done = row is not None and row.sent_for is not None and row.sent_for >= at
    return oldest < at and not done


def _mail(user: User, rows: Sequence[Notification]) -> Mail | None:
    """One mail about all of them, in the person's language, with the times of their clock."""
    if not rows:
        return None
    language = letters.language_of(user.language)
    with translation.override(language), timezone.override(zone_of(user)):
        subject = ngettext(
            "%(count)s notification from the CSP portal",
            "%(count)s notifications from the CSP portal",
            len(rows),
        ) % {"count": formats.count(len(rows))}
        parts = [_line(row) for row in rows[:LISTED]]
        if len(rows) > LISTED:
            more = _("And %(count)s more in the portal: %(url)s")
            url = settings.PUBLIC_URL + ADDRESS
            parts.append(more % {"count": formats.count(len(rows) - LISTED), "url": url})
        account = f"{settings.PUBLIC_URL}/account/notifications/"
        parts.append(_("Choose what you are told of: %(url)s") % {"url": account})
    about = outbound.About(language=language, kind=KIND)
    return outbound.queue(user.email, subject, "\n\n".join(parts) + "\n", about)


def _line(row: Notification) -> str:
    lines = [row.title, row.text, formats.local(row.created_at)]
    if row.url:
        lines.append(settings.PUBLIC_URL + row.url)
    return "\n".join(line for line in lines if line)
