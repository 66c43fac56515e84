"""Activity entries of a Command: one kind for each verb and event, entered with the verb."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pghistory
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.activity import kinds, log
from portal.activity.actors import Actor

if TYPE_CHECKING:
    from portal.outbox.models import Command

# Event → its word and the change status that the log marks it with.
EVENTS = {
    "requested": (_("requested"), "requested"),
    "held": (_("waits for a second person (rule {rule}, version {version})"), "requested"),
    "approved_by_rule": (_("approved (rule {rule}, version {version})"), "approved"),
    "declined_by_rule": (_("declined (rule {rule}, version {version})"), "cancelled"),
    "expired": (_("expired, nobody approved it in time"), "cancelled"),
    "approved": (_("approved"), "approved"),
    "declined": (_("declined"), "cancelled"),
    "confirmed": (_("confirmed"), "confirmed"),
    "failed": (_("failed"), "failed"),
    "in_doubt": (_("in doubt"), "in_doubt"),
    "withheld": (_("withheld, read only"), "withheld"),
    "retried": (_("tried again"), "requested"),
    "given_up": (_("given up"), "cancelled"),
    "cancelled": (_("cancelled"), "cancelled"),
}


def register_kinds(name: str, label: Promise) -> None:
    """Give each event of a verb its words ("Change seats: confirmed")."""
    for event, (word, outcome) in EVENTS.items():
        words = format_lazy(_("{verb}: {event}"), verb=label, event=word)
        kinds.kind(f"{name}.{event}", words, outcome=outcome)


# For Commands whose verb this release no longer knows.
register_kinds("change", _("Change"))


def record(
    command: "Command",
    event: str,
    *,
    actor: Actor | None = None,
    correlation_id: str = "",
    parameters: dict[str, Any] | None = None,
) -> None:
    """Add the entry in the caller's transaction. Without ``actor`` it is the person behind the Command, on the worker."""
    told = dict(command.parameters if parameters is None else parameters)
    if event == "requested" and command.reason:
        told["reason"] = command.reason
    kind = f"{command.verb}.{event}"
    log.record(
        kind if kinds.get(kind).label != kind else f"change.{event}",
        actor=actor or Actor.for_user(command.actor),
        connection=command.connection,
        reseller_id=command.reseller_id,
        target=(command.target_type, command.target_id, command.target_label),
        customer_pc_id=command.customer_pc_id,
        parameters=told,
        before=command.before,
        after=command.result if event == "confirmed" and command.result else command.after,
        correlation_id=correlation_id,
        command_id=command.pk,
    )


@contextmanager
def history_context(command: "Command") -> Iterator[None]:
    """Rows that change inside are told in their history as this person's, by this Command."""
    with pghistory.context(user=command.actor_id, command=command.pk):
        yield
