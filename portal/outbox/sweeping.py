"""The sweep: everything a lost message, a lost worker or a lost moment leaves behind is found here."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from portal.outbox import chains, queue
from portal.outbox.approvals import asking
from portal.outbox.batches import asking as asking_of_batches
from portal.outbox.batches import feeding, waking
from portal.outbox.models import Command
from portal.outbox.states import State

# A due Command that nobody was told about for so long is told again.
UNSENT = dt.timedelta(seconds=30)
LIMIT = 500


def sweep() -> int:
    """Queue what has become due, queue what waited for a settled one, wake workers; how many woken."""
    for command in _scheduled():
        with transaction.atomic():
            among = (State.SCHEDULED,)
            if queue.move(command.pk, State.WAITING, among=among, not_before=None):
                queue.promote(command.target_type, command.target_id)
    for target_type, target_id in queue.waiting_targets(LIMIT):
        with transaction.atomic():
            queue.promote(target_type, target_id)
    asking.sweep()
    asking_of_batches.sweep()
    chains.sweep()
    for batch in feeding.unchecked():
        waking.check(batch)
    for batch in feeding.at_work():
        waking.feed(batch)
    lost = _unattended()
    for command_id, batch_id in lost:
        queue.dispatch(command_id, bulk=batch_id is not None)
    return len(lost)


def _scheduled() -> list[Command]:
    due = Command.objects.filter(state=State.SCHEDULED, not_before__lte=queue.ClockNow())
    return list(due.order_by("not_before", "pk")[:LIMIT])


def _unattended() -> list[tuple[int, int | None]]:
    """Due Commands without a worker whose last wake-up is too long ago; marked as woken now.

    Single changes come before the rows of batches.
    """
    told = Coalesce("dispatched_at", "created_at")
    rows = Command.objects.annotate(told=told).filter(queue.due())
    silent = Q(told__lt=queue.ClockNow() - UNSENT) | Q(lease_until__isnull=False)
    found = rows.filter(silent).order_by(F("batch").asc(nulls_first=True), "pk")
    lost: list[tuple[int, int | None]] = list(found.values_list("pk", "batch_id")[:LIMIT])
    Command.objects.filter(pk__in=[pk for pk, _batch in lost]).update(
        dispatched_at=queue.ClockNow()
    )
    return lost
