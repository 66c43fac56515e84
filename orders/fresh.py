"""What a worker reads before and after a PATCH: the resource of a Command, compared with what it asks."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders import actions, rules, term_end
from orders.scheduling import schedules, terms
from portal.mirror import families, upsert
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.operations.subscriptions import GET_SUBSCRIPTION

# mid_term_change_drops_schedule: no second thought lets a change through that deletes a schedule.
BARS = {
    "scheduled_change": _(
        "A change in mid-term would delete what is scheduled. Give this one up and ask again on the"
        " page of the subscription: it offers to put the schedule back."
    )
}


def bars_of(verb: str) -> dict[str, Any]:
    """What no second thought overrules; what is itself about the next term changes what is scheduled."""
    return BARS if verb in actions.MID_TERM else {}


@dataclass(frozen=True)
class Fresh:
    """The resource as Partner Center has it, with the columns that the mirror makes of it."""

    payload: dict[str, Any]
    columns: Mapping[str, Any]
    observed_at: dt.datetime

    def reached(self, command: Command) -> bool:
        """Whether it is as asked."""
        return all(self.columns[name] == value for name, value in command.after.items())

    def difference(self, command: Command) -> dict[str, tuple[Any, Any]]:
        """The fields that are not as the person saw them: (seen, now).

        A schedule is one even where the person has seen it since, and its absence never is; but what is
        to be put back must be what is still there.
        """
        bars = bars_of(command.verb)
        found = {
            name: (value, self.columns[name])
            for name, value in command.before.items()
            if self.columns[name] != value and name not in bars
        }
        if any(name in command.before for name in bars):
            found |= self._unkept(command)
        return found

    def _unkept(self, command: Command) -> dict[str, tuple[Any, Any]]:
        now, kept = self.columns["scheduled_change"], command.parameters.get(actions.SCHEDULE)
        if schedules.told(now) == kept:
            return {}
        return {"scheduled_change": (command.before.get("scheduled_change") if kept else None, now)}

    def saver(self, command: Command) -> verbs.Save:
        """Bring the mirror's row up to this, and tell what is confirmed."""

        def save() -> dict[str, Any]:
            family, detail = _detail()
            upsert.upsert(
                family,
                detail,
                command.connection,
                [self.payload],
                observed_at=self.observed_at,
                parent=command.customer_pc_id,
            )
            return {name: self.columns[name] for name in command.after if name in self.columns}

        return save


def ids(command: Command) -> dict[str, str]:
    """The subscription as paths name it."""
    return {"customer_id": command.customer_pc_id, "subscription_id": command.target_pc_id}


def read(attempt: Attempt) -> Fresh:
    """The subscription as it is now. Raises PartnerError."""
    reply = attempt.read(GET_SUBSCRIPTION, **ids(attempt.command))
    return fresh_of(attempt.command, dict(reply.body), reply.observed_at)


def fresh_of(command: Command, payload: dict[str, Any], observed_at: dt.datetime) -> Fresh:
    """An answer, read as the mirror would."""
    _family, detail = _detail()
    reading = families.Reading(
        connection=command.connection, observed_at=observed_at, parent=command.customer_pc_id
    )
    columns = detail.map(payload, reading)
    schedule = rules.lasting(columns["scheduled_change"])
    derived = {
        "scheduled_change": schedule,
        "schedule": schedules.told(schedule),
        "term_end": term_end.chosen(columns),
        "next_cycle": terms.next_cycle(payload),
    }
    return Fresh(payload, columns | derived, observed_at)


def _detail() -> tuple[families.Family, families.Representation]:
    family = families.get("subscriptions")
    if family.detail is None:
        raise LookupError("subscriptions have no detail representation")
    return family, family.detail.representation
