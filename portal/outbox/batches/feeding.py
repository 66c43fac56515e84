"""Rows become Commands in portions, so that no batch ever fills the queue.

A row and its Command are written in one transaction, under the lock of the batch: whoever is killed
leaves either both or neither, and whoever comes next goes on with the rows that are left.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import translation

from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands, news, queue
from portal.outbox.batches import asking, checking, registry, telling
from portal.outbox.batches.registry import Plan
from portal.outbox.models import Batch, BatchRow, Command
from portal.outbox.states import OPEN, State
from portal.ui.sentences import Sentence

PORTION = 20
"""Commands of one batch that are queued or being sent at a time."""
PORTIONS = 50
"""How many portions one task asks at most, where none has to wait for a worker (rows that are refused)."""
BUSY = (State.QUEUED, State.SENDING)


def feed(batch_id: int) -> None:
    """Ask the next rows of a running batch; finish it when nothing is left. Safe at any time."""
    for _portion in range(PORTIONS):
        if not _portion_of(batch_id):
            return


def top_up(batch_id: int) -> None:
    """The same after one row has settled: only when half of the portion is done, or all of it."""
    if 2 * _busy(batch_id) <= PORTION:
        feed(batch_id)


def _busy(batch_id: int) -> int:
    return Command.objects.filter(batch=batch_id, state__in=BUSY).count()


def _portion_of(batch_id: int) -> int:
    """How many rows were taken; 0 if there was no room, no row, or another worker at it."""
    with transaction.atomic():
        running = Batch.objects.filter(pk=batch_id, state=Batch.State.RUNNING)
        # The lock is on the batch alone: the person behind it signs in meanwhile.
        batch = running.select_for_update(skip_locked=True, of=("self",)).first()
        room = PORTION - _busy(batch_id)
        if batch is None or room <= 0:
            return 0
        waiting = batch.rows.filter(state=BatchRow.State.READY).order_by("position")
        rows = list(waiting.select_related("command")[:room])
        if not rows:
            _finish(batch)
            return 0
        scope = Scope.for_user(batch.actor)
        if any(row.command is None for row in rows) and asking.hold(batch, scope):
            return 0
        with translation.override(batch.actor.language or translation.get_language()):
            _ask_all(batch, scope, rows)
        return len(rows)


def _ask_all(batch: Batch, scope: Scope, rows: list[BatchRow]) -> None:
    actor = Actor.for_user(batch.actor)
    fresh = [row for row in rows if row.command is None]
    targets = registry.get(batch.verb).targets(scope, [row.target_id for row in fresh])
    for row, plan in zip(fresh, checking.plans(batch, scope, fresh), strict=True):
        try:
            _as_checked(row, plan)
            row.command = _ask(batch, row, actor, scope, targets)
            row.state = BatchRow.State.ASKED
        except RefusedError as error:
            checking.note(row, error)
    for row in rows:
        if row not in fresh and row.command is not None:
            commands.reopen(actor, row.command)
            row.state = BatchRow.State.ASKED
    BatchRow.objects.bulk_update(rows, ["state", "command", "problem"])


def _as_checked(row: BatchRow, found: Plan | RefusedError) -> None:
    """The person confirmed what the dry run showed, and nothing else."""
    if isinstance(found, RefusedError):
        raise found
    now = BatchRow()
    checking.note(now, found)
    if (now.before, now.after) != (row.before, row.after):
        raise RefusedError("changed_meanwhile", Sentence("batch.changed"))


def _ask(
    batch: Batch, row: BatchRow, actor: Actor, scope: Scope, targets: registry.Targets
) -> Command:
    asked = commands.Asked(batch.reason, f"batch-{batch.pk}-{row.pk}", batch.pk)
    parameters = batch.parameters | row.parameters
    try:
        with transaction.atomic():
            return registry.get(batch.verb).ask(
                actor, scope, targets[row.target_id], parameters, asked
            )
    except (Http404, PermissionDenied) as error:
        raise RefusedError("forbidden", Sentence("batch.forbidden")) from error
    except registry.FAULTS as error:
        raise checking.fault(row, error) from error


def _finish(batch: Batch) -> None:
    """Finished once every row has an outcome, good or bad."""
    rows = batch.rows.filter(command__state__in=OPEN)
    if rows.exists():
        return
    batch.state, batch.finished_at = Batch.State.FINISHED, queue.ClockNow()
    batch.save(update_fields=["state", "finished_at"])
    telling.record(batch, "finished", Actor.for_user(batch.actor), batch.commands.count())
    news.finished(batch)


def at_work() -> list[int]:
    """Running batches with something left to ask or to finish, for the sweep."""
    ready = BatchRow.objects.filter(batch=OuterRef("pk"), state=BatchRow.State.READY)
    under_way = Command.objects.filter(batch=OuterRef("pk"), state__in=OPEN)
    running = Batch.objects.filter(state=Batch.State.RUNNING)
    found = running.filter(Exists(ready) | ~Exists(under_way))
    return list(found.order_by("pk").values_list("pk", flat=True)[:100])


def unchecked() -> list[int]:
    """Batches whose dry run nobody is at."""
    rows = Batch.objects.filter(state=Batch.State.DRAFT).exclude(lease_until__gt=queue.ClockNow())
    return list(rows.order_by("pk").values_list("pk", flat=True)[:100])
