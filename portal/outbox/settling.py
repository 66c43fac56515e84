"""How an attempt ends: one transaction for the state, the step, the mirror and the activity entry.

Every end is conditional on the lease. If another worker holds it, nothing is written here and
LeaseLostError says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from portal.mirror import questions
from portal.outbox import chains, events, news, queue
from portal.outbox.approvals import asking
from portal.outbox.approvals.deciding import Need
from portal.outbox.failures import Failure
from portal.outbox.models import CommandStep
from portal.outbox.plain import plain
from portal.outbox.states import State, StepState
from portal.outbox.verbs import Applied, Save

log = structlog.get_logger(__name__)

# Seconds after which a lost answer is looked for; a read that soon usually settles it.
FIRST_LOOK = 2.0


def _nothing() -> Mapping[str, Any] | None:
    return None


@dataclass(frozen=True)
class Done:
    """Applied upstream."""

    applied: Applied


@dataclass(frozen=True)
class Later:
    """Try again in ``seconds``. ``accepted``: Partner Center has it, so only look."""

    seconds: float
    failure: Failure | None = None
    accepted: bool = False
    correlation_id: str = ""


@dataclass(frozen=True)
class Doubt:
    """A write left and its outcome is not known."""

    failure: Failure


@dataclass(frozen=True)
class Failed:
    """Nothing was applied and a person decides what next."""

    failure: Failure
    save: Save = field(default=_nothing)


@dataclass(frozen=True)
class Withheld:
    """The connection is read only; ``body`` is what would have been sent."""

    body: Any


@dataclass(frozen=True)
class Unapproved:
    """The connection wants a second person since this was asked."""


Verdict = Done | Later | Doubt | Failed | Withheld | Unapproved

# Verdicts that leave the target to the next Command; after the others this one is still live.
ENDS_IN: dict[type, State] = {
    Done: State.SUCCEEDED,
    Failed: State.FAILED,
    Withheld: State.WITHHELD,
    Unapproved: State.AWAITING_APPROVAL,
}


def settle(held: queue.Claim, step: CommandStep | None, verdict: Verdict) -> None:
    """Write the verdict down. Raises queue.LeaseLostError if the lease has gone elsewhere."""
    ends: dict[type, Callable[[queue.Claim, CommandStep | None, Any], bool]] = {
        Done: _done,
        Later: _later,
        Doubt: _doubt,
        Failed: _failed,
        Withheld: _withheld,
        Unapproved: _unapproved,
    }
    with transaction.atomic(durable=True):
        if not ends[type(verdict)](held, step, verdict):
            raise queue.LeaseLostError(held.command.pk)
        state = ENDS_IN.get(type(verdict))
        if state is not None:
            chains.go_on(held.command, state)
            queue.promote(held.command.target_type, held.command.target_id)


def step_done(held: queue.Claim, step: CommandStep, verdict: Done) -> None:
    """One step of several is applied; the Command goes on with the next."""
    with transaction.atomic(durable=True):
        queue.renew(held)
        _saved(verdict.applied.save, held)
        _close_step(step, verdict.applied)


def _wake(held: queue.Claim, seconds: float) -> None:
    queue.dispatch(held.command.pk, seconds, bulk=held.command.batch_id is not None)


def _done(held: queue.Claim, step: CommandStep | None, verdict: Done) -> bool:
    command, applied = held.command, verdict.applied
    result = plain(dict(_saved(applied.save, held) or {}))
    if not queue.move(
        command.pk,
        State.SUCCEEDED,
        among=(State.SENDING, State.IN_DOUBT),
        owner=held.owner,
        result=result,
        error=None,
    ):
        return False
    _close_step(step, applied)
    if command.target_pc_id:
        questions.forget(command.connection_id, command.target_pc_id)
    command.result = result
    events.record(command, "confirmed", correlation_id=applied.correlation_id)
    return True


def _later(held: queue.Claim, step: CommandStep | None, verdict: Later) -> bool:
    fields: dict[str, Any] = {"error": verdict.failure.as_json() if verdict.failure else None}
    if verdict.accepted:
        _keep_step(step, StepState.ACCEPTED, correlation_id=verdict.correlation_id)
        put = queue.put_off(held, verdict.seconds, **fields)
    else:
        put = queue.put_back(held, verdict.seconds, **fields)
    transaction.on_commit(lambda: _wake(held, verdict.seconds))
    return put


def _doubt(held: queue.Claim, step: CommandStep | None, verdict: Doubt) -> bool:
    command, error = held.command, verdict.failure.as_json()
    if command.state == State.IN_DOUBT:
        return queue.put_off(held, queue.backoff(command.attempts), error=error)
    transaction.on_commit(lambda: _wake(held, FIRST_LOOK))
    if not queue.doubt(held, FIRST_LOOK, error=error):
        return False
    _keep_step(step, None, correlation_id=verdict.failure.correlation_id)
    events.record(command, "in_doubt", correlation_id=verdict.failure.correlation_id)
    return True


def _failed(held: queue.Claim, step: CommandStep | None, verdict: Failed) -> bool:
    command, error = held.command, verdict.failure.as_json()
    _saved(verdict.save, held)
    among, owner = (State.SENDING, State.IN_DOUBT), held.owner
    if not queue.move(command.pk, State.FAILED, among=among, owner=owner, error=error):
        return False
    _keep_step(step, StepState.FAILED, correlation_id=verdict.failure.correlation_id)
    events.record(
        command,
        "failed",
        correlation_id=verdict.failure.correlation_id,
        parameters={"kind": str(verdict.failure.kind), "code": verdict.failure.code},
    )
    news.failed(command)
    return True


def _withheld(held: queue.Claim, step: CommandStep | None, verdict: Withheld) -> bool:
    fields = {"withheld_body": plain(verdict.body), "error": None}
    among, owner = (State.SENDING,), held.owner
    if not queue.move(held.command.pk, State.WITHHELD, among=among, owner=owner, **fields):
        return False
    _keep_step(step, StepState.WITHHELD)
    events.record(held.command, "withheld")
    return True


def _unapproved(held: queue.Claim, _step: CommandStep | None, _verdict: Unapproved) -> bool:
    among, command = (State.SENDING,), held.command
    if not queue.move(command.pk, State.AWAITING_APPROVAL, among=among, owner=held.owner):
        return False
    asking.ask(command, Need(None))
    return True


def _saved(save: Save, held: queue.Claim) -> Mapping[str, Any] | None:
    """Bring the mirror up to date. A fault there must not hide that the change went through."""
    try:
        with transaction.atomic(), events.history_context(held.command):
            return save()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("outbox.answer_not_saved", command_id=held.command.pk)
        return None


def _close_step(step: CommandStep | None, applied: Applied) -> None:
    answer = plain(dict(applied.answer)) if applied.answer is not None else None
    _keep_step(step, StepState.SUCCEEDED, correlation_id=applied.correlation_id, answer=answer)


def _keep_step(step: CommandStep | None, state: StepState | None, **fields: Any) -> None:
    if step is None:
        return
    fields = {name: value for name, value in fields.items() if value}
    if state is not None:
        fields["state"] = state
    if state in (StepState.SUCCEEDED, StepState.ACCEPTED):
        fields["answered_at"] = timezone.now()
    CommandStep.objects.filter(pk=step.pk).update(**fields)
