"""A seat change through a real worker, with what goes wrong on the way."""

from collections.abc import Callable

import pytest
from django.db import transaction

from orders import actions
from orders.models import Subscription
from orders.quantities import Quantity
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.connections.models import Connection
from portal.outbox import tasks
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from tests.people import make_person
from tests.portal_processes import Emulator, Worker, settled, until

pytestmark = pytest.mark.xdist_group("flows")


def ask_for_five_more(connection: Connection) -> tuple[Subscription, Command]:
    """By a person of their own, for a subscription whose seats no other test changes."""
    taken = Command.objects.filter(verb=actions.CHANGE_QUANTITY).values("target_id")
    user = make_person(f"seats-{taken.count()}", "administrator")
    rows = Subscription.objects.filter(
        connection=connection,
        status="active",
        unit_type="Licenses",
        scheduled_change__isnull=True,
        is_trial=False,
        quantity__lt=100,
        quantity__gt=1,
    )
    row = rows.exclude(pk__in=taken).order_by("pk")[0]
    with transaction.atomic():
        command = actions.change_quantity(
            Actor(user_id=user.pk, email=user.email, via="command"),
            Scope.for_user(user),
            row,
            Quantity(5, relative=True),
            Asked(),
        )
    return row, command


def upstream(emulator: Emulator, row: Subscription) -> int:
    return emulator.seats(row.customer_pc_id, row.pc_id)


def test_a_change_reaches_partner_center_once_and_comes_back(
    portal: Connection, emulator: Emulator, start_worker: Callable[[], Worker]
) -> None:
    start_worker()
    row, command = ask_for_five_more(portal)
    until(lambda: settled(command), "the change to be confirmed")
    before = row.quantity
    row.refresh_from_db()
    assert command.state == "succeeded"
    assert row.quantity == before + 5 == upstream(emulator, row)
    assert len(emulator.writes()) == 1
    assert [
        entry.kind.rpartition(".")[2]
        for entry in Entry.objects.filter(command_id=command.pk).order_by("pk")
    ] == [
        "requested",
        "confirmed",
    ]


def test_a_lost_reply_leaves_one_change_and_a_true_state(
    portal: Connection, emulator: Emulator, start_worker: Callable[[], Worker]
) -> None:
    emulator.post(
        "faults",
        rules=[{"match": {"method": "PATCH"}, "action": {"kind": "lost_reply"}, "times": 1}],
    )
    start_worker()
    row, command = ask_for_five_more(portal)
    until(lambda: settled(command), "the lost reply to be settled by a read")
    before = row.quantity
    row.refresh_from_db()
    assert command.state == "succeeded"
    assert row.quantity == before + 5 == upstream(emulator, row)
    assert len({write["request_id"] for write in emulator.writes()}) == 1


def test_a_worker_killed_between_the_write_and_the_commit_leaves_one_change(
    portal: Connection, emulator: Emulator, start_worker: Callable[[], Worker]
) -> None:
    emulator.post(
        "faults",
        rules=[
            {
                "match": {"method": "PATCH"},
                "action": {"kind": "slow_reply", "seconds": 4},
                "times": 1,
            }
        ],
    )
    worker = start_worker()
    row, command = ask_for_five_more(portal)
    until(lambda: upstream(emulator, row) == (row.quantity or 0) + 5, "the write to arrive")
    command.refresh_from_db()
    worker.kill()
    assert command.state == "sending"
    Command.objects.filter(pk=command.pk).update(lease_until="2020-01-01T00:00:00Z")
    start_worker()
    until(lambda: bool(tasks.sweep()) or settled(command), "the sweep to find the fallen command")
    until(lambda: settled(command), "the change to be settled")
    until(lambda: bool(emulator.writes()), "the slow reply to be written down")
    before = row.quantity
    row.refresh_from_db()
    assert command.state == "succeeded"
    assert row.quantity == before + 5 == upstream(emulator, row)
    assert len({write["request_id"] for write in emulator.writes()}) == 1


def test_read_only_sends_nothing_and_keeps_the_body(
    portal: Connection, emulator: Emulator, start_worker: Callable[[], Worker]
) -> None:
    Connection.objects.filter(pk=portal.pk).update(mode="read_only")
    start_worker()
    row, command = ask_for_five_more(Connection.objects.get(pk=portal.pk))
    until(lambda: settled(command), "the command to be withheld")
    assert command.state == "withheld"
    assert command.withheld_body["quantity"] == (row.quantity or 0) + 5
    assert emulator.writes() == []
    assert upstream(emulator, row) == row.quantity
