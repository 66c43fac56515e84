"""One Command on its way: sent once, whatever happens between the write and its answer."""

import uuid
from typing import Any

import pytest
from django.apps import apps

from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.notifications.models import Notification
from portal.outbox import commands, settling, tasks, wording
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command, CommandStep
from portal.outbox.states import State
from portal.partnercenter.errors import (
    Conflict,
    InvalidInput,
    NoAnswer,
    PreconditionFailed,
    QuantityNotAllowed,
    Throttled,
    TokenRefused,
    Unreachable,
    UpstreamUnavailable,
)
from tests.outbox.conftest import Ask, Partner, events, lose_worker, make_due, wire


class KilledError(BaseException):
    """kill -9: nothing after it runs."""


def test_the_whole_resource_is_sent_with_its_etag_and_the_answer_is_kept(
    partner: Partner, ask: Ask, row: Subscription
) -> None:
    command = ask()
    partner.reads()
    partner.writes(body=wire(row, quantity=15), quantity=15)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    row.refresh_from_db()
    step = CommandStep.objects.get(command=command)
    assert command.state == State.SUCCEEDED
    assert command.result == {"quantity": 15}
    assert row.quantity == 15
    assert partner.patches[0].etag == "etag-1"
    assert partner.patches[0].request_id == str(step.request_id)
    assert step.state == "succeeded"
    assert step.correlation_id == "stub-correlation"
    assert events(command) == ["requested", "confirmed"]


def test_a_settled_command_is_not_sent_again(partner: Partner, ask: Ask) -> None:
    command = ask()
    partner.reads()
    partner.writes(quantity=15)
    tasks.deliver(command.pk)
    tasks.deliver(command.pk)
    assert len(partner.patches) == 1


def test_history_names_the_command_and_the_person(
    partner: Partner, ask: Ask, row: Subscription, bob: User
) -> None:
    command = ask()
    partner.reads()
    partner.writes(quantity=15)
    tasks.deliver(command.pk)
    past = apps.get_model("orders", "SubscriptionEvent").objects.latest("pgh_id")
    assert past.quantity == 10
    assert past.pgh_context == {"user": bob.pk, "command": command.pk}


def test_a_lost_answer_is_in_doubt_until_a_read_finds_it_applied(
    partner: Partner, ask: Ask, row: Subscription
) -> None:
    command = ask()
    partner.reads()
    partner.writes(NoAnswer("timed out"))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.IN_DOUBT
    assert command.error is not None
    assert command.error["kind"] == "no_answer"
    assert events(command) == ["requested", "in_doubt"]

    make_due(command)
    partner.reads(quantity=15)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    row.refresh_from_db()
    assert command.state == State.SUCCEEDED
    assert command.error is None
    assert row.quantity == 15
    assert len(partner.patches) == 1
    assert events(command) == ["requested", "in_doubt", "confirmed"]


def test_a_lost_write_goes_out_again_under_the_same_request_id(partner: Partner, ask: Ask) -> None:
    command = ask()
    partner.reads()
    partner.writes(NoAnswer("reset"))
    tasks.deliver(command.pk)
    make_due(command)
    partner.reads()  # settling: not applied
    partner.reads()  # sending again
    partner.writes(quantity=15)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED
    assert len(partner.patches) == 2
    assert partner.patches[0].request_id == partner.patches[1].request_id


def test_a_read_that_fails_leaves_the_doubt(partner: Partner, ask: Ask) -> None:
    command = ask()
    partner.reads()
    partner.writes(UpstreamUnavailable(status=503))
    tasks.deliver(command.pk)
    for error in (Unreachable("down"), TokenRefused("no"), InvalidInput(status=400)):
        make_due(command)
        partner.reads(error)
        tasks.deliver(command.pk)
        command.refresh_from_db()
        assert command.state == State.IN_DOUBT
        assert command.not_before is not None
    assert events(command) == ["requested", "in_doubt"]


