"""Two at once, on connections of their own: what one transaction alone cannot show."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection, transaction

from orders import actions
from orders.models import Subscription
from orders.quantities import Quantity
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.outbox import queue, sweeping, tasks
from portal.outbox.attempt import Attempt
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.outbox.states import State
from tests.outbox.conftest import Ask
from tests.people import make_estate, make_person

T = TypeVar("T")
TIMES = 5


@pytest.fixture
def asked(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[User, Subscription]:
    monkeypatch.setattr(queue, "dispatch", lambda pk, wait=0, *, bulk=False: None)
    estate = make_estate()
    bob = make_person("bob", "sales", estate.connection, estate.fabrikam)
    return bob, estate.fabrikam_seats


def together(work: Callable[[int], T]) -> list[T]:
    """Run ``work`` in two threads that start at the same moment."""
    gate = Barrier(2)

    def run(number: int) -> T:
        try:
            connection.ensure_connection()
            gate.wait(5)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


def submit(asked: tuple[User, Subscription], key: str) -> int:
    bob, row = asked
    with transaction.atomic():
        command = actions.change_quantity(
            Actor.for_user(bob),
            Scope.for_user(bob),
            row,
            Quantity(5, relative=True),
            Asked("", key),
        )
    return command.pk


def _submit_as(asked: tuple[User, Subscription], key: str, _number: int) -> int:
    return submit(asked, key)


def test_a_double_click_at_the_same_moment_makes_one_command(
    asked: tuple[User, Subscription],
) -> None:
    for turn in range(TIMES):
        first, second = together(partial(_submit_as, asked, f"form-{turn}"))
        assert first == second
    assert Command.objects.count() == TIMES
    assert Entry.objects.filter(kind__endswith=".requested").count() == TIMES


def test_two_commands_at_the_same_moment_stand_in_line(asked: tuple[User, Subscription]) -> None:
    together(lambda number: submit(asked, f"form-{number}"))
    assert sorted(Command.objects.values_list("state", flat=True)) == ["queued", "waiting"]


def test_one_of_two_workers_gets_the_command(asked: tuple[User, Subscription]) -> None:
    pk = submit(asked, "")
    for _turn in range(TIMES):
        claims = together(lambda _n: queue.claim(pk))
        assert [claim is None for claim in claims].count(True) == 1
        Command.objects.filter(pk=pk).update(lease_until="2020-01-01T00:00:00Z")


def test_two_sweeps_promote_one(asked: tuple[User, Subscription]) -> None:
    first, _second, _third = (submit(asked, f"form-{number}") for number in range(3))
    Command.objects.filter(pk=first).update(state="cancelled", settled_at="2026-01-01T00:00:00Z")
    together(lambda _n: sweeping.sweep())
    states = sorted(Command.objects.values_list("state", flat=True))
    assert states == ["cancelled", "queued", "waiting"]


def test_a_worker_that_was_held_up_and_overtaken_does_not_even_read(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, asked = ask(), []

    def is_new(_held: queue.Claim) -> bool:
        Command.objects.filter(pk=command.pk).update(lease_owner=uuid.uuid4())
        return False

    monkeypatch.setattr(queue.Claim, "is_new", property(is_new))
    monkeypatch.setattr(Attempt, "_call", lambda _self, operation, **_: asked.append(operation))
    tasks.deliver(command.pk)
    command.refresh_from_db()
    assert (command.state, asked) == (State.SENDING, [])
