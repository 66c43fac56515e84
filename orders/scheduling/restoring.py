"""The second step of a change in mid-term: the schedule that it deleted is written again and read back.

It is a step of its own with its own MS-RequestId: a worker that dies between the two leaves the change done
and the schedule to be written, and the next one writes it once.
"""

from collections.abc import Mapping
from typing import Any

from orders.fresh import Fresh, ids, read
from orders.scheduling import schedules
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.partnercenter.operations.upgrades import SCHEDULE_CHANGE


def is_wanted(parameters: Mapping[str, Any]) -> bool:
    """Whether the person asked to have the schedule put back."""
    return bool(parameters.get("restore"))


def step() -> verbs.Step:
    """The step, for verbs that a schedule does not survive."""
    return verbs.Step(name=SCHEDULE_CHANGE.name, deliver=deliver, settle=settle, wanted=is_wanted)


def deliver(attempt: Attempt) -> verbs.Delivered:
    """Write it, unless it is there. Another schedule that somebody has made meanwhile is left alone."""
    fresh = read(attempt)
    found = _found(attempt, fresh)
    if not isinstance(found, verbs.NotApplied):
        return found
    reply = attempt.write(
        SCHEDULE_CHANGE,
        body=schedules.wire(fresh.payload, _wanted(attempt)),
        etag=(fresh.payload.get("attributes") or {}).get("etag"),
        **ids(attempt.command),
    )
    again = read(attempt)
    if again.columns["schedule"] != _wanted(attempt):
        return verbs.Accepted(correlation_id=reply.correlation_id)
    return verbs.Applied(save=again.saver(attempt.command), correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says: there, nothing there yet, or another one."""
    return _found(attempt, read(attempt))


def _found(attempt: Attempt, fresh: Fresh) -> verbs.Applied | verbs.NotApplied | verbs.Changed:
    if fresh.columns["schedule"] == _wanted(attempt):
        correlation_id = attempt.step.correlation_id
        return verbs.Applied(save=fresh.saver(attempt.command), correlation_id=correlation_id)
    return verbs.NotApplied() if fresh.columns["schedule"] is None else _other(attempt, fresh)


def _other(attempt: Attempt, fresh: Fresh) -> verbs.Changed:
    difference = {"schedule": (_wanted(attempt), fresh.columns["schedule"])}
    return verbs.Changed(difference=difference, save=fresh.saver(attempt.command))


def _wanted(attempt: Attempt) -> schedules.Schedule:
    found: schedules.Schedule = attempt.command.parameters["schedule"]
    return found
