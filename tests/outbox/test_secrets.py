"""What Partner Center answers once is read once, by the person who asked, within a day, and stands nowhere else."""

import html
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import Http404
from django.test import Client
from django.urls import reverse

from portal.access.entering import entered
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.outbox import commands, secrets, tasks
from portal.outbox.models import Command, CommandSecret
from portal.outbox.states import State
from tests.outbox.conftest import Ask

ApiOf = Callable[..., Client]
WORD = "Zx7#<canary>&first\"password's"


@pytest.fixture
def confirmed(ask: Ask) -> Command:
    """Bob's change went through and was answered with a password."""
    command = ask()
    secrets.keep(command, secrets.PASSWORD, WORD)
    Command.objects.filter(pk=command.pk).update(
        state=State.SUCCEEDED, settled_at="2026-01-01T00:00:00Z"
    )
    command.refresh_from_db()
    return command


def reads(user: User, command: Command) -> list[tuple[str, str]]:
    scope = Scope.for_user(user)
    with entered(scope):
        return secrets.take(Actor.for_user(user), scope, command)


def test_it_is_read_once_and_the_log_tells_that_it_was(confirmed: Command, bob: User) -> None:
    assert reads(bob, confirmed) == [("Password", WORD)]
    with pytest.raises(Http404):
        reads(bob, confirmed)
    entry = Entry.objects.get(kind=secrets.READ)
    assert (entry.actor_id, entry.command_id) == (bob.pk, confirmed.pk)
    assert WORD not in json.dumps([entry.parameters, entry.before, entry.after])


def test_nobody_else_reads_it_not_even_an_administrator(
    confirmed: Command, alice: User, bob: User
) -> None:
    with pytest.raises(Http404):
        reads(alice, confirmed)
    scope = Scope.for_user(alice)
    assert secrets.offered(scope, confirmed) is None
    with entered(scope):
        assert not CommandSecret.objects.exists()
    assert reads(bob, confirmed)


def test_it_is_not_read_before_the_change_is_confirmed(ask: Ask, bob: User) -> None:
    command = ask()
    secrets.keep(command, secrets.PASSWORD, WORD)
    with pytest.raises(Http404):
        reads(bob, command)


def test_it_is_gone_after_a_day(confirmed: Command, bob: User) -> None:
    assert tasks.forget_secrets() == 0
    CommandSecret.objects.update(expires_at="2026-01-01T00:00:00Z")
    with pytest.raises(Http404):
        reads(bob, confirmed)
    assert tasks.forget_secrets() == 1
    assert not CommandSecret.objects.exists()


def test_that_of_a_cancelled_change_is_forgotten(ask: Ask, bob: User) -> None:
    command = ask()
    secrets.hand(command, secrets.PASSWORD, WORD)
    assert tasks.forget_secrets() == 0
    commands.cancel(Actor.for_user(bob), Scope.for_user(bob), command)
    assert tasks.forget_secrets() == 1


def test_the_database_holds_it_sealed_and_keys_are_rotated(
    confirmed: Command, bob: User, settings: Any
) -> None:
    def sealed() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT value FROM outbox_commandsecret")
            return str(cursor.fetchone()[0])

    before = sealed()
    assert WORD not in before
    settings.FIELD_KEYS = ["another-long-random-key-for-the-fields", *settings.FIELD_KEYS]
    call_command("rotate_secrets")
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert sealed() != before
    assert reads(bob, confirmed) == [("Password", WORD)]


def test_a_password_of_our_own_is_the_same_on_every_attempt(ask: Ask) -> None:
    command = ask()
    first = secrets.made(command, secrets.PASSWORD)
    assert secrets.made(command, secrets.PASSWORD) == first
    assert len(first) == secrets.LENGTH
    typed = ask()
    secrets.hand(typed, secrets.PASSWORD, WORD)
    assert secrets.made(typed, secrets.PASSWORD) == WORD


def test_made_passwords_have_all_kinds_of_signs() -> None:
    made = {secrets.password() for _each in range(50)}
    assert len(made) == 50
    for word in made:
        assert all(any(test(sign) for sign in word) for test in (str.isupper, str.islower))
        assert any(sign.isdigit() for sign in word)
        assert any(not sign.isalnum() for sign in word)


def test_a_withheld_body_tells_no_password() -> None:
    body = {"users": [{"passwordProfile": {"password": WORD, "forceChangePassword": True}}]}
    assert WORD not in json.dumps(secrets.masked(body))
    assert secrets.masked(body)["users"][0]["passwordProfile"]["forceChangePassword"] is True
    assert secrets.masked({"quantity": 3, "password": ""}) == {"quantity": 3, "password": ""}


def test_the_page_of_the_change_offers_it_and_shows_it_once(
    confirmed: Command, bob: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(bob)
    page, address = confirmed.get_absolute_url(), reverse("change_secret", args=[confirmed.pk])
    before = client.get(page).content.decode()
    assert address in before
    assert WORD not in before
    assert client.get(address).status_code == 405
    answer = client.post(address, headers={"HX-Request": "true"})
    assert WORD in html.unescape(answer.content.decode())
    assert html.escape(WORD) in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert client.post(address).status_code == 404
    after = client.get(page).content.decode()
    assert WORD not in after
    assert address not in after


def test_the_page_offers_it_to_nobody_else(
    confirmed: Command, alice: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(alice)
    address = reverse("change_secret", args=[confirmed.pk])
    assert address not in client.get(confirmed.get_absolute_url()).content.decode()
    assert client.post(address).status_code == 404


def test_the_api_reads_it_once_and_lists_it_never(
    confirmed: Command, bob: User, alice: User, api_of: ApiOf
) -> None:
    client, address = api_of(bob, read_only=False), f"/api/v1/changes/{confirmed.pk}/secrets/"
    for path in ("/api/v1/changes/", f"/api/v1/changes/{confirmed.pk}/", "/api/v1/activity/"):
        assert WORD not in client.get(path).content.decode()
    assert api_of(alice, read_only=False).post(address).status_code == 404
    assert api_of(bob).post(address).status_code == 403
    assert client.post(address).json() == [{"label": "Password", "value": WORD}]
    assert client.post(address).status_code == 404
