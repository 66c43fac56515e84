"""The worker's side: read, compare, PUT the whole profile with its etag, keep the answer."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from customers.asking.submitting import TARGET, target
from customers.profiles import actions, mapping, rules
from customers.profiles.part import BILLING
from portal.mirror import families, freshness, refresh, upsert
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.operations.customers import (
    GET_CUSTOMER_BILLING_PROFILE,
    UPDATE_CUSTOMER_BILLING_PROFILE,
)
from portal.partnercenter.transport import utc_now


@dataclass(frozen=True)
class Fresh:
    """The profile as Partner Center has it."""

    payload: Mapping[str, Any]
    observed_at: dt.datetime

    @property
    def values(self) -> dict[str, str]:
        return mapping.values(self.payload)

    def reached(self, command: Command) -> bool:
        """Whether it is as asked."""
        return all(self.values[name] == value for name, value in command.after.items())

    def difference(self, command: Command) -> dict[str, tuple[Any, Any]]:
        """The fields that are not as the person saw them: (seen, now)."""
        return {
            name: (seen, self.values[name])
            for name, seen in command.before.items()
            if self.values[name] != seen
        }

    def saver(self, command: Command) -> verbs.Save:
        """Bring the mirror's row up to this, and tell what is confirmed."""

        def save() -> dict[str, Any]:
            family, connection = families.get(BILLING), command.connection
            upsert.upsert(
                family,
                family.listing.representation,
                connection,
                [dict(self.payload)],
                observed_at=self.observed_at,
                parent=command.customer_pc_id,
            )
            freshness.note(connection, BILLING, [(command.customer_pc_id, self.observed_at)])
            # Get-by-id carries the profile too.
            refresh.request(connection, "customers", command.customer_pc_id, reason="change")
            return {name: self.values[name] for name in command.after}

        return save


def send(attempt: Attempt) -> verbs.Delivered:
    """Send it, unless it is so already or somebody has changed it since it was seen."""
    command = attempt.command
    fresh = _read(attempt)
    if fresh.reached(command) and attempt.may_have_left:
        return verbs.Applied(save=fresh.saver(command))
    if difference := fresh.difference(command):
        return verbs.Changed(difference=difference, save=fresh.saver(command))
    reply = attempt.write(
        UPDATE_CUSTOMER_BILLING_PROFILE,
        body=mapping.changed(fresh.payload, command.after),
        etag=(fresh.payload.get("attributes") or {}).get("etag"),
        customer_id=command.customer_pc_id,
    )
    answer = Fresh(reply.body, utc_now()) if reply.body else _read(attempt)
    if not answer.reached(command):
        answer = _read(attempt)
    if not answer.reached(command):
        return verbs.Accepted(correlation_id=reply.correlation_id)
    return verbs.Applied(save=answer.saver(command), correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says about a write whose answer was lost."""
    command = attempt.command
    fresh = _read(attempt)
    if fresh.reached(command):
        return verbs.Applied(save=fresh.saver(command), correlation_id=attempt.step.correlation_id)
    if difference := fresh.difference(command):
        return verbs.Changed(difference=difference, save=fresh.saver(command))
    return verbs.NotApplied()


def _read(attempt: Attempt) -> Fresh:
    reply = attempt.read(GET_CUSTOMER_BILLING_PROFILE, customer_id=attempt.command.customer_pc_id)
    return Fresh(dict(reply.body), reply.observed_at)


def show(_field: str, value: Any) -> str:
    """One value in words."""
    return str(value) if value else pgettext("no value", "none")


def _summary(command: Command) -> str:
    labels = ", ".join(str(rules.LABELS.get(name, name)) for name in command.after)
    return str(_("Billing profile: %(fields)s")) % {"fields": labels}


def register() -> None:
    """Enter the verb; called from AppConfig.ready."""
    verbs.register(
        verbs.Verb(
            name=actions.CHANGE_BILLING_PROFILE,
            label=_("Change billing profile"),
            right=actions.RIGHT,
            target_type=TARGET,
            target=target,
            steps=(
                verbs.Step(name=UPDATE_CUSTOMER_BILLING_PROFILE.name, deliver=send, settle=settle),
            ),
            fields=rules.LABELS,
            target_url="customer_profile",
            show=show,
            summary=_summary,
            personal=frozenset(rules.LABELS),
        )
    )
