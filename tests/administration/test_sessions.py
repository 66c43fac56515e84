"""A person sees where they are signed in, and ends the other sessions but nobody else's."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.access import sessions
from portal.access.models import User
from portal.activity.models import Entry
from tests.people import PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0"


def signed_in(user: User, agent: str) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    assert client.get("/account/").status_code == 200
    return client


def test_the_others_end_and_this_one_goes_on(bob: User, charlie: User) -> None:
    here, there = signed_in(bob, FIREFOX), signed_in(bob, EDGE)
    foreign = signed_in(charlie, FIREFOX)
    page = here.get("/account/sessions/").content.decode()
    assert "Firefox, Linux" in page
    assert "Edge, Windows" in page
    assert page.count("Another session") == 1

    assert here.post("/account/sessions/end/").status_code == 302
    assert there.get("/account/").status_code == 302
    assert foreign.get("/account/").status_code == 200
    assert "Edge, Windows" not in here.get("/account/sessions/").content.decode()
    entry = Entry.objects.get(kind="session.others_ended")
    assert (entry.actor_id, entry.parameters) == (bob.pk, {"count": 1})


def test_looking_ends_nothing(bob: User) -> None:
    here, there = signed_in(bob, FIREFOX), signed_in(bob, EDGE)
    here.get("/account/sessions/")
    assert here.get("/account/sessions/end/").status_code == 405
    assert there.get("/account/").status_code == 200


def test_a_session_from_before_a_new_password_is_not_shown(
    bob: User, client_of: Callable[[User], Client]
) -> None:
    signed_in(bob, EDGE)
    bob.set_password("another long sentence")
    bob.save()
    page = client_of(bob).get("/account/sessions/").content.decode()
    assert "Edge" not in page
    assert "This session" in page


@pytest.mark.parametrize(
    ("agent", "name"),
    [(FIREFOX, "Firefox, Linux"), (EDGE, "Edge, Windows"), ("curl/8", ""), ("", "")],
)
def test_a_browser_in_two_words(agent: str, name: str) -> None:
    assert sessions.named(agent) == name
