"""What higher apps want to know about the mirror: registered by name, called in a set-based way.

``on_change`` runs in the transaction of each batch with the ids of the rows just written or gone;
``after_pass`` once when a family has been read completely.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.connections.models import Connection


@dataclass(frozen=True, kw_only=True)
class Completed:
    """A family was read completely. ``first`` is true if it never was before on this connection."""

    connection: Connection
    family: str
    started_at: dt.datetime
    first: bool


Changed = Callable[[Connection, Sequence[int]], None]
Passed = Callable[[Completed], None]

_changed: dict[str, dict[str, Changed]] = defaultdict(dict)
_passed: dict[str, dict[str, Passed]] = defaultdict(dict)


def on_change(family: str, name: str, call: Changed) -> None:
    """Have ``call(connection, ids)`` run for rows written or gone, inside their transaction."""
    _changed[family][name] = call


def after_pass(family: str, name: str, call: Passed) -> None:
    """Have ``call(completed)`` run when the family has been read completely, in one transaction."""
    _passed[family][name] = call


def changed(family: str, connection: Connection, ids: Sequence[int]) -> None:
    """Tell everyone who asked about rows of this family."""
    if ids:
        for call in _changed[family].values():
            call(connection, ids)


def passed(completed: Completed) -> None:
    """Tell everyone who waits for this family to be complete."""
    for call in _passed[completed.family].values():
        call(completed)


def registered() -> dict[str, list[str]]:
    """Return the names registered for each family, for the test that they are filled."""
    found = {name: [*calls] for name, calls in _changed.items()}
    for name, calls in _passed.items():
        found.setdefault(name, []).extend(calls)
    return found
