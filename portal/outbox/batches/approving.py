"""The second person's word on a batch: it holds for all of its rows."""

from django.core.exceptions import PermissionDenied

from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import queue
from portal.outbox.approvals import telling as approvals
from portal.outbox.approvals.deciding import APPROVE
from portal.outbox.approvals.models import Outcome
from portal.outbox.batches import asking, moving, telling, waking
from portal.outbox.models import Batch

S = Batch.State


def may_decide(scope: Scope, batch: Batch) -> bool:
    """Whether this person is the second person: another one, with the right wherever its rows lie."""
    if scope.read_only or scope.user_id is None or scope.user_id == batch.actor_id:
        return False
    return scope.can(APPROVE) and all(scope.can(APPROVE, row) for row in asking.places_of(batch))


def approve(actor: Actor, scope: Scope, batch: Batch) -> None:
    """A second person lets all rows go out. Raises PermissionDenied for the one who asked."""
    _require(scope, batch)
    moving.move(batch, S.RUNNING, (S.AWAITING,), started_at=queue.ClockNow())
    _decide(actor, batch, Outcome.APPROVED)
    waking.feed(batch.pk)


def decline(actor: Actor, scope: Scope, batch: Batch) -> None:
    """A second person says no: it is cancelled and nothing more of it is sent."""
    _require(scope, batch)
    moving.move(batch, S.CANCELLED, (S.AWAITING,), finished_at=queue.ClockNow())
    _decide(actor, batch, Outcome.DECLINED)
    moving.stop(actor, batch)


def _decide(actor: Actor, batch: Batch, outcome: Outcome) -> None:
    approval = asking.close(batch, actor.user_id, outcome)
    if approval is not None:
        telling.decided(approval, outcome.value, actor)
        approvals.batch_decided(approval, outcome)


def _require(scope: Scope, batch: Batch) -> None:
    if not may_decide(scope, batch):
        raise PermissionDenied
