"""Which verbs can be asked for many at once, entered by the domain apps from AppConfig.ready."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import DataError
from django.db.models import Model
from django.utils.translation import gettext_lazy

from portal.access.scope import Scope

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from portal.activity.actors import Actor
    from portal.outbox.commands import Asked
    from portal.outbox.models import Command

Parameters = Mapping[str, Any]
Targets = Mapping[int, Model]
Live = Callable[[Model, Parameters], bool]


WORDS = {
    "batch.gone": gettext_lazy("It is no longer there."),
    "batch.forbidden": gettext_lazy("You may not make this change here."),
    "batch.changed": gettext_lazy("It changed after the check, so nothing was sent."),
    "batch.fault": gettext_lazy("What is asked for it makes no sense. Nothing was sent."),
}
# What values raise of which no rule has thought. One row must not keep its batch for ever.
FAULTS = (ValueError, TypeError, LookupError, AttributeError, DataError)


@dataclass(frozen=True)
class Plan:
    """What the dry run found for one target: its fields now, and as they would be.

    ``seats`` is filled in by the check: what approval rules and cost look at, None if it is not known.
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    seats: int | None = None


@dataclass(frozen=True)
class Told:
    """What the batch will do, said before it is confirmed. ``title`` and ``button`` hold the number."""

    title: str
    button: str
    undo: str
    points: list[str] = field(default_factory=list)
    danger: bool = False


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """A verb for many. All of it may be called by a worker, in the scope of the person who asks.

    ``targets`` reads the scoped rows of these ids; ``check`` raises RefusedError, sends and keeps nothing;
    its last argument is what changes under way will leave. ``ask`` makes the row's Command.
    ``cost`` says what the cost of its seats means; without it the verb costs nothing. ``live`` asks Partner
    Center about a row before it is checked, on the worker of the dry run and outside any transaction; the
    answer is kept where ``check`` finds it (``mirror.questions``). False: it gives none for now.
    """

    verb: str
    targets: Callable[[Scope, Sequence[int]], Mapping[int, Model]]
    check: Callable[[Model, Parameters, Mapping[str, Any]], Plan]
    ask: "Callable[[Actor, Scope, Model, Parameters, Asked], Command]"
    tell: Callable[[int, Parameters], Told]
    cost: "str | Promise" = ""
    live: Live | None = None


@dataclass(frozen=True)
class Entrance:
    """A way to a new batch, shown on the page of batches."""

    label: "str | Promise"
    url_name: str
    right: str
    icon: str = "plus"


_bulks: dict[str, Bulk] = {}
_entrances: dict[str, Entrance] = {}


def register(bulk: Bulk) -> None:
    """Enter a verb for many."""
    _bulks[bulk.verb] = bulk


def get(verb: str) -> Bulk:
    """The entry of a verb. Raises LookupError for one that cannot be asked for many."""
    try:
        return _bulks[verb]
    except KeyError as error:
        raise LookupError(f"{verb!r} cannot be asked for many") from error


def find(verb: str) -> Bulk | None:
    """The entry of a verb, None for one that cannot be asked for many."""
    return _bulks.get(verb)


def all_bulks() -> list[Bulk]:
    """Every verb for many, by name."""
    return [_bulks[name] for name in sorted(_bulks)]


def enter(entrance: Entrance) -> None:
    """Offer a way to a new batch."""
    _entrances[entrance.url_name] = entrance


def entrances(scope: Scope) -> list[Entrance]:
    """The ways that are open to a person."""
    if scope.read_only:
        return []
    return [found for found in _entrances.values() if scope.can(found.right)]
