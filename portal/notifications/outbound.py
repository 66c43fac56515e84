"""The queue of mails: kept in Postgres, sent by a worker, tried again, and never knowingly sent twice.

A worker claims a mail before it connects. Whatever ends before the mail was handed over is tried
again; what breaks during the handing over may have arrived, so a person decides.
"""

import datetime as dt
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from portal.notifications.models import Mail, MailState

log = structlog.get_logger(__name__)

LEASE = dt.timedelta(minutes=5)
# Seconds until the next attempt, by the number of attempts made; the last one repeats.
BACKOFF = (60, 300, 900, 3600, 14400)
MAX_ATTEMPTS = 8
# A due mail that no worker has taken for so long is told again.
UNSENT = dt.timedelta(seconds=60)
LIMIT = 200
SEND = "portal.notifications.tasks.send_mail"
PERMANENT = 500  # SMTP replies from here on are final


@dataclass(frozen=True)
class About:
    """The language that a mail is written in, and the kind of news that it tells."""

    language: str
    kind: str


class _NotSentError(Exception):
    """``again``: nothing was handed over and a later attempt may succeed."""

    def __init__(self, code: str, said: str = "", *, again: bool = False) -> None:
        super().__init__(code)
        self.code, self.said, self.again = code, said[:300], again


def queue(to: str, subject: str, text: str, about: About) -> Mail:
    """Keep a mail in the caller's transaction; a worker is woken on commit."""
    return queue_all([mail(to, subject, text, about)])[0]


def mail(to: str, subject: str, text: str, about: About) -> Mail:
    """A mail that is not kept yet."""
    return Mail(to=to, subject=subject[:255], text=text, language=about.language, kind=about.kind)


def queue_all(mails: Iterable[Mail]) -> list[Mail]:
    """Keep mails in the caller's transaction; workers are woken on commit, for many the sweep finds the rest."""
    rows = Mail.objects.bulk_create(mails)
    for row in rows[:LIMIT]:
        transaction.on_commit(lambda pk=row.pk: _wake(pk))  # type: ignore[misc] # bound now
    return rows


def send(mail_id: int) -> Mail | None:
    """Send one mail; None if it is not due, sent already, or in other hands."""
    row = _claim(mail_id)
    if row is None:
        return None
    try:
        _hand_over(row)
    except _NotSentError as error:
        _note_failure(row, error)
    else:
        _settle(row, state=MailState.SENT, sent_at=timezone.now(), text="", error="", said="")
    row.refresh_from_db()
    return row


def try_again(row: Mail) -> bool:
    """Put a failed mail back into the queue; False if it is not failed any more."""
    moved = Mail.objects.filter(pk=row.pk, state=MailState.FAILED).update(
        state=MailState.QUEUED, attempts=0, not_before=None, error="", said=""
    )
    if moved:
        transaction.on_commit(lambda: _wake(row.pk))
    return bool(moved)


def sweep() -> int:
    """Wake workers for mails that nobody took; give up on those whose worker was lost while sending."""
    now = timezone.now()
    Mail.objects.filter(state=MailState.SENDING, lease_until__lt=now).update(
        state=MailState.FAILED, error="unknown", lease_until=None
    )
    silent = Q(not_before__lte=now) | Q(not_before=None, created_at__lt=now - UNSENT)
    due = Mail.objects.filter(silent, state=MailState.QUEUED).order_by("pk")
    found = list(due.values_list("pk", flat=True)[:LIMIT])
    for mail_id in found:
        _wake(mail_id)
    return len(found)


def _claim(mail_id: int) -> Mail | None:
    now = timezone.now()
    due = Q(not_before=None) | Q(not_before__lte=now)
    with transaction.atomic(durable=True):
        claimed = Mail.objects.filter(due, pk=mail_id, state=MailState.QUEUED).update(
            state=MailState.SENDING, attempts=F("attempts") + 1, lease_until=now + LEASE
        )
    return Mail.objects.get(pk=mail_id) if claimed else None


def _hand_over(row: Mail) -> None:
    backend = _connected()
    message = EmailMessage(
        row.subject,
        row.text,
        to=[row.to],
        # The same at each attempt: a second copy can be told as one.
        headers={"Message-ID": f"<mail-{row.pk}@{settings.MAIL_DOMAIN}>"},
        connection=backend,
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal(max(code for code, _text in error.recipients.values()), error) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise _NotSentError("unknown", str(error)) from error
    finally:
        _close(backend)


def _connected() -> Any:
    if not settings.EMAIL_HOST and settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        raise _NotSentError("no_server")
    backend = get_connection()
    try:
        backend.open()
    except smtplib.SMTPAuthenticationError as error:
        raise _NotSentError("refused", str(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise _NotSentError("unreachable", str(error), again=True) from error
    return backend


def _close(backend: Any) -> None:
    try:
        backend.close()
    except (OSError, smtplib.SMTPException) as error:
        # The mail's fate is decided already; a goodbye that fails changes nothing.
        log.info("mail.close_failed", error=type(error).__name__)


def _refusal(code: int, error: Exception) -> _NotSentError:
    return _NotSentError("refused", str(error), again=code < PERMANENT)


def _note_failure(row: Mail, error: _NotSentError) -> None:
    log.warning("mail.not_sent", mail_id=row.pk, code=error.code, attempts=row.attempts)
    told = {"error": error.code, "said": error.said}
    if error.again and row.attempts < MAX_ATTEMPTS:
        seconds = BACKOFF[min(row.attempts, len(BACKOFF)) - 1]
        later = timezone.now() + dt.timedelta(seconds=seconds)
        _settle(row, state=MailState.QUEUED, not_before=later, **told)
    else:
        _settle(row, state=MailState.FAILED, **told)


def _settle(row: Mail, **fields: Any) -> None:
    # Only the claim of this attempt: the sweep may have given up on it meanwhile.
    mine = models.Q(pk=row.pk, state=MailState.SENDING, attempts=row.attempts)
    if not Mail.objects.filter(mine).update(lease_until=None, **fields):
        log.warning("mail.overtaken", mail_id=row.pk)


def _wake(mail_id: int) -> None:
    try:
        current_app.send_task(SEND, (mail_id,), retry=False)
    except OperationalError:
        # The sweep finds it once the queue is back.
        log.warning("mail.queue_away", mail_id=mail_id)
