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
from portal.activity.personal import Personal

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


_personal: dict[str, frozenset[str]] = {}
_of_people: set[str] = set()
KEPT_APART = "…"


def register_kinds(
    name: str,
    label: Promise,
    personal: frozenset[str] = frozenset(),
    *,
    of_people: bool = False,
) -> None:
    """Give each event of a verb its words ("Change seats: confirmed"); the rest as in ``Verb``."""
    _personal[name] = personal
    if of_people:
        _of_people.add(name)
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
    after = command.result if event == "confirmed" and command.result else command.after
    log.record(
        kind if kinds.get(kind).label != kind else f"change.{event}",
        actor=actor or Actor.for_user(command.actor),
        connection=command.connection,
        reseller_id=command.reseller_id,
        target=target(command),
        customer_pc_id=command.customer_pc_id,
        parameters=told,
        before=_apart(command.verb, command.before),
        after=_apart(command.verb, after),
        correlation_id=correlation_id,
        command_id=command.pk,
        about=_about(command, after),
    )


def target(command: "Command") -> log.Target:
    """What an entry names as its target: of a person only the customer, the name is kept apart."""
    is_person = command.verb in _of_people
    label = command.customer_name if is_person else command.target_label
    return command.target_type, command.target_id, label


def _apart(verb: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values with those that tell of people left out, which ``_about`` has."""
    hidden = _personal.get(verb, frozenset())
    return {name: KEPT_APART if name in hidden else value for name, value in values.items()}


def _about(command: "Command", after: dict[str, Any]) -> Personal | None:
    """Old and new of what tells of people, erased with the customer's key."""
    hidden = _personal.get(command.verb, frozenset()) & after.keys()
    before = command.before
    told = {name: f"{before.get(name) or ''} → {after[name] or ''}" for name in sorted(hidden)}
    if command.verb in _of_people:
        told["person"] = command.target_label
    if not told:
        return None
    of_customer = f"customer:{command.customer_pc_id}"
    # Of a customer that is not there yet the request has a key of its own.
    subject = (
        of_customer if command.customer_pc_id else f"{command.target_type}:{command.target_id}"
    )
    return Personal(subject, told)


@contextmanager
def history_context(command: "Command") -> Iterator[None]:
    """Rows that change inside are told in their history as this person's, by this Command."""
    with pghistory.context(user=command.actor_id, command=command.pk):
        yield
