"""The queue lives in Postgres: claims, leases, promotion, and the wake-up call to a worker.

Celery only carries an id. Whether there is work is decided here by conditional UPDATEs on the
database's clock, so that two workers, or the same one twice, may try at once and one of them wins.
"""

import datetime as dt
import random
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import structlog
from celery import current_app
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from kombu.exceptions import OperationalError

from portal.outbox.models import Batch, Command
from portal.outbox.states import LIVE, SETTLED, State, sources

log = structlog.get_logger(__name__)

# Longer than one call with its time-outs; renewed before every call.
LEASE = dt.timedelta(seconds=getattr(settings, "OUTBOX_LEASE_SECONDS", 90))
# Seconds for which a lease that was taken needs no renewal before a read.
JUST_TAKEN = 5.0
# Seconds until the next attempt, by the number of attempts made; the last one repeats.
BACKOFF = (5, 15, 60, 300, 900)
# Answered or unsent attempts until a person has to look.
MAX_ATTEMPTS = 8
# A wake-up by Celery's clock only for a short wait; the sweep has the rest.
SHORT_WAIT = 60
DELIVER = "portal.outbox.tasks.deliver"
# Rows of batches have a queue of their own: a single change never stands behind them.
BULK = "bulk"

Commands: TypeAlias = "models.QuerySet[Command]"


