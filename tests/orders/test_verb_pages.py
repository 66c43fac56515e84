"""The verbs in the browser: consequence first, then one change, then back to the subscription."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.users import views as users
from orders import acting, actions
from orders.asides.views import REGISTER
from orders.models import Subscription
from orders.views import subscriptions
from portal.access.models import User
from portal.access.scope import Scope
from portal.outbox.approvals.models import Rule
from portal.outbox.models import Command
from tests.people import Estate, make_customer_user, make_person

ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def row(estate: Estate) -> Subscription:
    row = estate.fabrikam_seats
    row.product_type = "OnlineServicesNCE"
    row.save()
    return row


def url(name: str, row: Subscription) -> str:
    return reverse(f"subscription_{name}", args=[row.pk])


def test_the_consequence_is_told_before_anything_is_asked(
    row: Subscription, bob: User, client_of: ClientOf
) -> None:
    answer = client_of(bob).get(url("quantity", row), {"quantity": "+5"}, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Add 5 seats to E3 of Adatum?" in text
    assert "10 → 15 seats in all" in text
    assert "<html" not in text
    assert Command.objects.count() == 0


def test_a_rule_that_will_make_it_wait_is_foretold_on_the_panels(
    row: Subscription, bob: User, client_of: ClientOf, estate: Estate
) -> None:
    """By seats as the rule counts them, for its verb alone, once where the connection asks for all."""
    Rule.objects.create(
        name="Many", connection=row.connection, verb=actions.CHANGE_QUANTITY, least_seats=5
    )
    Rule.objects.create(name="Terms", connection=row.connection, verb=actions.SCHEDULE_CHANGE)
    client, words = client_of(bob), "A second person must approve it before it is sent."

    def told(name: str, **typed: str) -> int:
        return client.get(url(name, row), typed, headers=HTMX).content.decode().count(words)

    assert (told("quantity", quantity="+5"), told("quantity", quantity="+4")) == (1, 0)
    assert (told("quantity", quantity="-5"), told("suspend")) == (1, 0)
    Rule.objects.create(name="Lights out", connection=row.connection, verb=actions.SUSPEND)
    assert told("suspend") == 1
    act = replace(REGISTER, verb=lambda _row, _values: actions.SUSPEND)
    scope = Scope.for_user(bob)
    assert words in acting.foretold(scope, row, act, {}).points
    assert words not in acting.foretold(scope, row, REGISTER, {}).points
    type(row.connection).objects.filter(pk=row.connection_id).update(mode="ask")
    assert (told("quantity", quantity="+5"), told("suspend")) == (1, 1)


def test_a_legacy_one_is_promised_no_date_and_no_lots(
    row: Subscription, bob: User, client_of: ClientOf
) -> None:
    lots, date = "Seat lots and until when", "date that Partner Center returns"
    Subscription.objects.filter(pk=row.pk).update(refundable_lots=[])
    for kind, told in (("OnlineServicesNCE", True), ("", False)):
        Subscription.objects.filter(pk=row.pk).update(product_type=kind)
        assert (lots in client_of(bob).get(row.get_absolute_url()).content.decode()) == told
        more, fewer = (
            client_of(bob).get(url("quantity", row), {"quantity": typed}).content.decode()
            for typed in ("+1", "-1")
        )
        assert (date in more) == told
        assert ("Which lot shrinks" in fewer) == (told and "Take back" in fewer)


def test_without_javascript_it_is_a_page(row: Subscription, bob: User, client_of: ClientOf) -> None:
    text = client_of(bob).get(url("quantity", row), {"quantity": "12"}).content.decode()
    assert "<html" in text
    assert "Add 2 seats" in text


@pytest.mark.parametrize("typed", ["twelve", "1.5", "", "10", "0"])
def test_what_cannot_be_is_said_at_the_field(
    row: Subscription, bob: User, client_of: ClientOf, typed: str
) -> None:
    for method in ("get", "post"):
        answer = getattr(client_of(bob), method)(url("quantity", row), {"quantity": typed})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in text
        assert f'value="{typed}"' in text, "what was typed stays"
    assert Command.objects.count() == 0


@pytest.mark.parametrize(
    ("verb", "query"),
    [("quantity", {"quantity": "+5"}), ("quantity", {"quantity": "12"}), ("suspend", {})],
)
def test_every_confirming_panel_carries_a_key_of_its_own(
    row: Subscription, bob: User, client_of: ClientOf, verb: str, query: dict[str, str]
) -> None:
    client, found = client_of(bob), set()
    for _look in range(2):
        text = client.get(url(verb, row), query, headers=HTMX).content.decode()
        key = re.search(r'name="submission" value="([0-9a-f-]{36})"', text)
        assert key, "without a key a double click is told that another change is under way"
        found.add(key[1])
    assert len(found) == 2
    sent = {**query, "seen": "10", "submission": found.pop()}
    assert [client.post(url(verb, row), sent).status_code for _click in range(2)] == [302, 302]
    assert Command.objects.count() == 1


@pytest.mark.parametrize("seen", ["-1", "1" + "0" * 30, "x"])
def test_a_seen_number_that_nobody_saw_is_refused(
    row: Subscription, bob: User, client_of: ClientOf, seen: str
) -> None:
    answer = client_of(bob).post(url("quantity", row), {"quantity": "+5", "seen": seen})
    assert answer.status_code == 422
    assert Command.objects.count() == 0


def test_confirming_twice_makes_one_change(
    row: Subscription, bob: User, client_of: ClientOf
) -> None:
    client = client_of(bob)
    sent = {
        "quantity": "+5",
        "seen": "10",
        "reason": "new office",
        "submission": "0b0e7f0e-6a6f-4a54-9a5e-0d8f3a1c1a11",
    }
    for _click in range(2):
        answer = client.post(url("quantity", row), sent)
        assert answer.status_code == 302
        assert answer["Location"] == row.get_absolute_url()
    command = Command.objects.get()
    assert command.after == {"quantity": 15}
    assert command.reason == "new office"


def test_a_row_that_changed_since_is_confirmed_anew(
    row: Subscription, bob: User, client_of: ClientOf
) -> None:
    answer = client_of(bob).post(url("quantity", row), {"quantity": "+5", "seen": "8"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There were 8 seats when you opened this, now it is 10." in text
    assert "Add 5 seats" in text
    assert 'name="seen" value="10"' in text
    assert Command.objects.count() == 0


@pytest.mark.parametrize(
    ("present", "typed", "seen", "words"),
    [
        (1, "1", "1", "There is 1 seat already. Write another number."),
        (1, "-1", "1", "A subscription has at least 1 seat. There is 1 now."),
        (10, "+5", "1", "There was 1 seat when you opened this, now it is 10."),
        (1, "+5", "-1", "There is 1 seat now. Look at it again."),
        (10, "+5", "-1", "There are 10 seats now. Look at them again."),
    ],
)
def test_one_seat_is_told_as_one(
    present: int,
    typed: str,
    seen: str,
    words: str,
    row: Subscription,
    bob: User,
    client_of: ClientOf,
) -> None:
    Subscription.objects.filter(pk=row.pk).update(quantity=present)
    answer = client_of(bob).post(url("quantity", row), {"quantity": typed, "seen": seen})
    assert words in answer.content.decode()
    assert Command.objects.count() == 0


def test_suspending_says_that_it_goes_on_costing(
    row: Subscription, bob: User, client_of: ClientOf
) -> None:
    client = client_of(bob)
    text = client.get(url("suspend", row)).content.decode()
    assert "Billing goes on while it is suspended." in text
    assert "Suspend, keep paying" in text
    assert client.post(url("suspend", row), {"reason": ""}).status_code == 302
    assert Command.objects.get().after == {"status": "suspended"}


def test_reactivating_an_active_one_is_refused_in_words(
    row: Subscription, bob: User, client_of: ClientOf
) -> None:
    answer = client_of(bob).post(url("reactivate", row), {})
    assert answer.status_code == 422
    assert "Only a suspended subscription can be reactivated" in answer.content.decode()
    assert Command.objects.count() == 0


@pytest.mark.parametrize("name", ["quantity", "suspend", "reactivate"])
def test_who_may_not_is_turned_away(
    row: Subscription, charlie: User, auditor: User, client_of: ClientOf, estate: Estate, name: str
) -> None:
    helper = make_person("biller", "billing", estate.connection, estate.fabrikam)
    for person, code in ((charlie, 404), (auditor, 403), (helper, 403)):
        for method in ("get", "post"):
            answer = getattr(client_of(person), method)(url(name, row), {"quantity": "12"})
            assert answer.status_code == code
    assert Command.objects.count() == 0


def test_the_page_offers_what_makes_sense(
    row: Subscription, bob: User, auditor: User, client_of: ClientOf
) -> None:
    suspend, reactivate, quantity = (url(n, row) for n in ("suspend", "reactivate", "quantity"))
    page = client_of(bob).get(row.get_absolute_url()).content.decode()
    assert suspend in page
    assert quantity in page
    assert reactivate not in page
    page = client_of(auditor).get(row.get_absolute_url()).content.decode()
    assert suspend not in page
    assert quantity not in page
    Subscription.objects.filter(pk=row.pk).update(status="suspended")
    page = client_of(bob).get(row.get_absolute_url()).content.decode()
    assert reactivate in page
    assert suspend not in page
    assert quantity not in page


@pytest.mark.parametrize("kind", ["subscription", "user"])
def test_a_change_that_ends_while_the_page_is_made_is_told_as_open(
    kind: str, estate: Estate, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told as confirmed beside the row as it was before, the page would never look again."""
    looked: list[str] = []
    places: dict[str, tuple[Any, Any]] = {
        "subscription": (subscriptions, estate.fabrikam_seats),
        "user": (users, make_customer_user(estate.of_fabrikam)),
    }
    module, row = places[kind]

    def noted(word: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def note(*given: Any) -> Any:
            looked.append(word)
            return real(*given)

        return note

    monkeypatch.setattr(module.queries, kind, noted("row", getattr(module.queries, kind)))
    monkeypatch.setattr(module.changes, "live_for", noted("change", module.changes.live_for))
    boss = make_person("boss", "reseller-admin", estate.connection, estate.fabrikam)
    assert client_of(boss).get(row.get_absolute_url()).status_code == 200
    assert looked[:2] == ["change", "row"]
