"""What the page of a batch shows: numbers, one page of rows, and what a person can do next."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from portal.access.http import Request
from portal.connections.models import Connection, Mode
from portal.lists.intake.reading import unusable
from portal.outbox.approvals import queries as approvals
from portal.outbox.batches import approving, asking, pricing, queries, registry, rows, steering
from portal.outbox.batches.queries import Counts
from portal.outbox.models import Batch, BatchRow

SIZE = 50
MOVING = (Batch.State.DRAFT, Batch.State.RUNNING)
LEFT_OUT_SHOWN = 100


@dataclass(frozen=True)
class Tab:
    """A group of rows with its number; ``url`` shows it."""

    name: str
    label: str
    count: int
    url: str
    current: bool


def live(request: Request, batch: Batch, *, summed: bool = False) -> dict[str, Any]:
    """The part that renews itself: state, numbers, rows; ``summed``: with what all of them cost."""
    counts = queries.counts(request.scope, batch)
    group = request.GET.get("rows", "")
    found, more = _rows(request, queries.rows(request.scope, batch, group))
    told = pricing.tell(request.scope, batch, found, summed=summed)
    return {
        "batch": batch,
        "counts": counts,
        "tabs": _tabs(batch, counts, group),
        "rows": [rows.shown(row, told.rows.get(row.pk)) for row in found],
        "costs": pricing.shown(request.scope, batch),
        "total": told.total,
        "next": _address(batch, group, found[-1].position) if more else "",
        "moving": batch.state in MOVING or bool(counts.under_way),
        "status_url": _status(request, batch),
        "may": _may(request, batch, counts),
    }


def context(request: Request, batch: Batch) -> dict[str, Any]:
    """The whole page."""
    told = live(request, batch, summed=True)
    counts: Counts = told["counts"]
    if told["may"]["start"]:
        told["consequence"] = registry.get(batch.verb).tell(counts.todo, batch.parameters)
        told["need"] = asking.need(request.scope, batch)
        told["read_only"] = _is_read_only(batch)
    elif batch.state not in (Batch.State.DRAFT, Batch.State.READY):
        told["approval"] = approvals.approval_of_batch(request.scope, batch.pk)
    return told | {"left_out": [unusable(line) for line in batch.left_out[:LEFT_OUT_SHOWN]]}


def _rows(request: Request, found: QuerySet[BatchRow]) -> tuple[list[BatchRow], bool]:
    """A page of rows by position, and whether another follows."""
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit():
        found = found.filter(position__gt=min(int(after), 2**31 - 1))
    page = list(found.select_related("batch").order_by("position")[: SIZE + 1])
    return page[:SIZE], len(page) > SIZE


def _tabs(batch: Batch, counts: Counts, group: str) -> list[Tab]:
    made = [Tab("", "", counts.total, batch.get_absolute_url(), not group)]
    for name, label in rows.groups().items():
        count: int = getattr(counts, name.replace("-", "_"))
        if count or name == group:
            made.append(Tab(name, label, count, _address(batch, name), name == group))
    return made


def _address(batch: Batch, group: str, after: int | None = None) -> str:
    query = {key: value for key, value in (("rows", group), ("after", after)) if value}
    return f"{batch.get_absolute_url()}?{urlencode(query)}"


def _status(request: Request, batch: Batch) -> str:
    kept = {key: request.GET[key] for key in ("rows", "after") if key in request.GET}
    return f"{reverse('batch_status', args=[batch.pk])}?{urlencode(kept)}"


def _may(request: Request, batch: Batch, counts: Counts) -> dict[str, bool]:
    steers, state = steering.may_steer(request.scope, batch), batch.state
    own = request.scope.user_id == batch.actor_id
    return {
        "start": steers and own and state == Batch.State.READY and counts.todo > 0,
        "pause": steers and state == Batch.State.RUNNING,
        "resume": steers and state == Batch.State.PAUSED,
        "approve": state == Batch.State.AWAITING and approving.may_decide(request.scope, batch),
        "cancel": steers and state not in (Batch.State.FINISHED, Batch.State.CANCELLED),
        "retry": steers
        and counts.failed > 0
        and state not in (Batch.State.DRAFT, Batch.State.READY)
        and steering.settles(request.scope, batch)
        and steering.retryable(batch).exists(),
    }


def _is_read_only(batch: Batch) -> bool:
    found = Connection.objects.filter(pk__in=batch.connection_ids)
    return found.filter(mode=Mode.READ_ONLY).exists()
