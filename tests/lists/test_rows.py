"""Rows of lists tell what is under way for them: a badge that leads to the change, for no query more."""

import re

from django.test import Client
from django.utils import timezone

from portal.outbox.models import Command
from tests.people import Estate, make_change

BADGE = re.compile(r'<a class="badge (is-\w+)" href="(/changes/\d+/)">([^<]+)</a>')


def badges(client: Client, path: str) -> list[tuple[str, str, str]]:
    return BADGE.findall(client.get(path).content.decode())


def test_a_change_under_way_stands_beside_the_name(client_of, alice, estate: Estate) -> None:
    client = client_of(alice)
    assert badges(client, "/subscriptions/") == []
    change = make_change(estate.fabrikam_seats, alice, state="sending")
    told = [("is-info", f"/changes/{change.pk}/", "Change under way")]
    assert badges(client, "/subscriptions/") == told
    assert badges(client, f"/customers/{estate.of_fabrikam.pk}/subscriptions/") == told
    assert badges(client, "/customers/") == told
    # Also where the list is asked for its rows alone, filtered and in another order.
    assert badges(client, "/subscriptions/?q=e3&sort=-renews") == told
    assert client.get(told[0][1]).status_code == 200


def test_the_newest_change_is_told_in_its_state(client_of, alice, estate: Estate) -> None:
    client = client_of(alice)
    make_change(estate.fabrikam_seats, alice, state="failed", error={}, settled_at=timezone.now())
    assert [word for _css, _url, word in badges(client, "/subscriptions/")] == ["Failed"]
    assert badges(client, "/customers/") == []  # nothing is under way there any more
    make_change(estate.fabrikam_seats, alice, state="awaiting_approval")
    assert [word for *_rest, word in badges(client, "/subscriptions/")] == ["Awaiting approval"]
    assert [word for *_rest, word in badges(client, "/customers/")] == ["Awaiting approval"]
    Command.objects.update(state="cancelled", settled_at=timezone.now(), error=None)
    assert badges(client, "/subscriptions/") == []


def test_another_resellers_change_of_a_shared_customer_is_not_told(
    client_of, alice, bob, charlie, estate: Estate
) -> None:
    make_change(estate.shared_fabrikam, alice, state="queued")
    assert len(badges(client_of(bob), "/customers/")) == 1
    assert badges(client_of(charlie), "/customers/") == []


def test_the_badge_asks_nothing_of_its_own(client_of, alice, estate: Estate, queries_of) -> None:
    client = client_of(alice)
    for path in ("/customers/", "/subscriptions/"):
        client.get(path)
        with queries_of() as before:
            client.get(path)
        change = make_change(estate.fabrikam_seats, alice, state="queued")
        with queries_of() as after:
            client.get(path)
        assert len(after) == len(before)
        change.delete()


def test_files_go_without_it(client_of, alice, estate: Estate) -> None:
    make_change(estate.fabrikam_seats, alice, state="queued")
    answer = client_of(alice).get("/subscriptions/?export=csv")
    assert "under way" not in b"".join(answer.streaming_content).decode()