class ClockNow(models.Func):
    """The database's clock at this statement, not at the start of its transaction."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


class LeaseLostError(Exception):
    """Another worker has taken the Command over: stop, and write nothing."""


@dataclass(frozen=True)
class Claim:
    """The right to work on a Command until its lease runs out.

    ``found`` is the state it was in: ``queued`` for a fresh one, else an attempt was cut short or is
    in doubt.
    """

    command: Command
    owner: uuid.UUID
    found: State
    taken: float = field(default_factory=time.monotonic)

    @property
    def is_new(self) -> bool:
        """Taken a moment ago: the whole lease is still ahead."""
        return time.monotonic() - self.taken < JUST_TAKEN


def due() -> Q:
    """Commands whose time has come and that nobody works on."""
    return (
        Q(state__in=LIVE)
        & ~held_back()
        & (Q(not_before=None) | Q(not_before__lte=ClockNow()))
        & (Q(lease_until=None) | Q(lease_until__lt=ClockNow()))
    )


def held_back() -> Q:
    """Rows of a paused batch that have not been sent: what has left is seen through all the same."""
    return Q(state=State.QUEUED, batch__state=Batch.State.PAUSED)


def may_start() -> Q:
    """Waiting Commands that no unconfirmed step of a chain holds."""
    return Q(follows=None) | Q(follows__state=State.SUCCEEDED)


def claim(command_id: int) -> Claim | None:
    """Take a Command for this worker, or None if it is not due, settled, or in other hands."""
    owner = uuid.uuid4()
    with transaction.atomic(durable=True):
        command = (
            Command.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("connection", "actor")
            .filter(due(), pk=command_id)
            .first()
        )
        if command is None:
            return None
        found = State(command.state)
        command.state = State.IN_DOUBT if found == State.IN_DOUBT else State.SENDING
        command.attempts += 1
        Command.objects.filter(pk=command_id).update(
            state=command.state,
            attempts=command.attempts,
            lease_owner=owner,
            lease_until=ClockNow() + LEASE,
        )
    return Claim(command, owner, found)


def renew(held: Claim) -> None:
    """Push the end of the lease out. Raises LeaseLostError if another worker holds it now."""
    if not (
        Command.objects.filter(pk=held.command.pk, lease_owner=held.owner, state__in=LIVE).update(
            lease_until=ClockNow() + LEASE
        )
    ):
        raise LeaseLostError(held.command.pk)


def move(
    command_id: int,
    target: State,
    *,
    among: Iterable[State],
    owner: uuid.UUID | None = None,
    **fields: Any,
) -> bool:
    """Move a Command into ``target`` if it is in one of ``among``; False if it no longer is.

    With ``owner`` the lease must be that delivery's as well. A settled Command gets its moment, a
    reopened one loses it; every move but the one into ``sending`` drops the lease.
    """
    rows = Command.objects.filter(pk=command_id, state__in=sources(target, among))
    if owner is not None:
        rows = rows.filter(lease_owner=owner)
    fields["settled_at"] = ClockNow() if target in SETTLED else None
    if target != State.SENDING:
        fields |= {"lease_owner": None, "lease_until": None}
    return bool(rows.update(state=target, **fields))


def put_off(held: Claim, seconds: float, **fields: Any) -> bool:
    """Leave a live Command as it is and look at it again after ``seconds``; drops the lease."""
    return bool(
        Command.objects.filter(pk=held.command.pk, lease_owner=held.owner, state__in=LIVE).update(
            lease_owner=None,
            lease_until=None,
            dispatched_at=ClockNow(),
            not_before=ClockNow() + dt.timedelta(seconds=seconds),
            **fields,
        )
    )


def put_back(held: Claim, seconds: float, **fields: Any) -> bool:
    """Queue a Command again whose write is known not to have been applied."""
    return move(
        held.command.pk,
        State.QUEUED,
        among=(State.SENDING, State.IN_DOUBT),
        owner=held.owner,
        not_before=ClockNow() + dt.timedelta(seconds=seconds),
        dispatched_at=ClockNow(),
        **fields,
    )


def doubt(held: Claim, seconds: float, **fields: Any) -> bool:
    """Say that the outcome is not known, and look for it in ``seconds``."""
    return move(
        held.command.pk,
        State.IN_DOUBT,
        among=(State.SENDING,),
        owner=held.owner,
        not_before=ClockNow() + dt.timedelta(seconds=seconds),
        dispatched_at=ClockNow(),
        **fields,
    )


def backoff(attempts: int) -> float:
    """Seconds until the next attempt, jittered upwards so that many do not return together."""
    base = BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1]
    return base * (1 + random.random() / 4)  # noqa: S311 - spreads load, guards nothing


def promote(target_type: str, target_id: int) -> int | None:
    """Queue the target's oldest waiting Command unless one is live; its id if it was queued here.

    Two at once are settled by the unique index: the loser's Command stays waiting.
    """
    same = Command.objects.filter(target_type=target_type, target_id=target_id)
    waiting = same.filter(state=State.WAITING).order_by("pk")
    oldest = waiting.values_list("pk", "batch_id", "follows__state").first()
    if oldest is None or oldest[2] not in (None, State.SUCCEEDED):
        return None
    if same.filter(state__in=LIVE).exists():
        return None
    first, bulk = oldest[0], oldest[1] is not None
    try:
        with transaction.atomic():
            queued = move(first, State.QUEUED, among=(State.WAITING,), dispatched_at=ClockNow())
    except IntegrityError:
        return None
    if not queued:
        return None
    transaction.on_commit(lambda: dispatch(first, bulk=bulk))
    return first


def waiting_targets(limit: int) -> list[tuple[str, int]]:
    """Targets with a waiting Command and no live one: their predecessor has settled."""
    live = Command.objects.filter(
        target_type=OuterRef("target_type"), target_id=OuterRef("target_id"), state__in=LIVE
    )
    return list(
        Command.objects.filter(~Exists(live), may_start(), state=State.WAITING)
        .order_by("target_type", "target_id")
        .values_list("target_type", "target_id")
        .distinct()[:limit]
    )


def dispatch(command_id: int, wait: float = 0, *, bulk: bool = False) -> None:
    """Wake a worker. A broker that is away loses nothing: the sweep asks Postgres."""
    if wait > SHORT_WAIT:
        return
    lane: dict[str, Any] = {"queue": BULK} if bulk else {}
    try:
        current_app.send_task(DELIVER, (command_id,), countdown=wait or None, retry=False, **lane)
    except OperationalError:
        log.warning("outbox.broker_away", command_id=command_id)
