"""People are told in their own language and as they chose; the bell counts without asking the database."""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.utils.translation import gettext_lazy as _

from portal.access.models import User
from portal.notifications import kinds
from portal.notifications.models import Choice, Mail, Notification
from portal.notifications.telling import News, notify
from tests.people import Estate, make_person

SLUG = "test.told"


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    """A kind whose words are in the catalogue already."""
    kinds.register(
        kinds.Kind(slug=SLUG, label=_("Customers"), subject=_("Customers"), text="{what}")
    )
    yield
    kinds._kinds.pop(SLUG)


def tell(*people: User, what: str = "rain", **place: int) -> None:
    notify(News(kind=SLUG, parameters={"what": what}, url="/customers/", **place), people)


def test_each_is_told_in_their_own_language(alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(language="fr")
    bob.refresh_from_db()
    tell(alice, bob)
    by_address = {mail.to: mail for mail in Mail.objects.all()}
    assert by_address[alice.email].subject == "Customers"
    assert by_address[bob.email].subject == "Clients"
    assert by_address[bob.email].language == "fr"
    assert "rain" in by_address[bob.email].text
    assert "/customers/" in by_address[bob.email].text


def test_a_choice_is_kept_to(
    alice: User, bob: User, charlie: User, client_of: Callable[[User], Client]
) -> None:
    for person, channel in ((bob, "portal"), (charlie, "none")):
        answer = client_of(person).post("/account/notifications/", _choices(channel))
        assert answer.status_code == 302
    tell(alice, bob, charlie)
    assert set(Mail.objects.values_list("to", flat=True)) == {alice.email}
    told = Notification.objects.values_list("user__email", flat=True)
    assert sorted(told) == [alice.email, bob.email]


def _choices(channel: str) -> dict[str, str]:
    return {kind.slug: channel for kind in kinds.choosable()}


def test_a_channel_that_does_not_exist_is_refused(
    bob: User, client_of: Callable[[User], Client]
) -> None:
    answer = client_of(bob).post("/account/notifications/", _choices("pigeon"))
    assert answer.status_code == 422
    assert not Choice.objects.exists()


def test_what_is_rolled_back_was_told_to_nobody(alice: User) -> None:
    with transaction.atomic():
        tell(alice)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()
    assert not Mail.objects.exists()


def test_a_barred_person_and_an_unknown_kind(alice: User) -> None:
    alice.is_active = False
    tell(alice)
    assert not Notification.objects.exists()
    with pytest.raises(KeyError):
        notify(News(kind="nobody.knows"), [alice])


def test_the_bell_counts_and_reading_takes_away(
    bob: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(bob)
    assert "0 unread" in client.get("/notifications/").content.decode()
    tell(bob, what="one")
    tell(bob, what="two")
    assert "2 unread" in client.get("/notifications/").content.decode()
    row = Notification.objects.first()
    assert row is not None
    answer = client.post(f"/notifications/{row.pk}/open/")
    assert answer["Location"] == "/customers/"
    assert "1 unread" in client.get("/notifications/").content.decode()
    client.post("/notifications/read/")
    assert "0 unread" in client.get("/notifications/").content.decode()


def test_the_number_costs_no_query_once_it_is_known(
    bob: User, client_of: Callable[[User], Client], queries_of: Callable[..., object]
) -> None:
    client = client_of(bob)
    client.get("/account/")
    with queries_of() as seen:  # type: ignore[attr-defined]
        client.get("/account/")
    assert not [sql for sql in seen if "notifications_" in sql]


def test_anothers_is_not_found(
    bob: User, charlie: User, client_of: Callable[[User], Client]
) -> None:
    tell(bob)
    row = Notification.objects.get()
    assert client_of(charlie).post(f"/notifications/{row.pk}/open/").status_code == 404
    assert "rain" not in client_of(charlie).get("/notifications/").content.decode()
    row.refresh_from_db()
    assert row.read_at is None


def test_who_lost_the_reseller_no_longer_reads_about_it(
    estate: Estate, bob: User, client_of: Callable[[User], Client]
) -> None:
    tell(bob, connection_id=estate.connection.pk, reseller_id=estate.fabrikam.pk)
    assert "rain" in client_of(bob).get("/notifications/").content.decode()
    bob.memberships.update(reseller=estate.northwind)
    assert "rain" not in client_of(bob).get("/notifications/").content.decode()


def test_values_cannot_break_a_mails_head(alice: User) -> None:
    kinds.register(kinds.Kind(slug=SLUG, label="x", subject="About {what}", text=""))
    tell(alice, what="Adatum\r\nBcc: everybody@example.com {what}")
    assert Mail.objects.get().subject == "About Adatum Bcc: everybody@example.com {what}"


def test_mails_are_for_who_sees_everything(
    alice: User, administrator: User, client_of: Callable[[User], Client]
) -> None:
    tell(alice)
    assert alice.email in client_of(administrator).get("/settings/mails/").content.decode()
    assert client_of(alice).get("/settings/mails/").status_code == 403
    assert client_of(administrator).get("/settings/mailbox/").status_code == 404
    narrow = make_person("nina", "administrator", alice.memberships.get().connection)
    assert alice.email not in client_of(narrow).get("/settings/mails/").content.decode()
