"""The life of an approval: asked for, decided by a second person, reminded of, expired."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.access.models import Membership, User
from portal.access.roles import RIGHTS
from portal.outbox import chains, events, queue
from portal.outbox.approvals import telling, waiting
from portal.outbox.approvals.deciding import APPROVE, Need
from portal.outbox.approvals.models import Approval, BatchApproval, Outcome, named
from portal.outbox.models import Command
from portal.outbox.states import State

APPROVERS = sorted(role.value for role, rights in RIGHTS.items() if APPROVE in rights)


def ask(command: Command, need: Need) -> Approval:
    """Keep that a Command waits, and tell those who may decide; of a batch they are told once."""
    first = command.batch_id is None or not _of_batch(command.batch_id).exists()
    approval, _created = Approval.objects.update_or_create(
        command=command, defaults=waiting.begun(need, command.actor_id) | {"seats": need.seats}
    )
    if need.rule is not None:
        events.record(command, "held", parameters=named(approval))
    if first:
        telling.ask(command, approval, approvers(command))
    return approval


def decided(command: Command, user_id: int | None, outcome: Outcome) -> Approval | None:
    """Note who decided. The database refuses the one who asked."""
    rows = Approval.objects.filter(command=command, outcome=Outcome.PENDING)
    rows.update(outcome=outcome, decided_by_id=user_id, decided_at=timezone.now())
    approval = Approval.objects.filter(command=command).select_related("rule").first()
    if user_id is not None:
        telling.decided(command, outcome, User.objects.filter(pk=user_id).first())
    return approval


def batch_approval(batch_id: int | None, user_id: int) -> BatchApproval | None:
    """The second person's yes to the whole batch that ``user_id`` asked for; None if none was given."""
    if batch_id is None:
        return None
    rows = BatchApproval.objects.filter(batch=batch_id, asked_by=user_id, outcome=Outcome.APPROVED)
    return rows.select_related("rule", "decided_by").first()


def approvers(command: Command) -> "models.QuerySet[User]":
    """Everybody who may let the Command go out: the right over its place, and not who asked."""
    place = Q(connection=None) | Q(connection=command.connection_id, reseller=None)
    if command.reseller_id is not None:
        place |= Q(reseller=command.reseller_id)
    held = Membership.objects.filter(place, role__in=APPROVERS, user=models.OuterRef("pk"))
    people = User.objects.filter(models.Exists(held), is_active=True)
    people = people.prefetch_related("memberships")
    return people.exclude(pk=command.actor_id)


def sweep() -> None:
    """Remind of what waits past half of its time; cancel what has waited too long."""
    rows = Approval.objects.select_related("command__connection", "command__actor", "rule")
    waiting.sweep(rows, _expire, _remind)


def _expire(approval: Approval) -> None:
    command = approval.command
    among = (State.AWAITING_APPROVAL,)
    expired = queue.move(command.pk, State.CANCELLED, among=among)
    outcome = Outcome.EXPIRED if expired else Outcome.WITHDRAWN
    Approval.objects.filter(pk=approval.pk, outcome=Outcome.PENDING).update(
        outcome=outcome, decided_at=timezone.now()
    )
    if expired:
        events.record(command, "expired", parameters=named(approval))
        chains.stop(command)
        telling.decided(command, Outcome.EXPIRED)


def _remind(approval: Approval) -> None:
    command = approval.command
    taken = Approval.objects.filter(
        pk=approval.pk, remind_at=F("remind_at"), outcome=Outcome.PENDING
    )
    if not taken.exclude(remind_at=None).update(remind_at=None):
        return
    first = command.batch_id is None or not (
        _of_batch(command.batch_id).filter(command__lt=command.pk, remind_at=None).exists()
    )
    if command.state == State.AWAITING_APPROVAL and first:
        telling.ask(command, approval, approvers(command), again=True)


def _of_batch(batch_id: int) -> "models.QuerySet[Approval]":
    return Approval.objects.filter(command__batch=batch_id, outcome=Outcome.PENDING)
