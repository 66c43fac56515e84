"""What a person does with Commands: submit, approve, decline, cancel, try again, give up.

Each is one transaction with its activity entry, asks the guard first, and moves the state by a
conditional UPDATE; whoever comes second is told that it has moved on.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.outbox import chains, clouds, events, queue, verbs
from portal.outbox.approvals import asking, deciding
from portal.outbox.approvals.models import BatchApproval, Outcome, Wait, named
from portal.outbox.models import Command
from portal.outbox.states import CANCELLABLE, State

SETTLE = "changes.settle"
APPROVE = "changes.approve"


class OvertakenError(RefusedError):
    """The Command has moved on since the person looked; ``str`` says so in their language."""

    def __init__(self, message: str) -> None:
        """Keep the message."""
        super().__init__("overtaken", message)


class KeyReusedError(RefusedError):
    """The same submission key came with another request."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("key_reused", _("This key has already been used for another change."))


@dataclass(frozen=True)
class Asked:
    """What comes with every verb: why, the key under which form or client may repeat itself, the batch that asks.

    ``follows_id`` is the change that must be confirmed before.
    """

    reason: str = ""
    submission: str = ""
    batch_id: int | None = None
    follows_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is asked. ``before`` is what the person sees now, ``after`` what they want, field by field.

    ``submission`` is the form's or API client's own key: the same key makes one Command.
    ``follows_id`` is a Command that must be confirmed before this one goes out. ``target_type`` is
    another than the verb's own where that one makes the target, which is not there yet: ``chains.arrived``
    puts it in its place.
    """

    verb: str
    connection: Connection
    reseller_id: int | None
    customer_pc_id: str
    customer_name: str
    target_pc_id: str
    target_label: str
    before: dict[str, Any]
    after: dict[str, Any]
    parameters: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    submission: str = ""
    not_before: dt.datetime | None = None
    batch_id: int | None = None
    follows_id: int | None = None
    target_type: str = ""


def earlier(actor: Actor, draft_verb: str, target: models.Model, submission: str) -> Command | None:
    """The Command that this submission key has already made, or None.

    Raises KeyReusedError if the key belongs to another verb or target.
    """
    if not submission:
        return None
    found = Command.objects.filter(actor_id=actor.user_id, submission=submission).first()
    if found is not None and (found.verb, found.target_id) != (draft_verb, target.pk):
        raise KeyReusedError
    return found


def submit(actor: Actor, scope: Scope, draft: Draft, target: models.Model) -> Command:
    """Keep the Command with its activity entry, and wake a worker on commit.

    It waits if another Command of the target is under way, for a second person if a rule or the mode
    "ask" wants one and none has approved its whole batch, and for its time if ``not_before`` is set. Raises
    Http404 or PermissionDenied like ``guard.require``, RefusedError for what the connection's cloud lacks.
    """
    verb = verbs.get(draft.verb)
    require(scope, verb.right, target)
    if scope.read_only or actor.user_id is None:
        raise PermissionDenied
    if found := earlier(actor, draft.verb, target, draft.submission):
        return found
    clouds.must_carry(verb, draft.connection, draft.parameters)
    given = asking.batch_approval(draft.batch_id, actor.user_id)
    need = None if given else deciding.needed(scope, _wish(draft), target)
    try:
        with transaction.atomic():
            found_as = (draft.target_type or verb.target_type, target.pk)
            command = _insert(actor.user_id, draft, found_as, need, given)
            events.record(command, "requested", actor=actor)
            if given is not None and given.decided_by is not None:
                _record_decision(command, "approved", Actor.for_user(given.decided_by), given)
            if need is not None:
                asking.ask(command, need)
    except IntegrityError:
        # Two clicks at once: the first one's Command is there now.
        if again := earlier(actor, draft.verb, target, draft.submission):
            return again
        raise
    queue.promote(command.target_type, command.target_id)
    command.refresh_from_db(fields=["state"])
    return command


def _wish(draft: Draft) -> deciding.Wish:
    return deciding.Wish(
        verb=draft.verb,
        connection=draft.connection,
        reseller_id=draft.reseller_id,
        before=draft.before,
        after=draft.after,
    )


def _insert(
    actor_id: int,
    draft: Draft,
    target: tuple[str, int],
    need: deciding.Need | None,
    given: BatchApproval | None,
) -> Command:
    target_type, target_id = target
    if need is not None:
        state = State.AWAITING_APPROVAL
    else:
        state = State.SCHEDULED if draft.not_before else State.WAITING
    return Command.objects.create(
        verb=draft.verb,
        connection=draft.connection,
        reseller_id=draft.reseller_id,
        customer_pc_id=draft.customer_pc_id,
        customer_name=draft.customer_name[:255],
        target_type=target_type,
        target_id=target_id,
        target_pc_id=draft.target_pc_id,
        target_label=draft.target_label[:255],
        parameters=draft.parameters,
        before=draft.before,
        after=draft.after,
        reason=draft.reason,
        actor_id=actor_id,
        submission=draft.submission,
        state=state,
        not_before=draft.not_before,
        batch_id=draft.batch_id,
        follows_id=draft.follows_id,
        approved_by_id=given.decided_by_id if given else None,
    )


def may_approve(scope: Scope, command: Command) -> bool:
    """Whether this person is the second person: another one, with the right."""
    return (
        scope.can(APPROVE, command)
        and not scope.read_only
        and scope.user_id is not None
        and scope.user_id != command.actor_id
    )


def approve(actor: Actor, scope: Scope, command: Command) -> None:
    """A second person lets it go out. Raises PermissionDenied for the one who asked."""
    _as_second_person(scope, command)
    _move(command, State.WAITING, (State.AWAITING_APPROVAL,), approved_by_id=actor.user_id)
    approval = asking.decided(command, actor.user_id, Outcome.APPROVED)
    _record_decision(command, "approved", actor, approval)
    queue.promote(command.target_type, command.target_id)


def decline(actor: Actor, scope: Scope, command: Command) -> None:
    """A second person says no: it is cancelled and nothing is sent."""
    _as_second_person(scope, command)
    _move(command, State.CANCELLED, (State.AWAITING_APPROVAL,))
    approval = asking.decided(command, actor.user_id, Outcome.DECLINED)
    _record_decision(command, "declined", actor, approval)
    chains.stop(command)


def _record_decision(command: Command, event: str, actor: Actor, approval: Wait | None) -> None:
    """The entry names the rule and its version, where a rule asked."""
    rule = named(approval)
    event = f"{event}_by_rule" if rule else event
    events.record(command, event, actor=actor, parameters=rule or None)


def cancel(actor: Actor, scope: Scope, command: Command) -> None:
    """Take a Command back that has not left yet: its own person, or one who may settle changes."""
    if scope.user_id != command.actor_id:
        require(scope, SETTLE, command)
    if not take_back(actor, command):
        raise _overtaken()


def take_back(actor: Actor, command: Command) -> bool:
    """Cancel what has not left, without asking whether the person may; False if it has left."""
    if not queue.move(command.pk, State.CANCELLED, among=CANCELLABLE):
        return False
    asking.decided(command, None, Outcome.WITHDRAWN)
    events.record(command, "cancelled", actor=actor)
    chains.stop(command)
    queue.promote(command.target_type, command.target_id)
    return True


def retry(actor: Actor, scope: Scope, command: Command) -> None:
    """Try a failed Command again, or look at once for the outcome of one in doubt.

    After "changed" the person has seen the difference: what was found then becomes ``before``.
    """
    require(scope, SETTLE, command)
    if command.state != State.IN_DOUBT:
        if not reopen(actor, command):
            raise _overtaken()
        return
    _look_now(command)
    events.record(command, "retried", actor=actor)


def reopen(actor: Actor, command: Command) -> bool:
    """Let a failed Command go out again, without asking whether the person may; False if it is not failed."""
    if not queue.move(
        command.pk,
        State.WAITING,
        among=(State.FAILED,),
        attempts=0,
        not_before=None,
        error=None,
        before=command.before | _found(command),
    ):
        return False
    events.record(command, "retried", actor=actor)
    queue.promote(command.target_type, command.target_id)
    return True


def give_up(actor: Actor, scope: Scope, command: Command) -> None:
    """Leave a failed or doubtful Command as it is: it is cancelled, its error stays on record."""
    require(scope, SETTLE, command)
    _move(command, State.CANCELLED, (State.FAILED, State.IN_DOUBT))
    events.record(command, "given_up", actor=actor, parameters={"state": command.state})
    chains.stop(command)
    queue.promote(command.target_type, command.target_id)


def _as_second_person(scope: Scope, command: Command) -> None:
    require(scope, APPROVE, command)
    if not may_approve(scope, command):
        raise PermissionDenied


def _found(command: Command) -> dict[str, Any]:
    found: dict[str, list[Any]] = (command.error or {}).get("difference", {})
    return {name: now for name, (_seen, now) in found.items()}


def _look_now(command: Command) -> None:
    rows = Command.objects.filter(pk=command.pk, state=State.IN_DOUBT)
    if not rows.update(not_before=None, dispatched_at=queue.ClockNow()):
        raise _overtaken()
    transaction.on_commit(lambda: queue.dispatch(command.pk))


def _move(command: Command, target: State, among: tuple[State, ...], **fields: Any) -> None:
    if not queue.move(command.pk, target, among=among, **fields):
        raise _overtaken()


def _overtaken() -> OvertakenError:
    return OvertakenError(_("This change has moved on meanwhile. The page shows where it is now."))
