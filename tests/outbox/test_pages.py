"""The Changes pages: truthful, within the scope, with the way on."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import Subscription
from portal.access.models import User
from portal.connections.models import Connection
from portal.outbox import tasks
from portal.outbox.models import Command
from portal.outbox.states import State
from portal.partnercenter.errors import NoAnswer, QuantityNotAllowed
from tests.outbox.conftest import Ask, Partner, make_due
from tests.people import Estate, make_person

ClientOf = Callable[[User], Client]
ACTIONS = ["change_retry", "change_give_up", "change_cancel", "change_approve", "change_decline"]


def page(client: Client, command: Command) -> str:
    answer = client.get(command.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode().partition("</main>")[0]


def test_the_list_shows_what_the_reader_may_see(
    ask: Ask, bob: User, charlie: User, client_of: ClientOf
) -> None:
    ask()
    shown = client_of(bob).get(reverse("changes")).content.decode()
    assert "Seats: 10 → 15" in shown
    assert "E3 of Adatum" in shown
    hidden = client_of(charlie).get(reverse("changes")).content.decode()
    assert "Adatum" not in hidden


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "sending"}, True),
        ({"state": "failed"}, False),
        ({"verb": "subscription.change_quantity"}, True),
        ({"verb": "subscription.suspend"}, False),
        ({"q": "adatum"}, True),
        ({"q": "bob"}, True),
        ({"q": "nobody"}, False),
    ],
)
def test_the_list_filters(
    ask: Ask, bob: User, client_of: ClientOf, query: dict[str, str], found: bool
) -> None:
    ask()
    text = client_of(bob).get(reverse("changes"), query).content.decode()
    assert ("Seats: 10 → 15" in text) == found


def test_the_list_costs_the_same_for_many(
    ask: Ask,
    bob: User,
    client_of: ClientOf,
    queries_of: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    client = client_of(bob)
    client.get(reverse("changes"))  # what the frame keeps for a while is read once
    counts = []
    for _round in range(2):
        for _one in range(4):
            ask()
        with queries_of() as seen:
            client.get(reverse("changes"))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_asked_and_confirmed_are_two_values(
    ask: Ask, partner: Partner, bob: User, client_of: ClientOf
) -> None:
    command = ask()
    client = client_of(bob)
    before = page(client, command)
    assert "<del>10</del>" in before
    assert "<ins>15</ins>" in before
    assert "not yet" in before
    partner.reads()
    partner.writes(quantity=15)
    tasks.deliver(command.pk)
    after = page(client, command)
    assert after.count("<ins>15</ins>") == 2
    assert "stub-correlation" in after
    assert partner.patches[0].request_id in after


def test_the_status_asks_again_until_it_is_settled(
    ask: Ask, partner: Partner, bob: User, client_of: ClientOf, row: Subscription
) -> None:
    command = ask()
    client = client_of(bob)
    url = reverse("change_status", args=[command.pk])
    here = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{row.get_absolute_url()}"}
    assert 'hx-trigger="every 2s"' in client.get(url, headers=here).content.decode()
    partner.reads()
    partner.writes(quantity=15)
    tasks.deliver(command.pk)
    settled = client.get(url, headers=here).content.decode()
    assert "every 2s" not in settled
    assert f'hx-get="{row.get_absolute_url()}"' in settled, (
        "the page that asked is brought up to date"
    )
    foreign = here | {"HX-Current-URL": "https://evil.example/x"}
    assert "evil" not in client.get(url, headers=foreign).content.decode()


def test_a_refusal_tells_code_words_and_correlation_id(
    ask: Ask, partner: Partner, bob: User, client_of: ClientOf
) -> None:
    command = ask()
    partner.reads()
    error = QuantityNotAllowed("<b>No.</b>", status=400, code="900214", correlation_id="corr-7")
    partner.writes(error)
    tasks.deliver(command.pk)
    text = page(client_of(bob), command)
    assert "Partner Center refused the change" in text
    assert "can no longer be taken off in this term" in text
    assert "900214" in text
    assert "corr-7" in text
    assert "Try again" in text
    assert "<b>No." not in text


def test_a_doubt_says_that_it_is_not_known(
    ask: Ask, partner: Partner, bob: User, client_of: ClientOf
) -> None:
    command = ask()
    partner.reads()
    partner.writes(NoAnswer("lost"))
    tasks.deliver(command.pk)
    text = page(client_of(bob), command)
    assert "Sent, but no answer came back" in text
    assert "Look again now" in text


def test_a_difference_is_shown_and_decided(
    ask: Ask, partner: Partner, bob: User, client_of: ClientOf
) -> None:
    command = ask()
    partner.reads(quantity=12)
    tasks.deliver(command.pk)
    client = client_of(bob)
    text = page(client, command)
    assert "10 when you opened it, 12 now" in text
    assert "Send it all the same" in text
    answer = client.post(reverse("change_retry", args=[command.pk]))
    assert answer.status_code == 302
    command.refresh_from_db()
    assert command.state == State.QUEUED


def test_an_unexplained_doubt_never_claims_that_nothing_was_sent(
    ask: Ask, partner: Partner, bob: User, client_of: ClientOf
) -> None:
    command = ask()
    partner.reads()
    partner.writes(NoAnswer("lost"))
    tasks.deliver(command.pk)
    make_due(command)
    partner.reads(quantity=12)
    tasks.deliver(command.pk)
    text = page(client_of(bob), command)
    assert "Partner Center may have made this change" in text
    assert "nothing was sent" not in text.lower()
    assert "Nothing was changed" not in text


def test_the_withheld_body_is_shown(
    ask: Ask, read_only_partner: Partner, bob: User, client_of: ClientOf
) -> None:
    command = ask()
    read_only_partner.reads()
    tasks.deliver(command.pk)
    text = page(client_of(bob), command)
    assert "What would have been sent" in text
    assert "&quot;quantity&quot;: 15" in text
    assert "&quot;etag&quot;: &quot;etag-1&quot;" in text


def test_giving_up_and_cancelling_by_button(
    ask: Ask, partner: Partner, bob: User, client_of: ClientOf
) -> None:
    client = client_of(bob)
    command = ask()
    client.post(reverse("change_cancel", args=[command.pk]))
    command.refresh_from_db()
    assert command.state == State.CANCELLED
    answer = client.post(reverse("change_cancel", args=[command.pk]), follow=True)
    assert "has moved on meanwhile" in answer.content.decode()


def test_the_second_person_sees_the_buttons_the_first_does_not(
    ask: Ask, row: Subscription, alice: User, client_of: ClientOf
) -> None:
    Connection.objects.filter(pk=row.connection_id).update(mode="ask")
    row.connection.refresh_from_db()
    command = ask(by=alice)
    url = reverse("change_approve", args=[command.pk])
    assert url not in page(client_of(alice), command)
    assert client_of(alice).post(url).status_code == 403
    boss = make_person("boss", "distributor-admin", row.connection)
    client = client_of(boss)
    assert url in page(client, command)
    assert client.post(url).status_code == 302
    command.refresh_from_db()
    assert command.state == State.QUEUED


@pytest.mark.parametrize("name", ["change", "change_status", *ACTIONS])
def test_another_resellers_change_does_not_exist(
    ask: Ask, estate: Estate, client_of: ClientOf, name: str
) -> None:
    command = ask()
    outsider = make_person("outsider", "reseller-admin", estate.connection, estate.northwind)
    client = client_of(outsider)
    act = client.post if name in ACTIONS else client.get
    assert act(reverse(name, args=[command.pk])).status_code == 404
    command.refresh_from_db()
    assert command.state == State.QUEUED


@pytest.mark.parametrize("name", ACTIONS)
def test_nothing_changes_by_get(ask: Ask, alice: User, client_of: ClientOf, name: str) -> None:
    command = ask()
    assert client_of(alice).get(reverse(name, args=[command.pk])).status_code == 405
    command.refresh_from_db()
    assert command.state == State.QUEUED


def test_an_auditor_reads_and_does_nothing(ask: Ask, auditor: User, client_of: ClientOf) -> None:
    command = ask()
    client = client_of(auditor)
    assert "Cancel this change" not in page(client, command)
    for name in ACTIONS:
        assert client.post(reverse(name, args=[command.pk])).status_code == 403


def test_a_verb_of_another_release_stays_readable(ask: Ask, bob: User, client_of: ClientOf) -> None:
    command = ask()
    Command.objects.filter(pk=command.pk).update(verb="subscription.of_tomorrow")
    assert "subscription.of_tomorrow" in page(client_of(bob), command)
