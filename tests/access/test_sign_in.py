"""The door: right people in, others out, and no answer that tells them apart."""

import pytest
from django.core.cache import cache
from django.test import Client

from portal.access.models import User
from portal.activity import personal
from portal.activity.models import Entry
from tests.people import PASSWORD, Estate

pytestmark = pytest.mark.urls("tests.access.urls")


@pytest.fixture(autouse=True)
def _no_earlier_attempts() -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str, next_url: str = ""):
    return client.post(
        "/sign-in/", {"login": email, "password": password, "next": next_url}, follow=False
    )


def test_sign_in_with_email_in_any_case(bob: User) -> None:
    answer = sign_in(Client(), "BOB@example.com", PASSWORD, "/speaks/")
    assert (answer.status_code, answer["Location"]) == (302, "/speaks/")
    entry = Entry.objects.get(kind="session.started")
    assert entry.actor_id == bob.pk
    assert personal.reveal(entry.personal.select_related("subject"))["address"] == "127.0.0.1"


def test_wrong_password_and_unknown_person_get_the_same_answer(bob: User) -> None:
    wrong = sign_in(Client(), bob.email, "wrong password here")
    unknown = sign_in(Client(), "nobody@example.com", "wrong password here")
    assert wrong.status_code == unknown.status_code == 200
    strip = lambda answer, email: answer.content.decode().replace(email, "")  # noqa: E731
    assert _without_csrf(strip(wrong, bob.email)) == _without_csrf(
        strip(unknown, "nobody@example.com")
    )
    assert "sessionid" not in wrong.cookies


def _without_csrf(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if "csrfmiddlewaretoken" not in line)


def test_refused_sign_in_is_noted_against_the_person_it_names(estate: Estate, bob: User) -> None:
    sign_in(Client(), bob.email, "wrong password here")
    sign_in(Client(), "nobody@example.com", "wrong password here")
    named, unnamed = Entry.objects.filter(kind="session.refused").order_by("id")
    assert (named.target_id, named.reseller_id) == (bob.pk, estate.fabrikam.pk)
    assert unnamed.target_id is None
    assert "nobody" not in str(unnamed.__dict__)


def test_guessing_is_throttled_even_with_the_right_password_at_last(bob: User) -> None:
    for _ in range(5):
        sign_in(Client(), bob.email, "wrong password here")
    answer = sign_in(Client(), bob.email, PASSWORD)
    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies
    assert not Entry.objects.filter(kind="session.started").exists()


def test_guessing_over_many_names_is_throttled_by_address(bob: User) -> None:
    for number in range(11):
        sign_in(Client(), f"guess{number}@example.com", "wrong password here")
    assert "sessionid" not in sign_in(Client(), bob.email, PASSWORD).cookies


def test_session_key_changes_at_sign_in(bob: User) -> None:
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client, bob.email, PASSWORD)
    assert client.session.session_key != before


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "https:evil",
    ],
)
def test_only_local_redirects(target: str, bob: User) -> None:
    answer = sign_in(Client(), bob.email, PASSWORD, target)
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert answer["Location"].startswith("/")


def test_nobody_signs_up(estate: Estate) -> None:
    client = Client(raise_request_exception=False)
    for path in ("/sign-up/", "/accounts/signup/", "/sign-in/sign-up/"):
        assert client.post(path, {"email": "x@example.com"}).status_code == 404


def test_barred_person_does_not_get_in(bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    client = Client()
    sign_in(client, bob.email, PASSWORD)
    assert client.get("/speaks/").status_code == 302


def test_sign_out_is_a_post_and_is_noted(bob: User) -> None:
    client = Client()
    client.force_login(bob)
    client.get("/sign-out/")
    assert client.get("/speaks/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/speaks/").status_code == 302
    assert Entry.objects.filter(kind="session.ended", actor_id=bob.pk).count() == 1


def test_form_without_csrf_token_is_refused(bob: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = sign_in(client, bob.email, PASSWORD)
    assert answer.status_code == 403
    assert "sessionid" not in answer.cookies


def test_htmx_without_csrf_token_is_refused(bob: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    answer = client.post("/renames/", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    bob.refresh_from_db()
    assert bob.name == "Bob"
