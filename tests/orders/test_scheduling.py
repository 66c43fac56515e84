"""Scheduled changes: asked, written, renewed by; what a change in mid-term deletes is named and put back, once."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from orders import actions
from orders.models import Subscription
from orders.scheduling import restoring
from portal.access.models import ResellerMpn, User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror import families, refresh, rereading
from portal.outbox import tasks
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.partnercenter.operations.subscriptions import CANCEL_SUBSCRIPTION
from portal.partnercenter.operations.upgrades import (
    CHANGE_SUBSCRIPTION_CYCLE,
    CHANGE_SUBSCRIPTION_TERM,
    SCHEDULE_CHANGE,
)
from portal.reference.errors import CODES
from tests.customers.users.conftest import Upstream, customer, make_upstream  # noqa: F401 - fixture
from tests.outbox.conftest import lose_worker, make_due
from tests.people import Estate

ClientOf = Callable[[User], Client]
OTHER = {"product": {"termDuration": "P1M", "billingCycle": "Monthly"}, "quantity": 4}


class Sold:
    """A subscription of the emulator as the mirror has it, the clock of which can be moved."""

    def __init__(self, there: Upstream, of: Customer, estate: Estate) -> None:
        self.there, self.customer = there, of
        self.row = estate.fabrikam_seats
        self.use(0)

    def use(self, index: int, *, of: int = 1) -> Subscription:
        """Another subscription of the emulator, of its customer with that index."""
        theirs = list(self.there.emulator.store.customers.values())[of]
        self.customer.pc_id = theirs.id
        self.customer.save()
        items = list(self.there.emulator.store.account(theirs.id).subscriptions.values())
        self.item = items[index]
        self.item.partner_id = ResellerMpn.objects.get(reseller=self.row.reseller_id).mpn_id
        self.row.pc_id, self.row.customer_pc_id = self.item.id, theirs.id
        self.row.save()
        return self.read()

    def read(self) -> Subscription:
        """As a sync leaves it."""
        connection = self.customer.connection
        mark = refresh.request(
            connection, "subscriptions", self.item.id, parent=self.customer.pc_id
        )
        family = families.get("subscriptions")
        found = rereading.read_mark(self.there.client, connection, family, mark)
        rereading.keep(connection, family, [found])
        self.row.refresh_from_db()
        return self.row

    def wire(self) -> dict[str, Any]:
        """As Partner Center has it."""
        path = f"/v1/customers/{self.customer.pc_id}/subscriptions/{self.item.id}"
        told: dict[str, Any] = self.there.api.get(path).json
        return told

    def advance(self, **time: float) -> None:
        """Move both clocks."""
        seconds = dt.timedelta(**time).total_seconds()
        self.there.api.control("POST", "clock", {"advance_seconds": seconds})
        token = self.there.api.control("POST", "tokens", {"action": "issue"})["user_token"]
        self.there.api.token = token
        self.there.client.sender.tokens.token = token  # type: ignore[attr-defined]
        connection = self.customer.connection
        connection.clock_offset += seconds
        connection.save()
        self.row.connection = connection


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Upstream:
    """With every case of the showcase."""
    return make_upstream(monkeypatch, customers=9)


@pytest.fixture
def sold(upstream: Upstream, customer: Customer, estate: Estate) -> Sold:  # noqa: F811
    return Sold(upstream, customer, estate)


def delivered(command: Command) -> Command:
    tasks.deliver(command.pk)
    command.refresh_from_db()
    return command


def _die() -> NoReturn:
    raise KeyboardInterrupt


def last(verb: str) -> Command:
    return Command.objects.filter(verb=verb).latest("pk")


def confirmed(browser: Client, row: Subscription, name: str, **values: object) -> Any:
    url = reverse(f"subscription_{name}", args=[row.pk])
    told = browser.post(url, values)
    assert told.status_code == 200, told.content.decode()
    answer = browser.post(url, {**values, "confirmed": "1"})
    assert answer.status_code == 302
    return told.content.decode()


def test_a_change_is_scheduled_survives_seats_and_comes_with_the_renewal(
    sold: Sold,
    bob: User,
    client_of: ClientOf,
    api_of: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser, row = client_of(bob), sold.row
    told = confirmed(browser, row, "schedule", seats=45, terms="P1M|monthly")
    assert "Change Microsoft 365 Business Standard from its next term on?" in told
    command = delivered(last(actions.SCHEDULE_CHANGE))
    assert command.state == "succeeded", command.error
    schedule = {"quantity": 45, "product": row.offer_id, "term": "P1M", "cycle": "monthly"}
    assert command.result == {"schedule": schedule}
    assert sold.wire()["scheduledNextTermInstructions"]["quantity"] == 45

    # A mid-term change names what it would delete, and is refused without the wish to have it put back.
    row.refresh_from_db()
    seats = reverse("subscription_quantity", args=[row.pk])
    panel = browser.get(seats, {"quantity": "+5"}).content.decode()
    assert "A change is scheduled (45 seats, 1 month, billed monthly, after" in panel
    assert 'name="keeps"' in panel
    refused = browser.post(seats, {"quantity": "+5", "seen": "50"})
    assert refused.status_code == 422
    assert 'id="keeps-error"' in refused.content.decode()
    assert not Command.objects.filter(verb=actions.CHANGE_QUANTITY).exists()
    api = api_of(bob, read_only=False)
    url = f"/api/v1/subscriptions/{row.pk}/change-quantity/"
    assert api.post(url, {"quantity": 55}, content_type="application/json").status_code == 409

    # The worker dies between the two writes: the next one writes the schedule, and nothing twice.
    browser.post(seats, {"quantity": "+5", "seen": "50", "keeps": "1"})
    command = last(actions.CHANGE_QUANTITY)
    with monkeypatch.context() as killed:
        killed.setattr(restoring, "read", lambda _attempt: _die())
        with pytest.raises(KeyboardInterrupt):
            tasks.deliver(command.pk)
    now = sold.wire()
    assert (now["quantity"], now.get("scheduledNextTermInstructions")) == (55, None)
    lose_worker(command)
    sold.there.fault("SCHEDULE_CHANGE", "lost_reply")
    assert delivered(command).state == "in_doubt"
    assert command.summary == "Seats: 50 → 55 · schedule put back"
    failed = Command(verb=command.verb, parameters=command.parameters, state="failed")
    failed.before, failed.after = command.before, command.after
    assert failed.summary == "Seats: 50 → 55", "nothing was put back"
    lose_worker(command)
    make_due(command)
    command = delivered(command)
    assert (command.state, command.result) == ("succeeded", {"quantity": 55})
    assert [step.name for step in command.steps.order_by("position")] == [
        "CHANGE_QUANTITY",
        SCHEDULE_CHANGE.name,
    ]
    assert sold.there.calls("CHANGE_QUANTITY") == 1
    assert sold.there.calls(SCHEDULE_CHANGE.name) == 2, "scheduled, and put back once"
    now = sold.wire()
    assert (now["quantity"], now["scheduledNextTermInstructions"]["quantity"]) == (55, 45)

    sold.advance(days=400)
    now = sold.wire()
    assert (now["quantity"], now["termDuration"], now["billingCycle"]) == (45, "P1M", "monthly")
    assert "scheduledNextTermInstructions" not in now


def test_a_suspension_keeps_the_schedule_for_the_reactivation(
    sold: Sold, bob: User, client_of: ClientOf
) -> None:
    browser, row = client_of(bob), sold.row
    confirmed(browser, row, "schedule", seats=40, terms="P1Y|annual")
    delivered(last(actions.SCHEDULE_CHANGE))
    url = reverse("subscription_suspend", args=[row.pk])
    panel = browser.get(url).content.decode()
    assert "This change deletes it." in panel
    assert "Billing goes on while it is suspended." in panel
    assert browser.post(url).status_code == 422
    browser.post(url, {"keeps": "1"})
    assert delivered(last(actions.SUSPEND)).state == "succeeded"
    assert "scheduledNextTermInstructions" not in sold.wire()
    url = reverse("subscription_reactivate", args=[row.pk])
    panel = browser.get(url).content.decode()
    assert "The suspension deleted a scheduled change: 40 seats" in panel
    browser.post(url, {"keeps": "1"})
    command = delivered(last(actions.REACTIVATE))
    assert command.state == "succeeded"
    now = sold.wire()
    assert (now["status"], now["scheduledNextTermInstructions"]["quantity"]) == ("active", 40)
    row.refresh_from_db()
    confirmed(browser, row, "schedule_cancel")
    assert delivered(last(actions.CANCEL_SCHEDULE)).state == "succeeded"
    assert "scheduledNextTermInstructions" not in sold.wire()
    assert sold.wire()["autoRenewEnabled"] is True


def test_a_schedule_that_somebody_else_made_is_neither_deleted_nor_overwritten(
    sold: Sold, bob: User
) -> None:
    path = f"/v1/customers/{sold.customer.pc_id}/subscriptions/{sold.item.id}"
    first = {**OTHER, "quantity": 9}
    sold.there.api.patch(path, sold.wire() | {"scheduledNextTermInstructions": OTHER})
    row = sold.read()
    by = Actor.for_user(bob), Scope.for_user(bob)
    command = actions.suspend(*by, row, Asked(), actions.Confirmed(keeps=True))
    sold.there.api.patch(path, sold.wire() | {"scheduledNextTermInstructions": first})
    command = delivered(command)
    assert (command.state, command.error["kind"]) == ("failed", "changed")
    assert list(command.error["difference"]) == ["scheduled_change"]
    assert sold.wire()["status"] == "active"
    assert sold.wire()["scheduledNextTermInstructions"]["quantity"] == 9


def test_term_and_billing(sold: Sold, bob: User, client_of: ClientOf) -> None:
    browser, row = client_of(bob), sold.row
    url = reverse("subscription_term", args=[row.pk])
    form = browser.get(url).content.decode()
    assert "P3Y|annual" in form
    assert "P1M" not in form, "a term can only get longer"
    confirmed(browser, row, "cycle", terms="P1Y|monthly")
    command = delivered(last(actions.CHANGE_CYCLE))
    assert (command.state, command.result) == ("succeeded", {"next_cycle": "monthly"})
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "From the next charge on: billed monthly." in page
    assert sold.wire()["billingCycle"] == "annual"
    assert (
        "It is billed this way already."
        in browser.post(
            reverse("subscription_cycle", args=[row.pk]), {"terms": "P1Y|monthly"}
        ).content.decode()
    )
    confirmed(browser, row, "cycle", terms="P1Y|annual")
    assert delivered(last(actions.CHANGE_CYCLE)).state == "succeeded"
    assert "nextChargeInstructions" not in sold.wire()
    row = sold.use(0, of=5)  # by the month
    told = confirmed(browser, row, "term", terms="P1Y|annual")
    assert "Cannot be undone: in mid-term a term can only get longer." in told
    command = delivered(last(actions.CHANGE_TERM))
    assert command.state == "succeeded", command.error
    assert sold.wire()["termDuration"] == "P1Y"
    assert sold.there.calls(CHANGE_SUBSCRIPTION_TERM.name) == 1
    assert sold.there.calls(CHANGE_SUBSCRIPTION_CYCLE.name) == 2, "asked, and taken back"


def test_it_is_cancelled_while_its_window_is_open_and_no_longer(
    sold: Sold, bob: User, client_of: ClientOf, api_of: Any
) -> None:
    browser, row = client_of(bob), sold.row
    url = reverse("subscription_cancel", args=[row.pk])
    closed = browser.get(url)
    assert closed.status_code == 422
    assert "It could be cancelled until" in closed.content.decode()
    assert url not in browser.get(row.get_absolute_url()).content.decode()
    row = sold.use(1)  # bought two days ago
    assert url in browser.get(row.get_absolute_url()).content.decode()
    assert browser.post(url, {"typed_name": "Another"}).status_code == 422
    told = confirmed(browser, row, "cancel", typed_name=str(row))
    assert "Microsoft refunds what is left of the term." in told
    command = last(actions.CANCEL)
    sold.advance(days=8)
    command = delivered(command)
    assert (command.state, command.error["code"]) == ("failed", "900117")
    sold.advance(days=-8)
    api = api_of(bob, read_only=False)
    answer = api.post(
        f"/api/v1/subscriptions/{row.pk}/cancel/", {}, content_type="application/json"
    )
    assert answer.status_code == 202
    assert delivered(last(actions.CANCEL)).state == "succeeded"
    assert sold.there.calls(CANCEL_SUBSCRIPTION.name) == 2, "once too late"
    row.refresh_from_db()
    assert row.status == "deleted"


def test_a_seat_added_today_is_taken_back_today_and_not_on_the_eighth_day(
    sold: Sold, bob: User, client_of: ClientOf
) -> None:
    browser, row = client_of(bob), sold.row
    url = reverse("subscription_quantity", args=[row.pk])

    def seats(wanted: str) -> tuple[int, str]:
        answer = browser.post(url, {"quantity": wanted})
        if answer.status_code != 302:
            return answer.status_code, answer.content.decode()
        command = delivered(last(actions.CHANGE_QUANTITY))
        row.refresh_from_db()
        return row.quantity or 0, command.state

    assert seats("+4") == (54, "succeeded")
    assert seats("-4")[0] == 50
    assert seats("+4") == (54, "succeeded")
    sold.advance(days=8)
    sold.read()
    status, told = seats("-1")
    assert (status, "No seat can be taken back now." in told) == (422, True)
    path = f"/v1/customers/{sold.customer.pc_id}/subscriptions/{sold.item.id}"
    assert sold.there.api.patch(path, sold.wire() | {"quantity": 53}).code == 900214


@pytest.mark.parametrize("rule", ["term_change", "cancel_window", "seat_decrease", "seat_increase"])
def test_every_code_of_a_rule_about_terms_reaches_people_in_words(rule: str) -> None:
    facts = {
        "term_change": "800121 800122 800107 900267 900268 900269 900270",
        "cancel_window": "900117 900213",
        "seat_decrease": "900214 900257 800090 800095",
        "seat_increase": "2001 2002 900275 800067",
    }
    assert set(facts[rule].split()) - set(CODES) == set()
