"""Reads of rules and of what waits for approval. The scope comes first; nothing here writes."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404

from portal.access.scope import Scope
from portal.outbox import queries
from portal.outbox.approvals.deciding import APPROVE
from portal.outbox.approvals.models import Approval, BatchApproval, Outcome, Rule, Wait
from portal.outbox.batches import queries as batches
from portal.outbox.models import Command
from portal.outbox.states import State

MANAGE = "approvals.manage"


def inbox(scope: Scope) -> QuerySet[Command]:
    """What this person may approve or decline now; their own wishes are never among it."""
    asked = Approval.objects.filter(command=OuterRef("pk"))
    return (
        queries.commands(scope.narrowed(APPROVE))
        .filter(state=State.AWAITING_APPROVAL)
        .exclude(actor=scope.user_id)
        .annotate(
            rule_name=Subquery(asked.values("rule__name")[:1]),
            rule_version=Subquery(asked.values("rule__version")[:1]),
            expires_at=Subquery(asked.values("expires_at")[:1]),
            seats=Subquery(asked.values("seats")[:1]),
        )
    )


def inbox_batches(scope: Scope) -> QuerySet[BatchApproval]:
    """Whole batches that this person may approve or decline now, the one that expires next first."""
    seen = batches.batches(scope.narrowed(APPROVE)).exclude(actor=scope.user_id)
    waiting = BatchApproval.objects.filter(outcome=Outcome.PENDING, batch__in=seen.values("pk"))
    return waiting.select_related("batch", "asked_by", "rule").order_by("expires_at", "pk")


def approval_of(scope: Scope, command: Command) -> Wait | None:
    """A Command's wait with its rule, decided or not; for a row of a batch that of the batch."""
    rows = scope.filter(Approval.objects.all()).select_related("rule", "decided_by")
    found = rows.filter(command=command).first()
    if found is not None or command.batch_id is None:
        return found
    return approval_of_batch(scope, command.batch_id)


def approval_of_batch(scope: Scope, batch_id: int) -> BatchApproval | None:
    """The wait of a batch, decided or not, where the reader sees the batch."""
    seen = batches.batches(scope).filter(pk=batch_id)
    rows = BatchApproval.objects.filter(batch__in=seen.values("pk"))
    return rows.select_related("rule", "decided_by").first()


def rules(scope: Scope) -> QuerySet[Rule]:
    """The rules in force that the scope manages."""
    rows = Rule.objects.filter(is_current=True).select_related("connection", "reseller", "author")
    narrowed = scope.narrowed(MANAGE)
    if narrowed.all_connections:
        return rows
    return rows.filter(connection__in=narrowed.connection_ids)


def rule(scope: Scope, pk: int) -> Rule:
    """One of them, or 404."""
    found = rules(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def versions(scope: Scope, current: Rule) -> QuerySet[Rule]:
    """What a rule said before, newest first; nothing for a scope that does not manage it."""
    if not scope.can(MANAGE, current.connection):
        return Rule.objects.none()
    rows = Rule.objects.filter(key=current.key).exclude(pk=current.pk)
    return rows.select_related("author", "reseller").order_by("-version")
