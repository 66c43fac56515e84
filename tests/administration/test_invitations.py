"""Invitations and forgotten passwords: a link by mail works once, and tells nobody who has an account."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from portal.access.models import User
from portal.activity.models import Entry
from portal.notifications.models import Mail
from tests.people import PASSWORD, Estate, make_person

ClientOf = Callable[[User], Client]
GOOD = "a long enough sentence"


@pytest.fixture
def carol(estate: Estate) -> User:
    """Reseller admin of Fabrikam."""
    return make_person("carol", "reseller-admin", estate.connection, estate.fabrikam)


def wish(estate: Estate, **values: str) -> dict[str, str]:
    return {
        "email": "new@example.com",
        "name": "Nora",
        "language": "fr",
        "role": "sales",
        "place": f"r{estate.fabrikam.pk}",
        "invite": "1",
    } | values


def link(address: str) -> str:
    """The path of the newest link that was mailed to an address."""
    text = Mail.objects.filter(to=address).latest("pk").text
    found = re.search(r"http://localhost:8000(/\S+)", text)
    assert found is not None, text
    return found[1]


def sign_in(email: str, password: str) -> bool:
    client = Client()
    client.post("/sign-in/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_a_distributor_invites_a_resellers_staff(
    estate: Estate, alice: User, client_of: ClientOf
) -> None:
    answer = client_of(alice).post("/settings/users/new/", wish(estate))
    assert answer.status_code == 302
    guest = User.objects.get(email="new@example.com")
    assert guest.memberships.get().reseller == estate.fabrikam
    mail = Mail.objects.get(to=guest.email)
    assert mail.language == "fr"
    assert not guest.has_usable_password()

    client = Client()
    path = link(guest.email)
    assert "new@example.com" in client.get(path).content.decode()
    filled = {"name": "Nora N", "language": "fr", "time_zone": "Europe/Paris"}
    assert client.post(path, filled | {"password": "short"}).status_code == 422
    accepted = client.post(path, filled | {"password": GOOD}, follow=True)
    assert accepted.redirect_chain == [("/sign-in/", 302)]
    assert "The password is saved. Sign in with it." in accepted.content.decode()
    guest.refresh_from_db()
    assert (guest.name, guest.language, guest.time_zone) == ("Nora N", "fr", "Europe/Paris")
    assert sign_in(guest.email, GOOD)

    assert client.get(path).status_code == 410
    assert client.post(path, filled | {"password": "another long one"}).status_code == 410
    assert not sign_in(guest.email, "another long one")
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"invitation.sent", "invitation.accepted", "membership.granted"} <= kinds


@pytest.mark.parametrize("beyond", ["role", "place"])
def test_a_resellers_admin_invites_within_limits(
    beyond: str, estate: Estate, carol: User, client_of: ClientOf
) -> None:
    wrong = {"role": "distributor-admin", "place": f"r{estate.northwind.pk}"}
    client = client_of(carol)
    answer = client.post("/settings/users/new/", wish(estate, **{beyond: wrong[beyond]}))
    assert answer.status_code == 422
    assert not User.objects.filter(email="new@example.com").exists()
    assert not Mail.objects.exists()
    assert client.post("/settings/users/new/", wish(estate)).status_code == 302
    assert Mail.objects.filter(to="new@example.com").exists()


def test_an_account_elsewhere_is_not_told_of_and_is_offered_the_role(
    estate: Estate, carol: User, alice: User, client_of: ClientOf
) -> None:
    nina = make_person("nina", "sales", estate.connection, estate.northwind)
    client = client_of(carol)
    known, new = (
        client.post("/settings/users/new/", wish(estate, email=address), follow=True)
        for address in (nina.email, "new@example.com")
    )
    assert known.redirect_chain == new.redirect_chain == [("/settings/users/", 302)]
    assert f"Invitation sent to {nina.email}." in known.content.decode()
    assert nina.memberships.count() == 1
    assert nina.name not in client.get("/settings/users/").content.decode()
    sent = Entry.objects.filter(kind="invitation.sent", target_id=nina.pk).get()
    assert sent.reseller_id == estate.fabrikam.pk
    told = client_of(alice).get(f"/activity/{sent.pk}/").content.decode()
    assert nina.email in told
    assert nina.name not in told.replace(nina.email, ""), "the name that was written, not theirs"
    added = client.post("/settings/users/new/", wish(estate, email=nina.email) | {"invite": ""})
    assert added.status_code == 302, "the button decides, not its value"
    path = link(nina.email)
    assert (
        "Carol offers you the role Sales at Fabrikam" in Mail.objects.filter(to=nina.email)[0].text
    )

    assert client.get(path).status_code == 410, "it is for another account"
    own = client_of(nina)
    assert "Carol offers you the role Sales at Fabrikam." in own.get(path).content.decode()
    assert nina.memberships.count() == 1, "reading changes nothing"
    for _again in range(2):
        assert own.post(path)["Location"] == "/account/"
    assert set(nina.memberships.values_list("reseller", flat=True)) == {
        estate.fabrikam.pk,
        estate.northwind.pk,
    }
    assert nina.name in client.get("/settings/users/").content.decode()
    accepted = Entry.objects.get(kind="invitation.accepted")
    assert (accepted.actor_id, accepted.reseller_id) == (nina.pk, estate.fabrikam.pk)
    carol.memberships.all().delete()
    assert own.get(path).status_code == 410, "who offered it may not any more"


def test_a_second_link_ends_the_first(estate: Estate, carol: User, client_of: ClientOf) -> None:
    client_of(carol).post("/settings/users/new/", wish(estate))
    guest, first = User.objects.get(email="new@example.com"), link("new@example.com")
    olga = make_person("olga", "reseller-admin", estate.connection, estate.northwind)
    assert client_of(olga).post(f"/settings/users/{guest.pk}/invite/").status_code == 404
    assert client_of(carol).post(f"/settings/users/{guest.pk}/invite/").status_code == 302
    assert link("new@example.com") != first
    assert Client().get(first).status_code == 410
    assert Client().get(link("new@example.com")).status_code == 200


def test_no_link_for_who_has_a_password_or_is_barred(
    estate: Estate, carol: User, bob: User, client_of: ClientOf
) -> None:
    client = client_of(carol)
    client.post(f"/settings/users/{bob.pk}/invite/")
    assert not Mail.objects.exists()
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)
    client.post("/settings/users/new/", wish(estate))
    User.objects.filter(email="new@example.com").update(is_active=False)
    assert Client().get(link("new@example.com")).status_code == 410
    assert Client().get("/account/invitation/forged:1:x/").status_code == 410


def test_a_forgotten_password(bob: User, client_of: ClientOf) -> None:
    elsewhere = client_of(bob)
    client = Client()
    assert "Forgotten" in client.get("/sign-in/").content.decode()
    answer = client.post("/password/reset/", {"email": bob.email})
    assert answer["Location"] == "/password/reset/sent/"
    path = link(bob.email)
    form = client.get(path, follow=True)
    assert form.status_code == 200
    action = form.redirect_chain[-1][0]
    saved = client.post(action, {"password1": GOOD, "password2": GOOD}, follow=True)
    assert saved.status_code == 200
    assert sign_in(bob.email, GOOD)
    assert not sign_in(bob.email, PASSWORD)
    assert elsewhere.get("/").status_code == 302  # its session has ended
    assert "no longer works" in Client().get(path, follow=True).content.decode()


def test_an_unknown_address_gets_the_same_answer_and_no_mail(bob: User) -> None:
    known = Client().post("/password/reset/", {"email": bob.email})
    unknown = Client().post("/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert list(Mail.objects.values_list("to", flat=True)) == [bob.email]


def test_the_link_leads_to_the_portals_own_address(bob: User, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    Client(headers={"host": "evil.example"}).post("/password/reset/", {"email": bob.email})
    assert "evil.example" not in Mail.objects.get().text
