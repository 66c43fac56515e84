"""What a person does with a batch: start, pause, resume, cancel the rest, try the failed again.

Its own person may, and whoever may settle changes where all of its rows lie.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands, queue
from portal.outbox.approvals.models import Outcome
from portal.outbox.batches import asking, queries, telling, waking
from portal.outbox.batches.moving import move, stop
from portal.outbox.commands import OvertakenError
from portal.outbox.models import Batch, BatchRow
from portal.outbox.states import State

S = Batch.State


def may_steer(scope: Scope, batch: Batch) -> bool:
    """Whether this person may move the batch on or stop it."""
    if scope.read_only:
        return False
    return scope.user_id == batch.actor_id or settles(scope, batch)


def settles(scope: Scope, batch: Batch) -> bool:
    """Whether this person may settle changes everywhere in the batch."""
    return all(scope.can(commands.SETTLE, row) for row in asking.places_of(batch))


def start(actor: Actor, scope: Scope, batch: Batch, *, seen: int, reason: str = "") -> None:
    """Confirm: the rows that can be done are asked. ``seen`` is how many the person was shown.

    Where a rule or the mode "ask" wants a second person for any row, the whole batch waits for one.
    Only the one who prepared it, whose rights each row is asked with.
    """
    _require(scope, batch)
    if scope.user_id != batch.actor_id:
        raise PermissionDenied
    ready = batch.rows.filter(state=BatchRow.State.READY).count()
    if not ready or ready != seen:
        raise OvertakenError(_("The rows that can be done have changed. Look at them again."))
    told = reason or batch.reason
    if why := asking.need(scope, batch):
        move(batch, S.AWAITING, (S.READY,), reason=told)
        asking.ask(batch, why)
        return
    move(batch, S.RUNNING, (S.READY,), started_at=queue.ClockNow(), reason=told)
    telling.record(batch, "started", actor, ready)
    waking.feed(batch.pk)


def pause(actor: Actor, scope: Scope, batch: Batch) -> None:
    """Stop asking, and hold what has not been sent. What has left is seen through."""
    _require(scope, batch)
    move(batch, S.PAUSED, (S.RUNNING,))
    telling.record(batch, "paused", actor)


def resume(actor: Actor, scope: Scope, batch: Batch) -> None:
    """Go on."""
    _require(scope, batch)
    move(batch, S.RUNNING, (S.PAUSED,))
    telling.record(batch, "resumed", actor)
    for pk in batch.commands.filter(state=State.QUEUED).values_list("pk", flat=True):
        transaction.on_commit(lambda pk=pk: queue.dispatch(pk, bulk=True))  # type: ignore[misc] # bound now
    waking.feed(batch.pk)


def cancel(actor: Actor, scope: Scope, batch: Batch) -> None:
    """Cancel the rest: rows not yet asked are skipped, Commands that have not left are taken back."""
    _require(scope, batch)
    now = queue.ClockNow()
    move(batch, S.CANCELLED, (S.DRAFT, S.READY, S.AWAITING, S.RUNNING, S.PAUSED), finished_at=now)
    asking.close(batch, None, Outcome.WITHDRAWN)
    stop(actor, batch)
    telling.record(batch, "cancelled", actor)


def retry(actor: Actor, scope: Scope, batch: Batch) -> int:
    """Try the failed again; how many. Those that were found changed want a look of their own."""
    _require(scope, batch)
    if not settles(scope, batch):
        raise PermissionDenied
    failed = retryable(batch)
    move(batch, S.RUNNING, (S.RUNNING, S.PAUSED, S.FINISHED, S.CANCELLED), finished_at=None)
    count = failed.update(state=BatchRow.State.READY)
    if not count:
        raise OvertakenError(_("No failed row is left that can be tried again."))
    telling.record(batch, "retried", actor, count)
    waking.feed(batch.pk)
    return count


def retryable(batch: Batch) -> QuerySet[BatchRow]:
    """Failed rows that can be tried again without a look at each."""
    changed = Q(command__error__kind="changed")
    failed = batch.rows.filter(queries.GROUPS["failed"]).exclude(changed).values("pk")
    return BatchRow.objects.filter(pk__in=failed)


def _require(scope: Scope, batch: Batch) -> None:
    if not may_steer(scope, batch):
        raise PermissionDenied
