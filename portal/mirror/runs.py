"""Runs: begun by the clock, a person or the command line; worked on in slices by whoever holds the lease.

A slice ends after its deadline, a failure that may pass postpones the run, a refused sign-in pauses it
until a person has mended the connection. Nothing here sleeps or loops on an error.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from portal.connections.models import Connection
from portal.mirror import dirty, families, optional, passes, sweep
from portal.mirror.fetching import Pool
from portal.mirror.models import Kind, PassState, RunState, SyncPass, SyncRun
from portal.mirror.work import LEASE, LeaseLost, Work
from portal.partnercenter.errors import PartnerError, TokenRefused, Unauthorized

ACTIVE = (RunState.RUNNING, RunState.PAUSED)
ATTEMPTS = 6
BACKOFF = dt.timedelta(seconds=15)


class Slice(StrEnum):
    """How a slice ended."""

    FINISHED = "finished"
    MORE = "more"  # the deadline came first
    LATER = "later"  # postponed to run.not_before
    PAUSED = "paused"  # a person must mend the connection
    BUSY = "busy"  # somebody else holds the lease


class NothingMirrored(Exception):  # noqa: N818 - says what happened
    """A run for changes was asked for before any complete run: there is nothing to compare with."""


def start(
    connection: Connection,
    kind: str = Kind.FULL,
    wanted: Sequence[str] | None = None,
    actor_id: int | None = None,
) -> SyncRun:
    """Begin a run, or return the one of this kind that is going on. KeyError for an unknown family.

    Raises ``NothingMirrored`` for changes without a complete run before. A task is queued on commit.
    """
    ordinary = [family.name for family in families.ordered() if not family.on_demand]
    names = [name for name in families.names() if name in (wanted or ordinary)]
    for name in wanted or ():
        if families.get(name).part_of:
            raise KeyError(f"{name} (a part of {families.get(name).part_of})")
    if kind == Kind.CHANGES:
        if not passes.ever_complete(connection.pk, "customers"):
            raise NothingMirrored
        # What happened decides what is read again, so its records come first.
        names.sort(key=lambda name: not families.get(name).incremental)
    try:
        with transaction.atomic():
            run = SyncRun.objects.create(
                connection=connection, kind=kind, families=names, actor_id=actor_id
            )
            SyncPass.objects.bulk_create(
                SyncPass(run=run, family=name, position=place) for place, name in enumerate(names)
            )
    except IntegrityError:
        active = SyncRun.objects.filter(connection=connection, kind=kind, state__in=ACTIVE).first()
        if active is None:
            return start(connection, kind, wanted, actor_id)
        return active
    return run


def claim(run: SyncRun, holder: str) -> bool:
    """Take the lease with one conditional UPDATE; False while somebody else has it."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now) | Q(lease_holder=holder)
    due = Q(not_before=None) | Q(not_before__lte=now)
    held = SyncRun.objects.filter(free & due, pk=run.pk, state=RunState.RUNNING)
    return bool(held.update(lease_until=now + LEASE, lease_holder=holder))


def work(
    run: SyncRun, deadline: float, progress: Callable[[SyncPass], None] | None = None
) -> Slice:
    """Work on a run until ``deadline`` (``time.monotonic`` seconds). Never raises a PartnerError."""
    holder = uuid.uuid4().hex
    if not claim(run, holder):
        return Slice.BUSY
    run.refresh_from_db()
    connection = run.connection
    if connection.is_paused:
        return _pause(run, connection)
    try:
        with Pool(connection) as pool:
            state = Work(run, connection, holder, pool, deadline, progress)
            return _work(state)
    except LeaseLost:
        return Slice.BUSY
    finally:
        SyncRun.objects.filter(pk=run.pk, lease_holder=holder).update(lease_until=None)


def _work(work: Work) -> Slice:
    for one in work.run.passes.filter(state__in=passes.OPEN).select_related("run"):
        try:
            if not passes.advance(work, one):
                return Slice.MORE
        except PartnerError as error:
            after = _failed(work, one, error)
            if after is not None:
                return after
        if not work.more():
            break
    if work.run.passes.filter(state__in=passes.OPEN).exists():
        return Slice.MORE
    with transaction.atomic():
        passes.settle(work.run)
    return Slice.FINISHED


