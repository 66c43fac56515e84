"""Chains: a Command that waits for another. A confirmed step lets the next go out, a failed one stops the rest.

While a step has failed, those behind it wait: a person tries it again or gives it up. Given up,
cancelled or withheld, it takes the rest with it, and each says which change it waited for.
"""

from django.db import transaction

from portal.outbox import events, queue, verbs
from portal.outbox.models import Command
from portal.outbox.states import State

LIMIT = 100
STOPPED = (State.FAILED, State.CANCELLED, State.WITHHELD)
BEFORE_SENDING = (State.AWAITING_APPROVAL, State.SCHEDULED, State.WAITING)


def go_on(command: Command, state: State) -> None:
    """After a step has settled in ``state``, in the same transaction."""
    if state == State.SUCCEEDED:
        for target in _followers(command).values_list("target_type", "target_id").distinct():
            queue.promote(*target)
    elif state in (State.CANCELLED, State.WITHHELD):
        stop(command)


def arrived(stand_in: tuple[str, int], target: tuple[str, int], pc_id: str, customer: str) -> None:
    """The target that Commands waited for is there: point them at it (type and local id of both).

    Run by the ``save`` of the step that made it, so in the transaction that confirms the step.
    """
    Command.objects.filter(
        target_type=stand_in[0], target_id=stand_in[1], state__in=BEFORE_SENDING
    ).update(
        target_type=target[0], target_id=target[1], target_pc_id=pc_id, customer_pc_id=customer
    )


def stop(command: Command) -> None:
    """Cancel everything that waits for a step which will never be confirmed."""
    for follower in _followers(command).select_related("connection", "actor"):
        if queue.move(follower.pk, State.CANCELLED, among=BEFORE_SENDING):
            parameters = {"waited_for": command.pk}
            events.record(follower, "cancelled", parameters=parameters)
            queue.promote(follower.target_type, follower.target_id)
            stop(follower)


def standing(command: Command) -> list[str]:
    """Of a chain that has stopped here: what its confirmed steps have left, and the way back, in words."""
    if command.state not in STOPPED:
        return []
    told: list[str] = []
    before = command.follows_id
    while before is not None and (step := Command.objects.filter(pk=before).first()):
        verb = verbs.find(step.verb)
        if step.state == State.SUCCEEDED and verb is not None and verb.stands is not None:
            told[:0] = filter(None, [verb.stands(step)])
        before = step.follows_id
    return told


def sweep() -> None:
    """Make good what a kill between two transactions left: steps behind one that is over."""
    over = (State.CANCELLED, State.WITHHELD)
    waiting = Command.objects.filter(follows__state__in=over, state__in=BEFORE_SENDING)
    for command in waiting.select_related("follows").order_by("pk")[:LIMIT]:
        if command.follows is not None:
            with transaction.atomic():
                stop(command.follows)


def _followers(command: Command) -> "queue.Commands":
    return Command.objects.filter(follows=command.pk, state__in=BEFORE_SENDING).order_by("pk")
