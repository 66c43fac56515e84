"""The states of a Command and the moves between them: one table, and one conditional UPDATE for each move.

``succeeded``, ``cancelled`` and ``withheld`` are final. ``failed`` waits for a person. ``in_doubt``
means that a write left the portal and no answer came back: only a read, or a person, ends it.
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting for another change")
    AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
    SCHEDULED = "scheduled", _("Scheduled")
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Sending")
    IN_DOUBT = "in_doubt", _("In doubt")
    SUCCEEDED = "succeeded", _("Confirmed")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    WITHHELD = "withheld", _("Withheld, read only")


class StepState(models.TextChoices):
    """``ready``: nothing has left. ``sent``: the write may have left and no answer is known.

    ``accepted``: Partner Center took the write and works on it (202).
    """

    READY = "ready", _("Not sent")
    SENT = "sent", _("Sent, no answer yet")
    ACCEPTED = "accepted", _("Accepted, being worked on")
    SUCCEEDED = "succeeded", _("Confirmed")
    FAILED = "failed", _("Refused")
    WITHHELD = "withheld", _("Withheld, read only")


# At most one Command of a target is in one of these.
LIVE = (State.QUEUED, State.SENDING, State.IN_DOUBT)
# Asked for and not yet decided, in the order in which a Command usually passes them.
OPEN = (State.AWAITING_APPROVAL, State.SCHEDULED, State.WAITING, *LIVE)
SETTLED = (State.SUCCEEDED, State.FAILED, State.CANCELLED, State.WITHHELD)
# A person can still take these back: nothing has left the portal.
CANCELLABLE = (State.AWAITING_APPROVAL, State.SCHEDULED, State.WAITING, State.QUEUED)
# These want a person: the outcome is not what was asked, or not known.
NEEDS_PERSON = (State.IN_DOUBT, State.FAILED)

TRANSITIONS: dict[State, frozenset[State]] = {
    State.AWAITING_APPROVAL: frozenset({State.WAITING, State.CANCELLED}),
    State.SCHEDULED: frozenset({State.WAITING, State.CANCELLED}),
    State.WAITING: frozenset({State.QUEUED, State.CANCELLED}),
    State.QUEUED: frozenset({State.SENDING, State.CANCELLED}),
    State.SENDING: frozenset(
        {
            State.QUEUED,
            State.IN_DOUBT,
            State.SUCCEEDED,
            State.FAILED,
            State.WITHHELD,
            # The connection was put into the mode "ask" meanwhile.
            State.AWAITING_APPROVAL,
        }
    ),
    State.IN_DOUBT: frozenset(
        {State.SENDING, State.QUEUED, State.SUCCEEDED, State.FAILED, State.CANCELLED}
    ),
    State.FAILED: frozenset({State.WAITING, State.CANCELLED}),
    State.SUCCEEDED: frozenset(),
    State.CANCELLED: frozenset(),
    State.WITHHELD: frozenset(),
}


def sources(target: State, among: Iterable[State] | None = None) -> list[State]:
    """The states that may move to ``target``, optionally among the ones given.

    Raises ValueError if one of ``among`` may not: a move outside the table is a mistake in the code.
    """
    allowed = [state for state, targets in TRANSITIONS.items() if target in targets]
    if among is None:
        return allowed
    chosen = list(among)
    if wrong := [state for state in chosen if state not in allowed]:
        raise ValueError(f"{wrong} may not become {target}")
    return chosen