def _failed(work: Work, one: SyncPass, error: PartnerError) -> Slice | None:
    """Postpone, pause, or end this pass alone (None: the next one may go on)."""
    run, told = work.run, dirty.described(error)
    if isinstance(error, TokenRefused | Unauthorized) and error.code != optional.NO_CONSENT:
        SyncRun.objects.filter(pk=run.pk).update(state=RunState.PAUSED, error=told)
        return Slice.PAUSED
    run.refresh_from_db(fields=["attempts"])
    if error.transient and run.attempts < ATTEMPTS:
        delay = max(BACKOFF * 2**run.attempts, dt.timedelta(seconds=error.retry_after or 0))
        SyncRun.objects.filter(pk=run.pk).update(
            attempts=F("attempts") + 1, not_before=timezone.now() + delay, error=told
        )
        return Slice.LATER
    one.refresh_from_db()
    family = families.get(one.family)
    barred = optional.bars(family, error)
    one.state = PassState.NOT_PERMITTED if barred else PassState.FAILED
    one.error = told
    one.finished_at = timezone.now()
    with work.commit(one):
        if barred:
            optional.note(work.connection, family, error)
    return None


def _pause(run: SyncRun, connection: Connection) -> Slice:
    told = {
        "code": connection.problem_code,
        "message": connection.problem_text,
        "correlation_id": connection.problem_correlation_id,
    }
    SyncRun.objects.filter(pk=run.pk).update(
        state=RunState.PAUSED, error=told, lease_until=None, lease_holder=""
    )
    return Slice.PAUSED


def unpause(run: SyncRun) -> bool:
    """Let a paused run go on once its connection is well again."""
    if run.connection.is_paused:
        return False
    paused = SyncRun.objects.filter(pk=run.pk, state=RunState.PAUSED)
    return bool(paused.update(state=RunState.RUNNING, error=None, not_before=None, attempts=0))


# --- a person's decision ------------------------------------------------------------------------


def confirm_sweep(one: SyncPass, actor_id: int) -> bool:
    """Let a blocked removal happen; a worker carries it out. False if it was decided already."""
    return _decide(one, actor_id, PassState.CONFIRMED)


def reject(one: SyncPass, actor_id: int) -> bool:
    """Keep the rows that the listing lacked. False if it was decided already."""
    return _decide(one, actor_id, PassState.REJECTED)


def _decide(one: SyncPass, actor_id: int, state: PassState) -> bool:
    with transaction.atomic():
        blocked = SyncPass.objects.filter(pk=one.pk, state=PassState.BLOCKED)
        if not blocked.update(state=state, decided_by_id=actor_id):
            return False
        run = SyncRun.objects.select_for_update().get(pk=one.run_id)
        if state == PassState.REJECTED:
            passes.settle(run)
        elif not _reopen(run):
            blocked_again = SyncPass.objects.filter(pk=one.pk)
            blocked_again.update(state=PassState.BLOCKED, decided_by_id=None)
            return False
        transaction.on_commit(partial(queue, run.pk))
    return True


def _reopen(run: SyncRun) -> bool:
    """Make the run active again, unless a newer one of its kind is: that one decides anew."""
    newer = SyncRun.objects.filter(
        connection=run.connection_id, kind=run.kind, state__in=ACTIVE
    ).exclude(pk=run.pk)
    if newer.exists():
        return False
    run.state = RunState.RUNNING
    run.finished_at = None
    run.save(update_fields=["state", "finished_at"])
    return True


def queue(run_id: int) -> None:
    """Hand the run to a worker, by the task's name because tasks import this module."""
    current_app.send_task("portal.mirror.tasks.run_slice", args=[run_id])


def forget_rejected() -> None:
    """Remove the keys of passes whose removal was refused."""
    for one in SyncPass.objects.filter(state=PassState.REJECTED, seen_count__gt=0):
        sweep.forget(one)
        SyncPass.objects.filter(pk=one.pk).update(seen_count=0)
