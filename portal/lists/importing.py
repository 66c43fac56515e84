"""External ids from a table: what each line would do is told first; then the whole file or nothing."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.lists import external, objects, queries
from portal.lists.intake import reading
from portal.lists.intake.columns import Column
from portal.lists.intake.reading import Problem, Reading, Row
from portal.lists.models import ExternalId
from portal.lists.models.external import IDENTIFYING, LONGEST_SYSTEM, LONGEST_VALUE, ExternalKind

NEW, CHANGED, SAME = "new", "changed", "same"
Key = tuple[Any, ...]


def _kind(text: str) -> str:
    for kind in ExternalKind:
        if text.casefold() in {kind.value, str(kind.label).casefold()}:
            return kind.value
    raise ValueError(
        _("Write one of: %(known)s.")
        % {"known": ", ".join(str(kind.value) for kind in ExternalKind)}
    )


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("Write a day as 2026-12-24.")) from None


def _object_type(text: str) -> str:
    for kind in objects.all_types():
        if text.casefold() in {kind.slug, str(kind.label).casefold()}:
            return kind.slug
    known = ", ".join(kind.slug for kind in objects.all_types())
    raise ValueError(_("Write one of: %(known)s.") % {"known": known})


def _at_most(most: int) -> Callable[[str], str]:
    def clean(text: str) -> str:
        if len(text) > most:
            raise ValueError(_("At most %(n)s characters.") % {"n": most})
        return text

    return clean


COLUMNS = (
    Column(key="object_type", label=gettext_lazy("Object type"), clean=_object_type),
    Column(key="object_id", label=gettext_lazy("Partner Center ID")),
    Column(key="system", label=gettext_lazy("System"), clean=_at_most(LONGEST_SYSTEM)),
    Column(key="kind", label=gettext_lazy("Kind"), clean=_kind),
    Column(key="value", label=gettext_lazy("Value"), clean=_at_most(LONGEST_VALUE)),
    Column(key="valid_from", label=gettext_lazy("Valid from"), clean=_day, required=False),
    Column(key="valid_to", label=gettext_lazy("Valid to"), clean=_day, required=False),
    Column(key="connection", label=gettext_lazy("Connection"), required=False),
)
LABELS = {column.key: column.label for column in COLUMNS}


@dataclass(frozen=True)
class Line:
    """A line that can be used. ``does`` is NEW, CHANGED (its validity) or SAME; ``row`` is what it makes or meets."""

    number: int
    kind: objects.ObjectType
    obj: Any
    given: external.Value
    row: ExternalId
    does: str

    @property
    def kind_label(self) -> str:
        """The value's kind in words."""
        return str(ExternalKind(self.given.kind).label)