def test_a_doubt_that_a_read_cannot_explain_goes_to_a_person(
    partner: Partner, ask: Ask, row: Subscription
) -> None:
    command = ask()
    partner.reads()
    partner.writes(NoAnswer("timed out"))
    tasks.deliver(command.pk)
    make_due(command)
    partner.reads(quantity=12)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    row.refresh_from_db()
    assert command.state == State.FAILED
    assert command.error is not None
    assert command.error["kind"] == "no_answer"
    assert command.error["difference"] == {"quantity": [10, 12]}
    assert row.quantity == 12
    told = Notification.objects.get()
    assert (told.kind, told.user) == ("change.failed", command.actor)
    assert told.title.startswith("Failed: Change seats, ")
    assert len(partner.patches) == 1


@pytest.mark.parametrize("applied", [True, False])
def test_a_killed_worker_leaves_one_change(
    partner: Partner, ask: Ask, row: Subscription, monkeypatch: pytest.MonkeyPatch, applied: bool
) -> None:
    """Between the write and the local commit: the next worker reads before it does anything else."""
    command = ask()
    partner.reads()
    partner.writes(quantity=15)
    with monkeypatch.context() as patched:

        def killed(*_args: object) -> None:
            raise KilledError

        patched.setattr(settling, "settle", killed)
        with pytest.raises(KilledError):
            tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SENDING
    tasks.deliver(command.pk)
    assert len(partner.patches) == 1, "the lease still holds"

    lose_worker(command)
    partner.reads(quantity=15 if applied else 10)
    if not applied:
        partner.reads()
        partner.writes(quantity=15)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED
    assert len({patch.request_id for patch in partner.patches}) == 1
    assert events(command) == ["requested", "confirmed"]


