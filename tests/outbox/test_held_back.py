"""What keeps a change from being sent, at the last moment: rights, modes, faults of the portal; nothing leaves, the reason stays."""

from decimal import Decimal

import pytest

from orders.models import Subscription
from portal.access.models import Membership, User
from portal.connections.models import Connection
from portal.outbox import tasks
from portal.outbox.models import Command
from portal.outbox.states import State
from tests.outbox.conftest import Ask, Partner, events, wire


def test_a_withdrawn_permission_stops_it_before_any_call(
    partner: Partner, ask: Ask, bob: User
) -> None:
    command = ask()
    Membership.objects.filter(user=bob).update(role="billing")
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.FAILED
    assert command.error is not None
    assert command.error["kind"] == "forbidden"
    assert partner.calls == 0


def test_a_closed_account_stops_it_too(partner: Partner, ask: Ask, bob: User) -> None:
    command = ask()
    User.objects.filter(pk=bob.pk).update(is_active=False)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.FAILED
    assert partner.calls == 0


def test_read_only_withholds_the_body_and_sends_nothing(
    read_only_partner: Partner, ask: Ask, row: Subscription
) -> None:
    command = ask()
    read_only_partner.reads()
    tasks.deliver(command.pk)
    command.refresh_from_db()
    row.refresh_from_db()
    assert command.state == State.WITHHELD
    assert command.withheld_body == wire(row, quantity=15)
    assert command.sent_at is None
    assert row.quantity == 10
    assert read_only_partner.patches == []
    assert events(command) == ["requested", "withheld"]


def test_numbers_with_decimals_survive_withholding(
    read_only_partner: Partner, ask: Ask, row: Subscription
) -> None:
    command = ask()
    lines = [{"purchaseCommitment": {"amount": Decimal("12.50"), "currency": "EUR"}}]
    read_only_partner.reads(lineItems=lines)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.withheld_body is not None
    assert command.withheld_body["lineItems"][0]["purchaseCommitment"]["amount"] == 12.5


def test_a_connection_that_now_asks_wants_a_second_person(
    partner: Partner, ask: Ask, row: Subscription
) -> None:
    command = ask()
    Connection.objects.filter(pk=row.connection_id).update(mode="ask")
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.AWAITING_APPROVAL
    assert partner.calls == 0


def test_a_fault_in_the_portal_before_sending_is_told(
    partner: Partner, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ask()

    def broken(*_args: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr("orders.fresh._detail", broken)
    partner.reads()
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.FAILED
    assert command.error is not None
    assert command.error["kind"] == "internal"
    assert partner.patches == []


def test_a_fault_in_keeping_the_answer_does_not_hide_the_change(
    partner: Partner, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ask()

    def broken(*_args: object, **_named: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr("orders.fresh.upsert.upsert", broken)
    partner.reads()
    partner.writes(quantity=15)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED


def test_a_verb_that_this_release_does_not_know_is_not_sent(partner: Partner, ask: Ask) -> None:
    command = ask()
    Command.objects.filter(pk=command.pk).update(verb="subscription.of_tomorrow")
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.FAILED
    assert command.error is not None
    assert command.error["kind"] == "unknown_verb"
