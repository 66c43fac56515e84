"""The daily mail goes out once, at the hour of the person's own clock, with what they may still see."""

import datetime as dt
import smtplib
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from django.core.mail.backends import locmem
from django.db import connection, transaction
from django.test import Client
from django.utils.translation import gettext_lazy as _

from portal.access.models import User
from portal.notifications import digests, kinds, outbound, tasks
from portal.notifications.models import Choice, DigestTime, Mail, Notification
from portal.notifications.telling import News, notify
from tests.people import Estate

SLUG = "test.daily"
# Winter: Paris is one hour ahead of UTC.
TOLD = dt.datetime(2026, 1, 14, 15, 0, tzinfo=dt.UTC)
MORNING = dt.datetime(2026, 1, 15, 7, 0, tzinfo=dt.UTC)  # 8:00 in Paris
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    """A kind whose words are in the catalogue already."""
    kinds.register(
        kinds.Kind(slug=SLUG, label=_("Customers"), subject=_("Customers"), text="{what}")
    )
    yield
    kinds._kinds.pop(SLUG)


@pytest.fixture
def pia(bob: User) -> User:
    """Bob, in Paris, who wants one mail a day."""
    User.objects.filter(pk=bob.pk).update(time_zone="Europe/Paris", language="fr")
    Choice.objects.create(user=bob, kind=SLUG, channel="digest")
    bob.refresh_from_db()
    return bob


def tell(user: User, what: str, at: dt.datetime = TOLD, **place: int) -> Notification:
    (row,) = notify(News(kind=SLUG, parameters={"what": what}, url="/customers/", **place), [user])
    Notification.objects.filter(pk=row.pk).update(created_at=at)
    return row


def test_it_tells_everything_of_a_day_in_the_persons_language_and_time(pia: User) -> None:
    tell(pia, "rain")
    tell(pia, "snow", TOLD + MINUTE)
    assert not Mail.objects.exists()
    assert digests.due(MORNING - MINUTE) == []
    assert digests.write(pia.pk, MORNING - MINUTE) is None
    assert digests.due(MORNING) == [pia.pk]
    mail = digests.write(pia.pk, MORNING)
    assert (mail.to, mail.language, mail.kind) == (pia.email, "fr", "digest")
    assert mail.text.index("rain") < mail.text.index("snow")
    assert "Clients" in mail.text
    assert "14 janv. 2026 16:00" in mail.text
    assert "http://localhost:8000/customers/" in mail.text
    assert "/account/notifications/" in mail.text
    assert set(Notification.objects.values_list("digest", "awaits_digest")) == {(mail.pk, False)}


def test_it_is_written_once_however_often_the_task_runs(pia: User) -> None:
    tell(pia, "rain")
    assert digests.write(pia.pk, MORNING) is not None
    assert digests.due(MORNING + 5 * MINUTE) == []
    tell(pia, "late", MORNING + MINUTE)
    assert digests.due(MORNING + 10 * MINUTE) == []
    assert digests.write(pia.pk, MORNING + 10 * MINUTE) is None
    second = digests.write(pia.pk, MORNING + DAY)
    assert "late" in second.text
    assert "rain" not in second.text
    assert Mail.objects.count() == 2


def test_what_is_told_after_the_hour_waits_for_the_next_morning(pia: User) -> None:
    """Also the first time, when no digest was written before."""
    tell(pia, "rain", MORNING + MINUTE)
    assert digests.due(MORNING + 60 * MINUTE) == []
    assert digests.write(pia.pk, MORNING + 60 * MINUTE) is None
    assert digests.due(MORNING + DAY) == [pia.pk]


