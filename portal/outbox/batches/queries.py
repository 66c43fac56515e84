"""Reads of batches. The scope comes first; nothing here writes."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from portal.access.scope import Scope
from portal.outbox.models import Batch, BatchRow
from portal.outbox.states import OPEN, State

R = BatchRow.State
# What a row can be shown as: the name in the address, and the condition.
GROUPS: dict[str, Q] = {
    "todo": Q(state__in=(R.NEW, R.READY)),
    "under-way": Q(state=R.ASKED, command__state__in=[s for s in OPEN if s != State.IN_DOUBT]),
    "done": Q(state=R.ASKED, command__state=State.SUCCEEDED),
    "failed": Q(state=R.ASKED, command__state=State.FAILED),
    "in-doubt": Q(state=R.ASKED, command__state=State.IN_DOUBT),
    "refused": Q(state=R.REFUSED),
    "stopped": Q(state=R.SKIPPED)
    | Q(state=R.ASKED, command__state__in=(State.CANCELLED, State.WITHHELD)),
}


@dataclass(frozen=True)
class Counts:
    """Rows of a batch by group; ``left_out`` are lines of its file that became no row."""

    todo: int
    under_way: int
    done: int
    failed: int
    in_doubt: int
    refused: int
    stopped: int
    left_out: int

    @property
    def total(self) -> int:
        """All rows."""
        return self.settled + self.todo + self.under_way + self.in_doubt

    @property
    def settled(self) -> int:
        """Rows with an outcome."""
        return self.done + self.failed + self.refused + self.stopped


def batches(scope: Scope) -> QuerySet[Batch]:
    """Own batches, and those of which this person sees every row."""
    rows = Batch.objects.select_related("actor")
    if scope.all_connections:
        return rows
    seen = Q(actor=scope.user_id)
    if scope.connection_ids:
        seen |= Q(connection_ids__contained_by=list(scope.connection_ids))
    if scope.reseller_ids:
        seen |= Q(reseller_ids__contained_by=list(scope.reseller_ids))
    return rows.filter(seen)


def batch(scope: Scope, pk: int) -> Batch:
    """One batch, or 404."""
    found = batches(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def rows(scope: Scope, found: Batch, group: str = "") -> QuerySet[BatchRow]:
    """The rows that this person sees, of one group or all."""
    visible = scope.filter(found.rows.select_related("command", "connection", "reseller"))
    return visible.filter(GROUPS[group]) if group in GROUPS else visible


def counts(scope: Scope, found: Batch) -> Counts:
    """The numbers of the page, in one query."""
    named = {name.replace("-", "_"): Count("pk", filter=q) for name, q in GROUPS.items()}
    told = scope.filter(found.rows.all()).aggregate(**named)
    return Counts(**told, left_out=len(found.left_out))
