"""What people do with Commands, and how two of them behave on one target."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from kombu.exceptions import OperationalError

from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.outbox import commands, queries, queue, sweeping, tasks
from portal.outbox.models import Command
from portal.outbox.states import State
from portal.partnercenter.errors import InvalidInput, NoAnswer
from tests.outbox.conftest import Ask, Partner, events, lose_worker, make_due
from tests.people import Estate, make_person

OnCommit = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids that workers were woken for."""
    ids: list[int] = []
    monkeypatch.setattr(queue, "dispatch", lambda pk, wait=0, bulk=False: ids.append(pk))
    return ids


def as_person(user: User) -> tuple[Actor, Scope]:
    return Actor.for_user(user), Scope.for_user(user)


def test_a_double_click_makes_one_command(ask: Ask) -> None:
    first, second = ask(key="form-1"), ask(key="form-1")
    assert first.pk == second.pk
    assert Command.objects.count() == 1
    assert events(first) == ["requested"]


def test_a_repeated_difference_is_not_added_twice(ask: Ask) -> None:
    assert ask(key="form-1").after == ask(key="form-1").after == {"quantity": 15}


def test_a_key_belongs_to_one_request(ask: Ask, estate: Estate, bob: User) -> None:
    ask(key="form-1")
    with pytest.raises(commands.KeyReusedError):
        commands.earlier(
            Actor.for_user(bob), "subscription.suspend", estate.fabrikam_seats, "form-1"
        )


def test_two_people_may_use_the_same_key(ask: Ask, alice: User) -> None:
    assert ask(key="1").pk != ask(key="1", by=alice).pk


def test_the_second_waits_and_starts_from_what_the_first_will_leave(
    ask: Ask, partner: Partner
) -> None:
    first, second = ask(), ask()
    assert second.state == State.WAITING
    assert second.before["quantity"] == 15
    assert second.after == {"quantity": 20}
    tasks.deliver(second.pk)
    assert partner.calls == 0, "it waits"

    partner.reads()
    partner.writes(quantity=15)
    tasks.deliver(first.pk)
    second.refresh_from_db()
    assert second.state == State.QUEUED
    partner.reads(quantity=15)
    partner.writes(quantity=20)
    tasks.deliver(second.pk)
    second.refresh_from_db()
    assert second.state == State.SUCCEEDED


def test_a_doubt_holds_the_next_one_back(ask: Ask, partner: Partner) -> None:
    first, second = ask(), ask()
    partner.reads()
    partner.writes(NoAnswer("lost"))
    tasks.deliver(first.pk)
    sweeping.sweep()
    second.refresh_from_db()
    assert second.state == State.WAITING


def test_out_of_scope_is_404_without_the_right_403(
    ask: Ask, charlie: User, auditor: User, estate: Estate
) -> None:
    helper = make_person("helper", "billing", estate.connection, estate.fabrikam)
    for person, refusal in (
        (charlie, Http404),
        (auditor, PermissionDenied),
        (helper, PermissionDenied),
    ):
        with pytest.raises(refusal):
            ask(by=person)
    assert Command.objects.count() == 0


def test_in_the_mode_ask_a_second_person_decides(
    ask: Ask, row: Subscription, alice: User, bob: User, charlie: User, woken: list[int]
) -> None:
    Connection.objects.filter(pk=row.connection_id).update(mode="ask")
    row.connection.refresh_from_db()
    command = ask(by=alice)
    assert command.state == State.AWAITING_APPROVAL
    with pytest.raises(PermissionDenied):
        commands.approve(*as_person(alice), command)
    with pytest.raises(Http404):
        commands.approve(*as_person(charlie), command)
    with pytest.raises(PermissionDenied):
        commands.approve(*as_person(bob), command)
    boss = make_person("boss", "distributor-admin", row.connection)
    commands.approve(*as_person(boss), command)
    command.refresh_from_db()
    assert command.state == State.QUEUED
    assert command.approved_by == boss
    assert events(command) == ["requested", "approved"]


def test_an_approved_command_goes_out(
    ask: Ask, row: Subscription, alice: User, partner: Partner
) -> None:
    Connection.objects.filter(pk=row.connection_id).update(mode="ask")
    row.connection.refresh_from_db()
    command = ask()
    commands.approve(*as_person(alice), command)
    partner.reads()
    partner.writes(quantity=15)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED


def test_a_declined_command_is_never_sent(
    ask: Ask, row: Subscription, alice: User, partner: Partner
) -> None:
    Connection.objects.filter(pk=row.connection_id).update(mode="ask")
    row.connection.refresh_from_db()
    command = ask()
    commands.decline(*as_person(alice), command)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.CANCELLED
    assert partner.calls == 0


def test_cancelling_frees_the_target(ask: Ask, bob: User) -> None:
    first, second = ask(), ask()
    commands.cancel(*as_person(bob), first)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.CANCELLED, State.QUEUED)
    assert events(first) == ["requested", "cancelled"]


def test_what_has_left_cannot_be_cancelled(ask: Ask, bob: User) -> None:
    command = ask()
    assert queue.claim(command.pk) is not None
    with pytest.raises(commands.OvertakenError):
        commands.cancel(*as_person(bob), command)


def test_after_a_difference_a_person_sends_it_all_the_same(
    ask: Ask, bob: User, partner: Partner
) -> None:
    command = ask()
    partner.reads(quantity=12)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    commands.retry(*as_person(bob), command)
    partner.reads(quantity=12)
    partner.writes(quantity=15)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED
    assert events(command) == ["requested", "failed", "retried", "confirmed"]