def test_a_task_that_dies_leaves_nothing_half_done(
    pia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(pia, "rain")
    with monkeypatch.context() as dying:
        dying.setattr(outbound, "queue", _dies)
        with pytest.raises(SystemExit), transaction.atomic():
            digests.write(pia.pk, MORNING)
    assert not DigestTime.objects.exists()
    assert Notification.objects.get().awaits_digest
    assert digests.due(MORNING + 5 * MINUTE) == [pia.pk]
    assert digests.write(pia.pk, MORNING + 5 * MINUTE) is not None
    assert Mail.objects.count() == 1


def _dies(*_args: object) -> None:
    raise SystemExit


def test_days_without_a_worker_give_one_mail(pia: User) -> None:
    tell(pia, "rain")
    tell(pia, "snow", TOLD + DAY)
    mail = digests.write(pia.pk, MORNING + 3 * DAY + 40 * MINUTE)
    assert "rain" in mail.text
    assert "snow" in mail.text
    assert digests.due(MORNING + 3 * DAY + 41 * MINUTE) == []


@pytest.mark.parametrize(
    ("zone", "hour", "now", "moment"),
    [
        ("", 8, "2026-01-15T08:00", "2026-01-15T08:00"),
        ("Europe/Paris", 8, "2026-07-15T06:00", "2026-07-15T06:00"),
        ("Europe/Paris", 8, "2026-07-15T05:59", "2026-07-14T06:00"),
        ("Asia/Kolkata", 8, "2026-01-15T02:30", "2026-01-15T02:30"),
        ("Pacific/Auckland", 8, "2026-01-15T02:30", "2026-01-14T19:00"),
        ("America/New_York", 23, "2026-01-15T04:30", "2026-01-15T04:00"),
        # The hour that comes twice is taken the first time, the one that is left out moves on.
        ("Europe/Paris", 2, "2026-10-25T01:30", "2026-10-25T00:00"),
        ("Europe/Paris", 2, "2026-03-29T01:30", "2026-03-29T01:00"),
    ],
)
def test_the_hour_is_that_of_the_persons_clock(
    zone: str, hour: int, now: str, moment: str, settings
) -> None:
    settings.TIME_ZONE = "UTC"
    user = User(time_zone=zone)
    at = dt.datetime.fromisoformat(f"{now}+00:00")
    found = digests.moment(user, DigestTime(hour=hour), at)
    assert found == dt.datetime.fromisoformat(f"{moment}+00:00")


def test_what_was_read_or_lost_from_sight_is_left_out(estate: Estate, pia: User) -> None:
    read = tell(pia, "read already")
    Notification.objects.filter(pk=read.pk).update(read_at=TOLD)
    tell(pia, "of fabrikam", connection_id=estate.connection.pk, reseller_id=estate.fabrikam.pk)
    tell(pia, "of himself")
    pia.memberships.update(reseller=estate.northwind)
    mail = digests.write(pia.pk, MORNING)
    assert "of himself" in mail.text
    assert "read already" not in mail.text
    assert "of fabrikam" not in mail.text
    assert not Notification.objects.filter(awaits_digest=True).exists()


def test_nothing_left_to_tell_is_no_mail(pia: User) -> None:
    tell(pia, "rain")
    Notification.objects.update(read_at=TOLD)
    assert digests.write(pia.pk, MORNING) is None
    assert not Mail.objects.exists()
    assert digests.due(MORNING + MINUTE) == []


def test_a_barred_person_gets_none(pia: User) -> None:
    tell(pia, "rain")
    User.objects.filter(pk=pia.pk).update(is_active=False)
    assert digests.due(MORNING) == []
    assert digests.write(pia.pk, MORNING) is None
    assert not Mail.objects.exists()


def test_each_kind_goes_its_own_way(pia: User, alice: User, charlie: User) -> None:
    Choice.objects.create(user=charlie, kind=SLUG, channel="portal")
    for person in (pia, alice, charlie):
        tell(person, "rain")
    assert Mail.objects.get().to == alice.email
    assert digests.due(MORNING) == [pia.pk]


def test_many_are_counted(pia: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "LISTED", 2)
    for number in range(5):
        tell(pia, f"thing {number}.")
    mail = digests.write(pia.pk, MORNING)
    assert mail.subject.startswith("5 ")
    assert "thing 1." in mail.text
    assert "thing 2." not in mail.text
    assert "3 " in mail.text
    assert "http://localhost:8000/notifications/" in mail.text


def test_a_person_chooses_the_channel_and_the_hour(
    pia: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(pia)
    chosen = {found.slug: "digest" for found in kinds.choosable()}
    assert client.post("/account/notifications/", chosen | {"hour": "18"}).status_code == 302
    assert DigestTime.objects.get(user=pia).hour == 18
    assert '<option value="18" selected>18:00</option>' in client.get(
        "/account/notifications/"
    ).content.decode().replace(' selected=""', " selected")
    assert client.post("/account/notifications/", chosen | {"hour": "24"}).status_code == 422
    tell(pia, "rain")
    assert digests.due(MORNING + DAY) == [pia.pk]  # of 18:00 the evening before
    client.post("/account/notifications/", chosen | {SLUG: "portal"})
    assert DigestTime.objects.get(user=pia).hour == 18
    assert digests.due(MORNING + DAY) == []


def test_a_digest_that_is_not_sent_is_tried_again_and_visible(
    pia: User,
    administrator: User,
    client_of: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tell(pia, "rain")
    mail = digests.write(pia.pk, MORNING)
    with monkeypatch.context() as broken:
        error = smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")})
        broken.setattr(locmem.EmailBackend, "send_messages", _raising(error))
        assert outbound.send(mail.pk).state == "failed"
    client = client_of(administrator)
    assert mail.subject in client.get("/settings/mails/").content.decode()
    client.post(f"/settings/mails/{mail.pk}/retry/")
    assert outbound.send(mail.pk).state == "sent"


def _raising(error: Exception) -> Callable[..., None]:
    def raises(*_args: object) -> None:
        raise error

    return raises


def test_the_clock_starts_one_task_for_each_person(
    pia: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    Choice.objects.create(user=alice, kind=SLUG, channel="digest")
    tell(pia, "rain")
    tell(alice, "rain")
    queued: list[int] = []
    monkeypatch.setattr(tasks.write_digest, "delay", queued.append)
    assert tasks.start_digests() == 2
    assert sorted(queued) == sorted([pia.pk, alice.pk])
    for user_id in queued * 2:
        tasks.write_digest(user_id)
    assert sorted(Mail.objects.values_list("to", flat=True)) == sorted([alice.email, pia.email])


@pytest.mark.django_db(transaction=True)
def test_two_tasks_at_once_write_one_mail(pia: User) -> None:
    tell(pia, "rain")
    written: list[Mail | None] = []

    def work() -> None:
        try:
            written.append(digests.write(pia.pk, MORNING))
        finally:
            connection.close()

    workers = [Thread(target=work) for _number in range(4)]
    with transaction.atomic():
        # All of them wait for this row, then go on together.
        DigestTime.objects.create(user=pia)
        for worker in workers:
            worker.start()
    for worker in workers:
        worker.join(timeout=20)
    assert len(written) == 4
    assert len([mail for mail in written if mail]) == 1
    assert Mail.objects.count() == 1
