"""What the outbox can do: verbs, entered by the domain apps from AppConfig.ready.

A verb says which right it needs, how its target is found again, and for each of its steps how the
write is made and how a read tells whether it was applied. The engine knows nothing else about it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils.functional import Promise

from portal.outbox.events import register_kinds

if TYPE_CHECKING:
    from portal.outbox.attempt import Attempt
    from portal.outbox.models import Command

Save = Callable[[], Mapping[str, Any] | None]


def _nothing() -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Applied:
    """The step is done upstream.

    ``save`` runs inside the settling transaction: it upserts the answer and returns what the page
    shows as confirmed (the fields of ``Command.after`` with their values upstream). ``answer`` is
    kept on the step: keep it small and free of personal values.
    """

    save: Save = _nothing
    answer: Mapping[str, Any] | None = None
    correlation_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """Partner Center took the write and works on it (202): read again later, never send again."""

    correlation_id: str = ""


@dataclass(frozen=True, kw_only=True)
class NotApplied:
    """A read shows that the write has had no effect: it may be sent again with the same MS-RequestId."""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """The target is not what the person saw: nothing was sent, a person decides.

    ``difference`` maps a field to [seen, now]. ``save`` brings the mirror up to date, in the settling transaction.
    """

    difference: Mapping[str, tuple[Any, Any]]
    save: Save = _nothing


@dataclass(frozen=True, kw_only=True)
class Pending:
    """Nothing was sent because something upstream still has to finish: try later."""

    code: str = ""


Delivered = Applied | Accepted | Changed | Pending
Found = Applied | NotApplied | Changed | Pending


def _always(_parameters: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Step:
    """One write of a verb. Both functions run outside any transaction and may raise PartnerError.

    ``wanted`` says by a Command's parameters, which never change, whether it has this step.
    """

    name: str
    deliver: Callable[["Attempt"], Delivered]
    settle: Callable[["Attempt"], Found]
    wanted: Callable[[Mapping[str, Any]], bool] = _always


@dataclass(frozen=True)
class Hint:
    """What is left to do after a confirmed change, with the page (``url``) where it is done."""

    title: str
    text: str
    url: str
    button: str


@dataclass(frozen=True, kw_only=True)
class Verb:
    """``name`` is dotted ("subscription.suspend") and is also the stem of its activity kinds.

    ``target`` finds the object again on the worker, None if it is no longer there.
    ``fields`` labels the keys of ``before`` and ``after``, ``show`` turns one of their values into words,
    ``summary`` tells the whole change in a line. ``bars`` names the fields whose difference nobody may
    override, each with the way on. ``target_url`` is a URL name taking the local id. ``personal`` names
    the fields that tell of people: the log keeps their values apart, under the customer's own key.
    ``of_people``: the target is a person, whose name stands in the log in the same way.
    ``hint`` tells what a confirmed change leaves to do. ``stands`` tells what is left of it, and until
    when it can be taken back, where changes that were to follow it did not come about.
    """

    name: str
    label: Promise
    right: str
    target_type: str
    target: Callable[["Command"], Model | None]
    steps: tuple[Step, ...]
    fields: Mapping[str, Promise]
    target_url: str = ""
    show: Callable[[str, Any], str] = lambda _field, value: str(value)
    summary: Callable[["Command"], str] | None = None
    bars: Mapping[str, Promise] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()
    of_people: bool = False
    hint: Callable[["Command"], Hint | None] | None = None
    stands: Callable[["Command"], str] | None = None

    def steps_for(self, parameters: Mapping[str, Any]) -> tuple[Step, ...]:
        """The steps of a Command with these parameters, in order."""
        return tuple(step for step in self.steps if step.wanted(parameters))


_verbs: dict[str, Verb] = {}


def register(verb: Verb) -> None:
    """Enter a verb; the activity kinds of its events are entered with it."""
    _verbs[verb.name] = verb
    register_kinds(verb.name, verb.label, verb.personal, of_people=verb.of_people)


def get(name: str) -> Verb:
    """The verb of that name. Raises LookupError for a name that no app has entered."""
    try:
        return _verbs[name]
    except KeyError as error:
        raise LookupError(f"no verb {name!r}") from error


def target_of(command: "Command") -> Model | None:
    """What a Command is about, None if it is gone or has never come to be. Raises as ``get``."""
    verb = get(command.verb)
    return verb.target(command) if command.target_type == verb.target_type else None


def find(name: str) -> Verb | None:
    """The verb, or None for one that this release no longer knows: its Commands stay readable."""
    return _verbs.get(name)


def all_verbs() -> tuple[Verb, ...]:
    """Every verb, in the order of their names."""
    return tuple(_verbs[name] for name in sorted(_verbs))
