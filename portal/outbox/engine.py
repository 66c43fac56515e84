"""Delivery: claim, check the right again, do the next step outside any transaction, settle in one.

The order of commits is what makes a kill -9 harmless: the step's MS-RequestId is committed before the
write leaves, the outcome after its answer. A step found ``sent`` is never sent blindly; it is read
first, and goes out again only under the same id.
"""

import uuid

import structlog
from django.db import transaction

from portal.access.scope import Scope
from portal.connections.clients import Purpose, get_client
from portal.connections.models import Mode
from portal.outbox import failures, queue, secrets, settling, verbs
from portal.outbox.attempt import Attempt
from portal.outbox.failures import Failure, Kind
from portal.outbox.models import Command, CommandStep
from portal.outbox.settling import Done, Doubt, Failed, Later, Unapproved, Verdict, Withheld
from portal.outbox.states import StepState
from portal.partnercenter.errors import PartnerError, ReadOnlyBlocked

log = structlog.get_logger(__name__)


def deliver(command_id: int) -> Command | None:
    """Work on one Command as far as it goes now; the Command, None if there was nothing to do.

    Safe to call at any time, any number of times.
    """
    held = queue.claim(command_id)
    if held is None:
        return None
    try:
        _work(held)
    except queue.LeaseLostError:
        log.warning("outbox.lease_lost", command_id=command_id)
    return held.command


def _work(held: queue.Claim) -> None:
    verb = verbs.find(held.command.verb)
    if verb is None:
        settling.settle(held, None, Failed(Failure(Kind.UNKNOWN_VERB)))
        return
    steps = verb.steps_for(held.command.parameters)
    for spec, step in _open_steps(held, steps):
        verdict = _judge(held, verb, spec, step)
        if not (isinstance(verdict, Done) and spec is not steps[-1]):
            settling.settle(held, step, verdict)
            return
        settling.step_done(held, step, verdict)


def _open_steps(
    held: queue.Claim, steps: tuple[verbs.Step, ...]
) -> list[tuple[verbs.Step, CommandStep]]:
    """The steps not yet settled, in order; their rows are committed here, with their request ids.

    A step that had failed is tried again because a person said so: under a new id.
    """
    with transaction.atomic(durable=True):
        made = CommandStep.objects.filter(command=held.command, position__lt=len(steps))
        rows = list(made.order_by("position"))
        rows += CommandStep.objects.bulk_create(
            CommandStep(command=held.command, position=position, name=steps[position].name)
            for position in range(len(rows), len(steps))
        )
        for row in rows:
            if row.state == StepState.FAILED:
                row.state, row.request_id = StepState.READY, uuid.uuid4()
                row.save(update_fields=["state", "request_id"])
    pairs = zip(steps, rows, strict=True)
    return [(spec, row) for spec, row in pairs if row.state != StepState.SUCCEEDED]


def _judge(held: queue.Claim, verb: verbs.Verb, spec: verbs.Step, step: CommandStep) -> Verdict:
    """Try the step and say what became of it. Never raises but for a lost lease or a lost database."""
    try:
        purpose: Purpose = "write" if held.command.batch_id is None else "bulk"
        client = get_client(held.command.connection, purpose)
        return _advance(verb, spec, Attempt(held, step, client))
    except queue.LeaseLostError:
        raise
    except ReadOnlyBlocked as error:
        return Withheld(secrets.masked(error.body))
    except PartnerError as error:
        return _after_error(held, step, error)
    except Exception as error:
        log.exception("outbox.fault", command_id=held.command.pk, verb=verb.name)
        failure = Failure(Kind.INTERNAL, message=type(error).__name__)
        return Doubt(failure) if step.state == StepState.SENT else Failed(failure)


def _advance(verb: verbs.Verb, spec: verbs.Step, attempt: Attempt) -> Verdict:
    """Read first if something may have left, and send if it is sure that nothing was applied."""
    if attempt.may_have_left:
        found = spec.settle(attempt)
        if not isinstance(found, verbs.NotApplied):
            return _verdict(attempt, found)
        if attempt.step.state == StepState.ACCEPTED:
            return _still_working(attempt)
    barred = _barred(attempt.command, verb)
    return barred or _verdict(attempt, spec.deliver(attempt))


def _barred(command: Command, verb: verbs.Verb) -> Verdict | None:
    """Whether the person may still do this, now, to the target as it stands now."""
    target = verbs.target_of(command)
    if target is None:
        return Failed(Failure(Kind.GONE))
    scope = Scope.for_user(command.actor)
    if scope.read_only or not scope.can(verb.right, target):
        return Failed(Failure(Kind.FORBIDDEN))
    if command.connection.mode == Mode.ASK and command.approved_by_id is None:
        return Unapproved()
    return None


def _verdict(attempt: Attempt, outcome: verbs.Delivered | verbs.Found) -> Verdict:
    attempts = attempt.command.attempts
    match outcome:
        case verbs.Applied():
            return Done(outcome)
        case verbs.Accepted():
            return _still_working(attempt, outcome.correlation_id)
        case verbs.Changed():
            # After a write of unknown outcome nobody can say whose doing the difference is.
            kind = Kind.NO_ANSWER if attempt.may_have_left else Kind.CHANGED
            return Failed(Failure(kind, difference=outcome.difference), outcome.save)
        case verbs.Pending() if attempts < queue.MAX_ATTEMPTS:
            return Later(
                max(queue.backoff(attempts), failures.CONFLICT_WAIT),
                Failure(Kind.REFUSED, code=outcome.code),
            )
        case verbs.Pending():
            return Failed(Failure(Kind.EXHAUSTED, code=outcome.code))
        case verbs.NotApplied():
            return Later(queue.backoff(attempts), Failure(Kind.NO_ANSWER))


def _still_working(attempt: Attempt, correlation_id: str = "") -> Verdict:
    """202: look again later; what never shows is in doubt, because it may still come."""
    attempts = attempt.command.attempts
    if attempts >= queue.MAX_ATTEMPTS:
        return Doubt(Failure(Kind.NO_ANSWER, correlation_id=correlation_id))
    return Later(queue.backoff(attempts), accepted=True, correlation_id=correlation_id)


def _after_error(held: queue.Claim, step: CommandStep, error: PartnerError) -> Verdict:
    """An error leaves the write unsent, refused, or with an unknown outcome."""
    attempts = held.command.attempts
    if step.state == StepState.ACCEPTED:
        return Later(queue.backoff(attempts), Failure.of(error), accepted=True)
    if step.state == StepState.SENT:
        return Doubt(Failure.of(error, Kind.NO_ANSWER))
    wait = failures.wait_for(error, attempts)
    if wait is not None:
        return Later(wait, Failure.of(error))
    spent = error.transient and attempts >= queue.MAX_ATTEMPTS
    return Failed(Failure.of(error, Kind.EXHAUSTED if spent else None))
