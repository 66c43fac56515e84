"""Tokens of the API: hashed, expiring, as wide as their owner, read-only unless they say otherwise."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from portal.access.models import ApiToken, User
from tests.people import Estate

pytestmark = pytest.mark.urls("tests.access.urls")


def test_token_sees_what_its_owner_sees(
    estate: Estate, bob: User, api_of: Callable[..., Client]
) -> None:
    answer = api_of(bob).get("/api/customers/").json()
    assert [row["name"] for row in answer["results"]] == ["Adatum", "Proseware"]


def test_read_only_token_writes_nothing(bob: User, api_of: Callable[..., Client]) -> None:
    answer = api_of(bob).post("/api/customers/", {}, "application/json")
    assert answer.status_code == 403
    assert answer.json()["message"] == "This token may only read: nothing was changed."
    bob.refresh_from_db()
    assert bob.name == "Bob"


def test_writing_token_writes_and_a_refusal_leaves_nothing(
    bob: User, api_of: Callable[..., Client]
) -> None:
    client = api_of(bob, read_only=False)
    assert client.post("/api/customers/", {"fail": 1}, "application/json").status_code == 400
    bob.refresh_from_db()
    assert bob.name == "Bob"
    assert client.post("/api/customers/", {}, "application/json").status_code == 200
    bob.refresh_from_db()
    assert bob.name == "half done"


def test_a_script_is_answered_in_the_language_that_it_asks_for(
    bob: User, api_of: Callable[..., Client]
) -> None:
    User.objects.filter(pk=bob.pk).update(language="fr")
    client = api_of(bob)
    for headers, start in (({}, "Ce jeton"), ({"Accept-Language": "en"}, "This token")):
        answer = client.post("/api/customers/", {}, "application/json", headers=headers)
        assert answer.json()["message"].startswith(start), headers


def test_only_the_digest_is_kept(bob: User) -> None:
    row, token = ApiToken.objects.create(bob, name="x")
    row.refresh_from_db()
    assert token not in (row.digest, row.token_key)
    assert row.token_key == token[:15]
    assert row.read_only


@pytest.mark.parametrize(
    "header", ["Token nonsense", "Token", "Token a b", "Token \xff\xfe", "Bearer x"]
)
def test_bad_tokens_are_401(header: str, estate: Estate) -> None:
    answer = Client(headers={"Authorization": header}).get("/api/customers/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"


def test_expired_token_is_401_and_stays(bob: User, api_of: Callable[..., Client]) -> None:
    client = api_of(bob, expiry=timedelta(seconds=-1))
    assert client.get("/api/customers/").status_code == 401
    assert ApiToken.objects.count() == 1


def test_token_of_a_barred_person_is_401(bob: User, api_of: Callable[..., Client]) -> None:
    client = api_of(bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert client.get("/api/customers/").status_code == 401


def test_revoked_token_is_401(bob: User, api_of: Callable[..., Client]) -> None:
    client = api_of(bob)
    ApiToken.objects.all().delete()
    assert client.get("/api/customers/").status_code == 401


def test_session_works_for_the_api_and_needs_a_csrf_token_to_write(bob: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    assert client.get("/api/customers/").status_code == 200
    assert client.post("/api/customers/", {}, "application/json").status_code == 403


def test_action_that_declares_nothing_is_closed(bob: User, api_of: Callable[..., Client]) -> None:
    assert api_of(bob).get("/api/undeclared/").status_code == 403


def test_pages_of_the_api_go_by_position(bob: User, api_of: Callable[..., Client]) -> None:
    client = api_of(bob)
    first = client.get("/api/customers/?size=1").json()
    assert [row["name"] for row in first["results"]] == ["Adatum"]
    second = client.get(first["next"]).json()
    assert [row["name"] for row in second["results"]] == ["Proseware"]
    assert second["next"] is None


@pytest.mark.urls("portal.urls")
@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "[]",
        "{",
        b"\xff\xfe",
        '{"quantity": "+1", "seen": 1' + "0" * 30 + "}",
    ],
)
def test_hostile_body_is_400_in_the_shape(
    body: str | bytes, bob: User, estate: Estate, api_of: Callable[..., Client]
) -> None:
    answer = api_of(bob, read_only=False).post(
        f"/api/v1/subscriptions/{estate.fabrikam_seats.pk}/change-quantity/",
        body,
        "application/json",
    )
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "fields"}


@pytest.mark.urls("portal.urls")
@pytest.mark.parametrize(
    "address",
    [
        "customers/?q=",
        "subscriptions/?customer=",
        "subscriptions/?status=",
        "activity/?kind=",
        "changes/?verb=",
    ],
)
def test_null_character_in_a_filter_is_400(
    address: str, estate: Estate, alice: User, api_of: Callable[..., Client]
) -> None:
    answer = api_of(alice).get(f"/api/v1/{address}a%00b")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"


@pytest.mark.urls("portal.urls")
def test_unknown_address_of_the_api_is_404_in_the_shape(
    alice: User, api_of: Callable[..., Client]
) -> None:
    answer = api_of(alice).get("/api/v1/nothing/")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
