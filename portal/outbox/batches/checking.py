"""The dry run: each row is checked as if it were asked now. Nothing is sent, nothing is kept but the finding.

A worker does it in slices under a lease; a slice that was cut short is begun again by the sweep.
"""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone, translation

from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.outbox import queue, verbs
from portal.outbox.approvals import deciding
from portal.outbox.batches import registry, waking
from portal.outbox.batches.registry import Plan
from portal.outbox.models import Batch, BatchRow, Command
from portal.outbox.plain import plain
from portal.outbox.states import OPEN
from portal.ui.sentences import Sentence

log = structlog.get_logger(__name__)

SLICE = 30.0
"""Seconds of one slice."""
PIECE = 200
ASKED_PIECE = 10
"""Rows at a time where Partner Center is asked about each: a slice must not outlast its lease."""
PATIENCE = dt.timedelta(minutes=15)
"""How long a batch waits for Partner Center to answer; then its rows are checked without."""
LEASE = dt.timedelta(seconds=90)


def check(batch_id: int) -> None:
    """Check rows for one slice, and call for the next if there are more."""
    if not _claim(batch_id):
        return
    batch = Batch.objects.select_related("actor").get(pk=batch_id)
    scope = Scope.for_user(batch.actor)
    until = time.monotonic() + SLICE
    while size := _asked_about(batch, scope):
        if not _piece_in_words(batch, scope, size):
            _release(batch_id, state=Batch.State.READY)
            return
        if time.monotonic() > until:
            waking.check(batch_id)
            break
    _release(batch_id)


def _piece_in_words(batch: Batch, scope: Scope, size: int) -> bool:
    """The next rows, in the language of who asked: what is no kept sentence stays as it was said."""
    with translation.override(batch.actor.language or translation.get_language()):
        return _piece(batch, scope, size)


def _asked_about(batch: Batch, scope: Scope) -> int:
    """Ask Partner Center about the next rows, for a verb that needs it.

    How many can be checked now: 0 while it gives no answer, which the sweep asks for again.
    """
    bulk, verb = registry.get(batch.verb), verbs.get(batch.verb)
    if bulk.live is None:
        return PIECE
    rows = _next(batch, ASKED_PIECE)
    targets = bulk.targets(scope, [row.target_id for row in rows])
    patient = timezone.now() < batch.created_at + PATIENCE
    for row in rows:
        target = targets.get(row.target_id)
        if target is None or not scope.can(verb.right, target):
            continue
        if not bulk.live(target, batch.parameters | row.parameters) and patient:
            return 0
    return ASKED_PIECE


def _next(batch: Batch, size: int) -> list[BatchRow]:
    return list(batch.rows.filter(state=BatchRow.State.NEW).order_by("position")[:size])


def _claim(batch_id: int) -> bool:
    free = Q(lease_until=None) | Q(lease_until__lt=queue.ClockNow())
    rows = Batch.objects.filter(free, pk=batch_id, state=Batch.State.DRAFT)
    return bool(rows.update(lease_until=queue.ClockNow() + LEASE))


def _release(batch_id: int, **fields: Any) -> None:
    Batch.objects.filter(pk=batch_id, state=Batch.State.DRAFT).update(lease_until=None, **fields)


def _piece(batch: Batch, scope: Scope, size: int) -> bool:
    """Check the next rows; False if none is left, or the batch was cancelled."""
    with transaction.atomic():
        rows = _next(batch, size)
        if not rows:
            return False
        for row, found in zip(rows, plans(batch, scope, rows), strict=True):
            note(row, found)
        BatchRow.objects.bulk_update(rows, ["state", "before", "after", "seats", "problem"])
        return bool(
            Batch.objects.filter(pk=batch.pk, state=Batch.State.DRAFT).update(
                lease_until=queue.ClockNow() + LEASE
            )
        )


def note(row: BatchRow, found: Plan | RefusedError) -> None:
    """Write a finding on the row, which the caller saves."""
    if isinstance(found, RefusedError):
        row.state = BatchRow.State.REFUSED
        row.problem = found.as_json()
        return
    row.state, row.problem = BatchRow.State.READY, None
    row.before, row.after = plain(dict(found.before)), plain(dict(found.after))
    row.seats = found.seats


def plans(batch: Batch, scope: Scope, rows: list[BatchRow]) -> list[Plan | RefusedError]:
    """What each row would do, or why it cannot: three queries for all of them."""
    bulk, verb = registry.get(batch.verb), verbs.get(batch.verb)
    ids = [row.target_id for row in rows]
    targets, coming = bulk.targets(scope, ids), _coming(verb.target_type, ids)
    found: list[Plan | RefusedError] = []
    for row in rows:
        try:
            target = _allowed(scope, verb.right, targets.get(row.target_id))
            parameters = batch.parameters | row.parameters
            plan = bulk.check(target, parameters, coming[row.target_id])
            seats = deciding.difference(plan.before, plan.after, target)
            found.append(replace(plan, seats=seats))
        except RefusedError as error:
            found.append(error)
        except registry.FAULTS as error:
            found.append(fault(row, error))
    return found


def fault(row: BatchRow, error: Exception) -> RefusedError:
    """Why a row goes no further, for people; the log has the rest."""
    log.error("batch.row_fault", batch_id=row.batch_id, row_id=row.pk, exc_info=error)
    return RefusedError("fault", Sentence("batch.fault"))


def _allowed(scope: Scope, right: str, target: Model | None) -> Model:
    if target is None:
        raise RefusedError("gone", Sentence("batch.gone"))
    if not scope.can(right, target):
        raise RefusedError("forbidden", Sentence("batch.forbidden"))
    return target


def _coming(target_type: str, ids: Iterable[int]) -> Mapping[int, dict[str, Any]]:
    """What open Commands will leave of each target, as ``queries.expected`` tells of one."""
    rows = Command.objects.filter(target_type=target_type, target_id__in=list(ids), state__in=OPEN)
    told: dict[int, dict[str, Any]] = defaultdict(dict)
    for target_id, after in rows.order_by("pk").values_list("target_id", "after"):
        told[target_id] |= after
    return told
