"""A batch waits as one request for a second person: asked for, reminded of, expired.

Nothing of it is asked before: its rows become Commands only once it was approved.
"""

from django.db.models import Count, Q, Sum
from django.db.models.functions import Abs, Coalesce
from django.utils import timezone

from portal.access.models import Membership, User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import queue
from portal.outbox.approvals import deciding, waiting
from portal.outbox.approvals import telling as approvals
from portal.outbox.approvals.asking import APPROVERS
from portal.outbox.approvals.deciding import Need
from portal.outbox.approvals.models import BatchApproval, Outcome
from portal.outbox.batches import moving, telling
from portal.outbox.models import Batch, BatchRow

S = Batch.State


def need(scope: Scope, batch: Batch) -> Need | None:
    """Why the rows that can be done wait for a second person, or None. ``scope`` is that of who asks."""
    rows = batch.rows.filter(state=BatchRow.State.READY, command=None)
    return deciding.needed_by_rows(scope, batch, rows)


def is_approved(batch: Batch) -> bool:
    """Whether a second person has let all of its rows go."""
    return BatchApproval.objects.filter(batch=batch, outcome=Outcome.APPROVED).exists()


def ask(batch: Batch, why: Need) -> BatchApproval:
    """Keep that the batch waits, and tell those who may decide, once for all of its rows."""
    approval, _created = BatchApproval.objects.update_or_create(
        batch=batch, defaults=waiting.begun(why, batch.actor_id) | _amounts(batch)
    )
    telling.decided(approval, "held", Actor.for_user(batch.actor))
    approvals.ask_batch(approval, approvers(batch))
    return approval


def hold(batch: Batch, scope: Scope) -> bool:
    """Let a running batch wait if since its start a rule or a connection's mode wants a second person."""
    if is_approved(batch):
        return False
    why = need(scope, batch)
    if why is None or not moving.moved(batch, S.AWAITING, (S.RUNNING,)):
        return False
    ask(batch, why)
    return True


def close(batch: Batch, user_id: int | None, outcome: Outcome) -> BatchApproval | None:
    """Note who decided. The database refuses the one who asked."""
    rows = BatchApproval.objects.filter(batch=batch, outcome=Outcome.PENDING)
    if not rows.update(outcome=outcome, decided_by_id=user_id, decided_at=timezone.now()):
        return None
    return BatchApproval.objects.select_related("rule", "batch__actor").get(batch=batch)


def approvers(batch: Batch) -> list[User]:
    """Everybody who may let the batch go out: the right wherever its rows lie, and not who asked."""
    held = Membership.objects.filter(role__in=APPROVERS).exclude(user=batch.actor_id)
    users = User.objects.filter(pk__in=held.values("user"), is_active=True)
    scopes = [(user, Scope.for_user(user)) for user in users.prefetch_related("memberships")]
    places = places_of(batch)
    return [
        user for user, scope in scopes if all(scope.can(deciding.APPROVE, row) for row in places)
    ]


def places_of(batch: Batch) -> "list[BatchRow]":
    """One row for each connection and reseller that the batch lies in."""
    place = ("connection_id", "reseller_id")
    return list(batch.rows.order_by(*place).distinct(*place))


def sweep() -> None:
    """Remind of what waits past half of its time; cancel what has waited too long."""
    waiting.sweep(BatchApproval.objects.select_related("batch__actor", "rule"), _expire, _remind)


def _expire(approval: BatchApproval) -> None:
    batch, actor = approval.batch, Actor.for_user(approval.batch.actor)
    if not moving.moved(batch, S.CANCELLED, (S.AWAITING,), finished_at=queue.ClockNow()):
        close(batch, None, Outcome.WITHDRAWN)
        return
    close(batch, None, Outcome.EXPIRED)
    moving.stop(actor, batch)
    telling.decided(approval, "expired", actor)
    approvals.batch_decided(approval, Outcome.EXPIRED)


def _remind(approval: BatchApproval) -> None:
    due = BatchApproval.objects.filter(pk=approval.pk, outcome=Outcome.PENDING)
    if due.exclude(remind_at=None).update(remind_at=None):
        approvals.ask_batch(approval, approvers(approval.batch), again=True)


def _amounts(batch: Batch) -> dict[str, int]:
    rows = batch.rows.filter(state=BatchRow.State.READY)
    return rows.aggregate(
        rows=Count("pk"),
        unknown=Count("pk", filter=Q(seats=None)),
        seats=Coalesce(Sum(Abs("seats")), 0),  # last: it takes the column's name
    )
