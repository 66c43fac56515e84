"""A mail leaves once: what was not handed over is tried again, what may have arrived is not."""

import datetime as dt
import smtplib
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail.backends import locmem
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from portal.access.models import User
from portal.notifications import outbound
from portal.notifications.models import Mail, MailboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Mail:
    django_mail.outbox.clear()
    return outbound.queue("ann@example.com", "Hello", "Text\n", outbound.About("en", "x"))


def fail(monkeypatch: pytest.MonkeyPatch, where: str, error: Exception) -> None:
    def raises(*_args: object) -> None:
        raise error

    monkeypatch.setattr(locmem.EmailBackend, where, raises)


def make_due() -> None:
    Mail.objects.update(not_before=timezone.now() - dt.timedelta(seconds=1))


def test_a_mail_is_sent_and_its_text_dropped(row: Mail) -> None:
    sent = outbound.send(row.pk)
    assert sent is not None
    assert (sent.state, sent.text, sent.attempts) == ("sent", "", 1)
    (message,) = django_mail.outbox
    assert (message.to, message.subject, message.body) == (["ann@example.com"], "Hello", "Text\n")
    assert message.extra_headers["Message-ID"].startswith(f"<mail-{row.pk}@")
    assert outbound.send(row.pk) is None
    assert len(django_mail.outbox) == 1


def test_an_unreachable_server_is_tried_again(row: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        fail(broken, "open", ConnectionRefusedError("no"))
        waiting = outbound.send(row.pk)
    assert waiting is not None
    assert (waiting.state, waiting.error) == ("queued", "unreachable")
    assert outbound.send(row.pk) is None  # its time has not come
    make_due()
    again = outbound.send(row.pk)
    assert again is not None
    assert (again.state, again.error, again.attempts) == ("sent", "", 2)


def test_it_ends_after_the_last_attempt(row: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "open", ConnectionRefusedError("no"))
    for _attempt in range(outbound.MAX_ATTEMPTS):
        make_due()
        assert outbound.send(row.pk) is not None
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "unreachable")


@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), "failed", "refused"),
        (smtplib.SMTPDataError(451, b"later"), "queued", "refused"),
        (smtplib.SMTPServerDisconnected("gone"), "failed", "unknown"),
        (TimeoutError("silence"), "failed", "unknown"),
    ],
)
def test_what_may_have_arrived_is_not_sent_again(
    row: Mail, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str, code: str
) -> None:
    fail(monkeypatch, "send_messages", error)
    settled = outbound.send(row.pk)
    assert settled is not None
    assert (settled.state, settled.error, settled.text) == (state, code, "Text\n")


def test_a_lost_worker_leaves_it_to_a_person(
    row: Mail, administrator: User, client_of: Callable[[User], Client]
) -> None:
    Mail.objects.update(
        state="sending", attempts=1, lease_until=timezone.now() - dt.timedelta(seconds=1)
    )
    outbound.sweep()
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "unknown")
    assert outbound.send(row.pk) is None
    client = client_of(administrator)
    page = client.get(f"/settings/mails/?mail={row.pk}").content.decode()
    assert "it may have arrived" in page
    assert client.post(f"/settings/mails/{row.pk}/retry/").status_code == 302
    sent = outbound.send(row.pk)
    assert sent is not None
    assert sent.state == "sent"


def test_the_sweep_wakes_a_worker_for_what_was_forgotten(
    row: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    monkeypatch.setattr(outbound, "_wake", woken.append)
    assert outbound.sweep() == 0
    Mail.objects.update(created_at=timezone.now() - outbound.UNSENT * 2)
    assert outbound.sweep() == 1
    assert woken == [row.pk]


def test_without_a_server_it_says_so(row: Mail, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = ""
    settled = outbound.send(row.pk)
    assert settled is not None
    assert (settled.state, settled.error) == ("failed", "no_server")


def test_the_demo_keeps_mails_and_shows_them(
    row: Mail,
    administrator: User,
    settings: Any,
    client_of: Callable[[User], Client],
) -> None:
    settings.EMAIL_BACKEND = "portal.notifications.mailbox.MailboxBackend"
    settings.MAILBOX = True
    outbound.send(row.pk)
    assert MailboxMessage.objects.get().text == "Text\n"
    assert django_mail.outbox == []
    page = client_of(administrator).get("/settings/mailbox/").content.decode()
    assert "ann@example.com" in page


def test_a_lost_queue_loses_no_mail(row: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_options: object) -> None:
        raise OperationalError

    monkeypatch.setattr("portal.notifications.outbound.current_app.send_task", away)
    Mail.objects.update(created_at=timezone.now() - outbound.UNSENT * 2)
    assert outbound.sweep() == 1
    sent = outbound.send(row.pk)
    assert sent is not None
    assert sent.state == "sent"