@dataclass
class Plan:
    """What a table would do. With problems nothing of it is done."""

    table: Reading
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many lines are new, change something, or are known already."""
        return {NEW: 0, CHANGED: 0, SAME: 0} | Counter(line.does for line in self.lines)


def plan(scope: Scope, chunks: Iterable[bytes]) -> Plan:
    """Read a table and find out what it would do; nothing is written.

    Raises intake's FileRefusedError for what is no such table.
    """
    table = reading.read(chunks, COLUMNS)
    found = Plan(table, problems=list(table.problems))
    for kind in objects.all_types():
        rows = [row for row in table.rows if row.values["object_type"] == kind.slug]
        if rows:
            _Planning(scope, kind, rows).into(found)
    found.lines.sort(key=lambda line: line.number)
    _not_twice(found)
    found.problems.sort(key=lambda problem: problem.line)
    return found


def carry_out(actor: Actor, scope: Scope, found: Plan) -> None:
    """Do what was planned, all of it or nothing. Raises external.RefusedError if something came between."""
    with transaction.atomic():
        external.add_all(actor, [line.row for line in found.lines if line.does == NEW])
        for line in found.lines:
            if line.does == CHANGED:
                external.change(actor, scope, line.row, line.given)


class _Planning:
    """The lines about one kind of object: each is met with its object and with what is noted already."""

    def __init__(self, scope: Scope, kind: objects.ObjectType, rows: Sequence[Row]) -> None:
        self.scope, self.kind, self.rows = scope, kind, rows
        written = {row.values["object_id"].casefold() for row in rows}
        self.mine = _by_id(kind, scope.narrowed(kind.right), written)
        self.others = _by_id(kind, scope, written - set(self.mine))
        self.connections = {row.pk: row for row in queries.connections(scope)}
        values = {row.values["value"].lower() for row in rows}
        self.there: dict[Key, ExternalId] = {}
        self.taken: dict[Key, ExternalId] = {}
        for known in queries.with_values(scope, values):
            self.there.setdefault(_object_key(known), known)
            if known.kind in IDENTIFYING:
                self.taken[_name_key(known)] = known

    def into(self, found: Plan) -> None:
        """Add a line or a problem for each row."""
        for row in self.rows:
            try:
                found.lines.append(self._line(row))
            except _CellError as error:
                found.problems.append(Problem(row.line, str(LABELS[error.key]), str(error)))

    def _line(self, row: Row) -> Line:
        values = {name: row.values[name] for name in external.FIELDS}
        given, obj = external.Value(**values), self._object(row)
        try:
            made = external.made(self.scope, self.kind, obj, given)
        except external.RefusedError as error:
            raise _CellError("value", str(error)) from error
        made.connection = self.connections[made.connection_id]
        known = self.there.get(_object_key(made))
        other = self.taken.get(_name_key(made))
        if known is None and other is not None:
            raise _CellError("value", external.taken(made))
        if known is None:
            return Line(row.line, self.kind, obj, given, made, NEW)
        days = (known.valid_from, known.valid_to)
        does = SAME if days == (given.valid_from, given.valid_to) else CHANGED
        return Line(row.line, self.kind, obj, given, known, does)

    def _object(self, row: Row) -> Any:
        """The one object of the id, in the connection named if one is."""
        key, name = row.values["object_id"].casefold(), row.values["connection"]
        known = [obj for obj in self.mine.get(key, []) if name is None or self._lies_in(obj, name)]
        if len(known) > 1:
            message = _("This ID stands in several connections. Name one in the column Connection.")
            raise _CellError("object_id", message)
        if known:
            return known[0]
        if self.others.get(key):
            raise _CellError("object_id", _("You may not change this object."))
        raise _CellError("object_id", _("No such object in your part of the portal."))

    def _lies_in(self, obj: Any, name: str) -> bool:
        connection = self.connections.get(self.kind.place(obj).connection_id)
        return connection is not None and connection.name.casefold() == name.casefold()


class _CellError(ValueError):
    """A cell that cannot be used: the key of its column, and what to do."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def _by_id(kind: objects.ObjectType, scope: Scope, written: set[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for some in _pieces(sorted(written)):
        for name, obj in kind.by_pc_ids(scope, some):
            found.setdefault(name.casefold(), []).append(obj)
    return found


def _pieces(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), queries.AT_ONCE):
        yield ids[start : start + queries.AT_ONCE]


def _not_twice(found: Plan) -> None:
    """Two lines may neither say the same nor give one identifier to two objects."""
    seen: dict[Key, int] = {}
    for line in found.lines:
        keys = [_object_key(line.row)]
        if line.given.kind in IDENTIFYING:
            keys.append(_name_key(line.row))
        first = next((seen[key] for key in keys if key in seen), None)
        if first is not None:
            message = _("The same as on line %(n)s. Keep one of them.") % {"n": first}
            found.problems.append(Problem(line.number, str(LABELS["value"]), message))
        for key in keys:
            seen.setdefault(key, line.number)


def _object_key(row: ExternalId) -> Key:
    of = (row.connection_id, row.object_type, row.object_pc_id.casefold())
    return (*of, row.system.lower(), row.kind, row.value.lower())


def _name_key(row: ExternalId) -> Key:
    """What no two objects of one reseller may share."""
    of = (row.connection_id, row.reseller_id)
    return (*of, row.system.lower(), row.kind, row.value.lower())