def test_a_worker_that_lost_its_lease_before_sending_sends_nothing(
    partner: Partner, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ask()
    partner.reads()
    read = Attempt.read

    def read_and_be_overtaken(self: Attempt, operation: Any, **arguments: Any) -> Any:
        reply = read(self, operation, **arguments)
        Command.objects.filter(pk=command.pk).update(lease_owner=uuid.uuid4())
        return reply

    monkeypatch.setattr(Attempt, "read", read_and_be_overtaken)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SENDING
    assert partner.patches == []


def test_a_changed_resource_is_not_overwritten(
    partner: Partner, ask: Ask, row: Subscription
) -> None:
    command = ask()
    partner.reads(quantity=12)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    row.refresh_from_db()
    assert command.state == State.FAILED
    assert command.error is not None
    assert command.error["kind"] == "changed"
    assert command.error["difference"] == {"quantity": [10, 12]}
    assert row.quantity == 12, "the page shows what the read found"
    assert partner.patches == []


def test_a_schedule_that_nobody_saw_is_not_dropped(partner: Partner, ask: Ask) -> None:
    command = ask()
    partner.reads(scheduledNextTermInstructions={"quantity": 3, "product": {"termDuration": "P1M"}})
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.FAILED
    assert command.error is not None
    assert list(command.error["difference"]) == ["scheduled_change"]
    assert "it offers to put the schedule back" in wording.problem(command).way
    assert partner.patches == []


def test_a_second_thought_does_not_drop_a_schedule_either(
    partner: Partner, ask: Ask, bob: User
) -> None:
    command = ask()
    schedule = {"quantity": 3, "product": {"termDuration": "P1M"}}
    for _look in range(2):
        partner.reads(scheduledNextTermInstructions=schedule)
        tasks.deliver(command.pk)
        command.refresh_from_db()
        assert command.state == State.FAILED
        assert partner.patches == []
        commands.retry(Actor(bob.pk, bob.email), Scope.for_user(bob), command)
    partner.reads()
    partner.writes(quantity=15)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED, "the schedule is gone: nothing stands against it"


def test_renewing_as_before_is_no_schedule(partner: Partner, ask: Ask) -> None:
    command = ask()
    actions = [{"scheduleType": "TermEnd", "actionType": "RenewToNewTerm"}]
    partner.reads(scheduledActions=actions)
    partner.writes(quantity=15, scheduledActions=actions)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED


def test_a_stale_etag_is_read_and_compared_again(partner: Partner, ask: Ask) -> None:
    command = ask()
    partner.reads()
    partner.writes(PreconditionFailed("stale", status=412))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.QUEUED
    make_due(command)
    partner.reads(quantity=11)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.FAILED
    assert command.error is not None
    assert command.error["difference"] == {"quantity": [10, 11]}
    assert len(partner.patches) == 1


@pytest.mark.parametrize(
    ("error", "least"),
    [
        (Throttled(status=429, retry_after=120.0), 119),
        (Conflict(status=409, code="900278"), 59),
        (Unreachable("down"), 3),
    ],
)
def test_passing_trouble_waits_and_goes_out_later(
    partner: Partner, ask: Ask, error: Exception, least: int
) -> None:
    command = ask()
    partner.reads()
    partner.writes(error)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.QUEUED
    assert command.not_before is not None
    assert (command.not_before - command.created_at).total_seconds() >= least
    tasks.deliver(command.pk)
    assert len(partner.patches) == 1, "not before its time"
    make_due(command)
    partner.reads()
    partner.writes(quantity=15)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED


def test_an_answer_spends_the_request_id(partner: Partner, ask: Ask) -> None:
    command = ask()
    for answer in (Throttled(status=429), None):
        make_due(command)
        partner.reads()
        partner.writes(answer, quantity=15)
        tasks.deliver(command.pk)
    first, second = partner.patches
    assert first.request_id != second.request_id


def test_what_never_left_keeps_its_request_id_and_no_date(partner: Partner, ask: Ask) -> None:
    command = ask()
    partner.reads()
    partner.writes(Unreachable("no route"))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.sent_at is None
    assert CommandStep.objects.get(command=command).sent_at is None


def test_trouble_that_does_not_pass_goes_to_a_person(partner: Partner, ask: Ask) -> None:
    command = ask()
    Command.objects.filter(pk=command.pk).update(attempts=7)
    partner.reads(UpstreamUnavailable(status=503, code="800003"))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.FAILED
    assert command.error is not None
    assert command.error["kind"] == "exhausted"
    assert events(command) == ["requested", "failed"]


def test_a_refusal_keeps_code_and_correlation_id(
    partner: Partner, ask: Ask, row: Subscription
) -> None:
    command = ask()
    partner.reads()
    partner.writes(QuantityNotAllowed("No.", status=400, code="900214", correlation_id="corr-7"))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    row.refresh_from_db()
    assert command.state == State.FAILED
    assert command.error is not None
    assert command.error["code"] == "900214"
    assert command.error["correlation_id"] == "corr-7"
    assert "no longer be taken off" in command.error_line
    assert row.quantity == 10


def test_202_is_looked_after_and_never_sent_again(partner: Partner, ask: Ask) -> None:
    command = ask()
    partner.reads()
    partner.writes({})
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SENDING
    make_due(command)
    partner.reads()
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SENDING
    make_due(command)
    partner.reads(quantity=15)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED
    assert len(partner.patches) == 1


def test_an_answer_without_the_lots_is_read_again(
    partner: Partner, ask: Ask, row: Subscription
) -> None:
    command = ask()
    partner.reads()
    lean = wire(row, quantity=15)
    del lean["refundableQuantity"]
    partner.writes(lean)
    lots = {"quantity": 5, "allowedUntilDateTime": "2030-01-01T00:00:00Z"}
    partner.reads(quantity=15, refundableQuantity={"totalQuantity": 5, "details": [lots]})
    tasks.deliver(command.pk)
    row.refresh_from_db()
    assert row.refundable_total == 5
