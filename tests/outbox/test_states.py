"""The state machine: no way leads outside the table, and nothing is both settled and undecided."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.outbox import queue
from portal.outbox.models import Command
from portal.outbox.states import LIVE, OPEN, SETTLED, TRANSITIONS, State, sources
from tests.outbox.conftest import Ask

FINAL = {State.SUCCEEDED, State.CANCELLED, State.WITHHELD}
# What a row needs beside its state.
EXTRAS: dict[State, dict[str, Any]] = {
    State.WITHHELD: {"withheld_body": {}},
    State.FAILED: {"error": {"kind": "refused"}},
}


def test_every_state_is_open_or_settled_and_has_its_row() -> None:
    assert set(OPEN) | set(SETTLED) == set(State)
    assert not set(OPEN) & set(SETTLED)
    assert set(TRANSITIONS) == set(State)
    assert {state for state, targets in TRANSITIONS.items() if not targets} == FINAL


def test_every_state_can_be_reached_and_every_open_one_left() -> None:
    first = {State.WAITING, State.SCHEDULED, State.AWAITING_APPROVAL}
    reached = set(first)
    while grown := {t for s in reached for t in TRANSITIONS[s]} - reached:
        reached |= grown
    assert reached == set(State)
    assert all(TRANSITIONS[state] for state in OPEN)


def test_a_move_outside_the_table_is_a_mistake_in_the_code() -> None:
    with pytest.raises(ValueError, match="may not become"):
        sources(State.QUEUED, [State.SUCCEEDED])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wishes=st.lists(st.tuples(st.sampled_from(list(State)), st.booleans()), max_size=12))
def test_any_sequence_of_moves_keeps_to_the_table(
    ask: Ask, wishes: list[tuple[State, bool]]
) -> None:
    """Whatever is tried in whatever order, by the owner of the lease or by somebody else."""
    with transaction.atomic():
        command = ask()
        state = State(command.state)
        owner = uuid.uuid4()
        for wish, as_owner in wishes:
            Command.objects.filter(pk=command.pk).update(lease_owner=owner)
            moved = queue.move(
                command.pk,
                wish,
                among=sources(wish),
                owner=owner if as_owner else uuid.uuid4(),
                **EXTRAS.get(wish, {}),
            )
            command.refresh_from_db()
            assert moved == (as_owner and wish in TRANSITIONS[state])
            state = wish if moved else state
            assert command.state == state
            assert (command.settled_at is not None) == (state in SETTLED)
            assert state == State.SENDING or not moved or command.lease_owner is None
        transaction.set_rollback(True)


def test_the_database_refuses_a_second_live_command_of_a_target(ask: Ask) -> None:
    first, second = ask(), ask()
    assert [first.state, second.state] == [State.QUEUED, State.WAITING]
    for state in LIVE:
        with pytest.raises(IntegrityError, match="one_live_per_target"), transaction.atomic():
            Command.objects.filter(pk=second.pk).update(state=state)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "sent"},
        {"state": "succeeded"},
        {"settled_at": "2026-01-01T00:00:00Z"},
        {"state": "withheld", "settled_at": "2026-01-01T00:00:00Z"},
        {"state": "failed", "settled_at": "2026-01-01T00:00:00Z"},
    ],
)
def test_the_database_refuses_half_a_truth(ask: Ask, wrong: dict[str, str]) -> None:
    command = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Command.objects.filter(pk=command.pk).update(**wrong)