def test_a_refused_command_tried_again_has_a_new_request_id(
    ask: Ask, bob: User, partner: Partner
) -> None:
    command = ask()
    partner.reads()
    partner.writes(InvalidInput(status=400, code="800095"))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    commands.retry(*as_person(bob), command)
    partner.reads()
    partner.writes(quantity=15)
    tasks.deliver(command.pk)
    assert partner.patches[0].request_id != partner.patches[1].request_id


def test_after_an_unexplained_doubt_a_new_try_has_a_new_request_id(
    ask: Ask, bob: User, partner: Partner
) -> None:
    command = ask()
    partner.reads()
    partner.writes(NoAnswer("lost"))
    tasks.deliver(command.pk)
    make_due(command)
    partner.reads(quantity=12)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    commands.retry(*as_person(bob), command)
    partner.reads(quantity=12)
    partner.writes(quantity=15)
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert command.state == State.SUCCEEDED
    assert partner.patches[0].request_id != partner.patches[1].request_id


def test_giving_up_ends_it_and_keeps_the_error(ask: Ask, bob: User, partner: Partner) -> None:
    command, after = ask(), ask()
    partner.reads()
    partner.writes(NoAnswer("lost"))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    commands.give_up(*as_person(bob), command)
    command.refresh_from_db()
    after.refresh_from_db()
    assert command.state == State.CANCELLED
    assert command.error is not None
    assert after.state == State.QUEUED
    make_due(command)
    tasks.deliver(command.pk)
    assert len(partner.patches) == 1


def test_only_who_may_settle_retries_or_gives_up(
    ask: Ask, partner: Partner, estate: Estate, charlie: User
) -> None:
    command = ask()
    partner.reads(InvalidInput(status=400))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    helper = make_person("helper", "helpdesk", estate.connection, estate.fabrikam)
    for act in (commands.retry, commands.give_up):
        with pytest.raises(PermissionDenied):
            act(*as_person(helper), command)
        with pytest.raises(Http404):
            act(*as_person(charlie), command)
    command.refresh_from_db()
    assert command.state == State.FAILED


def test_looking_again_at_a_doubt_is_at_once(
    ask: Ask,
    bob: User,
    partner: Partner,
    woken: list[int],
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    command = ask()
    partner.reads()
    partner.writes(NoAnswer("lost"))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        commands.retry(*as_person(bob), command)
    command.refresh_from_db()
    assert woken == [command.pk]
    assert command.state == State.IN_DOUBT
    assert command.not_before is None


def test_the_sweep_finds_what_a_lost_queue_left_behind(ask: Ask, woken: list[int]) -> None:
    command = ask()
    assert sweeping.sweep() == 0, "it has just been told"
    Command.objects.filter(pk=command.pk).update(dispatched_at="2020-01-01T00:00:00Z")
    assert sweeping.sweep() == 1
    assert woken == [command.pk]
    assert sweeping.sweep() == 0


def test_the_sweep_finds_a_fallen_worker(ask: Ask, woken: list[int]) -> None:
    command = ask()
    assert queue.claim(command.pk) is not None
    assert sweeping.sweep() == 0, "its lease holds"
    assert queue.claim(command.pk) is None
    lose_worker(command)
    assert sweeping.sweep() == 1
    assert queue.claim(command.pk) is not None


def test_the_sweep_queues_what_waited_for_a_settled_one(ask: Ask, woken: list[int]) -> None:
    first, second = ask(), ask()
    Command.objects.filter(pk=first.pk).update(state="cancelled", settled_at="2026-01-01T00:00:00Z")
    sweeping.sweep()
    second.refresh_from_db()
    assert second.state == State.QUEUED


def test_a_scheduled_one_goes_out_when_it_is_due(ask: Ask, woken: list[int]) -> None:
    command = ask()
    Command.objects.filter(pk=command.pk).update(
        state="scheduled", not_before="2090-01-01T00:00:00Z"
    )
    sweeping.sweep()
    command.refresh_from_db()
    assert command.state == State.SCHEDULED
    Command.objects.filter(pk=command.pk).update(not_before="2020-01-01T00:00:00Z")
    sweeping.sweep()
    command.refresh_from_db()
    assert command.state == State.QUEUED


def test_a_broker_that_is_away_does_not_lose_a_change(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: OnCommit
) -> None:
    def away(*_args: object, **_named: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr("portal.outbox.queue.current_app.send_task", away)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        command = ask()
    assert callbacks
    assert Command.objects.get(pk=command.pk).state == State.QUEUED


def test_the_target_shows_its_newest_open_or_failed_command(
    ask: Ask, partner: Partner, bob: User, charlie: User, row: Subscription
) -> None:
    first = ask()
    partner.reads(InvalidInput(status=400))
    tasks.deliver(first.pk)
    scope = Scope.for_user(bob)
    found = queries.live_for(scope, "subscription", row.pk)
    assert found is not None
    assert found.pk == first.pk
    assert queries.live_for(Scope.for_user(charlie), "subscription", row.pk) is None
    second = ask()
    found = queries.live_by_target(scope, "subscription", [row.pk])[row.pk]
    assert found.pk == second.pk


def test_counts_and_attention_keep_to_the_scope(
    ask: Ask, partner: Partner, bob: User, charlie: User
) -> None:
    command = ask()
    partner.reads()
    partner.writes(NoAnswer("lost"))
    tasks.deliver(command.pk)
    mine, other = Scope.for_user(bob), Scope.for_user(charlie)
    assert queries.counts(mine)["in_doubt"] == 1
    assert [found.pk for found in queries.attention(mine, 5)] == [command.pk]
    assert queries.counts(other)["in_doubt"] == 0
    assert queries.attention(other, 5) == []
    assert queries.of_customer(other, command.connection_id, command.customer_pc_id).count() == 0
