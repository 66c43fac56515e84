"""A person's own account: everybody may, also who only reads."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from portal.access.models import ApiToken, User
from portal.activity.models import Entry
from tests.people import PASSWORD, Estate

SignIn = Callable[[User], Client]


def test_auditor_sets_language_zone_and_theme(auditor: User, client_of: SignIn) -> None:
    client = client_of(auditor)
    data = {"name": "Audrey", "language": "fr", "time_zone": "Europe/Paris", "theme": "dark"}
    assert client.post("/account/", data).status_code == 302
    page = client.get("/account/").content.decode()
    assert '<html lang="fr" data-theme="dark"' in page
    auditor.refresh_from_db()
    assert auditor.time_zone == "Europe/Paris"


@pytest.mark.parametrize("field", ["language", "time_zone", "theme"])
def test_nonsense_is_refused_and_nothing_saved(field: str, bob: User, client_of: SignIn) -> None:
    data = {"name": "X", "language": "fr", "time_zone": "UTC", "theme": "dark", field: "../etc"}
    assert client_of(bob).post("/account/", data).status_code == 422
    bob.refresh_from_db()
    assert (bob.name, bob.theme) == ("Bob", "system")


def test_own_role_and_bar_are_not_settable_by_payload(bob: User, client_of: SignIn) -> None:
    data = {
        "name": "B",
        "theme": "dark",
        "is_active": "",
        "email": "admin@example.com",
        "role": "administrator",
        "is_superuser": "1",
    }
    client_of(bob).post("/account/", data)
    bob.refresh_from_db()
    assert (bob.email, bob.is_active) == ("bob@example.com", True)
    assert list(bob.memberships.values_list("role", flat=True)) == ["sales"]


@pytest.mark.parametrize(
    ("target", "lands"),
    [("/account/?a=1", "/account/?a=1"), ("https://evil.example/", "/"), ("//evil.example", "/")],
)
def test_menu_changes_theme_alone_and_returns(
    target: str, lands: str, bob: User, client_of: SignIn
) -> None:
    User.objects.filter(pk=bob.pk).update(language="fr")
    answer = client_of(bob).post("/account/preferences/", {"theme": "light", "next": target})
    assert answer["Location"] == lands
    bob.refresh_from_db()
    assert (bob.theme, bob.language) == ("light", "fr")


def test_password_change_is_noted_and_ends_other_sessions(bob: User, client_of: SignIn) -> None:
    other, mine = client_of(bob), client_of(bob)
    new = "entirely different words 42"
    answer = mine.post(
        "/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert mine.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert Entry.objects.filter(kind="account.password_changed", actor_id=bob.pk).count() == 1


def test_password_change_needs_the_old_one(bob: User, client_of: SignIn) -> None:
    new = "entirely different words 42"
    client_of(bob).post(
        "/account/password/", {"oldpassword": "x", "password1": new, "password2": new}
    )
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)


def test_token_is_shown_once_and_works_and_can_be_revoked(bob: User, client_of: SignIn) -> None:
    client = client_of(bob)
    answer = client.post(
        "/account/tokens/new/", {"name": "reports", "days": "30", "read_only": "on"}
    )
    token = answer.content.decode().split('data-copy="')[1].split('"')[0]
    api = Client(headers={"Authorization": f"Token {token}"})
    assert api.get("/api/v1/customers/").status_code == 200
    page = client.get("/account/tokens/").content.decode()
    assert token not in page
    revoke = re.search(r"/account/tokens/[0-9a-f]{32}/revoke/", page)
    assert revoke is not None
    assert client.post(revoke[0]).status_code == 302
    assert api.get("/api/v1/customers/").status_code == 401
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["token.created", "token.revoked"]


def test_auditors_token_never_writes(auditor: User, client_of: SignIn) -> None:
    client_of(auditor).post("/account/tokens/new/", {"name": "x", "days": "30"})
    assert ApiToken.objects.get().read_only


def test_token_of_somebody_else_is_not_found(
    estate: Estate, bob: User, charlie: User, client_of: SignIn
) -> None:
    row, _token = ApiToken.objects.create(charlie, name="x")
    for key in (row.pk[:32], row.pk, row.pk[:1]):
        assert client_of(bob).post(f"/account/tokens/{key}/revoke/").status_code == 404
    assert ApiToken.objects.count() == 1
