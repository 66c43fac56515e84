"""External ids from a table: the whole file or nothing of it, in one transaction."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.lists import external, objects, queries
from portal.lists.intake import reading
from portal.lists.intake.columns import Column
from portal.lists.models.external import ExternalKind


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


COLUMNS = (
    Column(key="object_type", label=gettext_lazy("Object type"), clean=_object_type),
    Column(key="object_id", label=gettext_lazy("Partner Center ID")),
    Column(key="system", label=gettext_lazy("System")),
    Column(key="kind", label=gettext_lazy("Kind"), clean=_kind),
    Column(key="value", label=gettext_lazy("Value")),
    Column(key="valid_from", label=gettext_lazy("Valid from"), clean=_day, required=False),
    Column(key="valid_to", label=gettext_lazy("Valid to"), clean=_day, required=False),
)


@dataclass
class Outcome:
    """What an import did: rows added, rows that were there already, or why nothing was done."""

    added: int = 0
    known: int = 0
    problems: list[reading.Problem] = field(default_factory=list)


def load(actor: Actor, scope: Scope, chunks: Iterable[bytes]) -> Outcome:
    """Add what a table holds. Raises intake's FileRefusedError for what is no such table."""
    table = reading.read(chunks, COLUMNS)
    outcome = Outcome(problems=list(table.problems))
    connections = list(
        Connection.objects.filter(pk__in=_connection_ids(scope)).values_list("pk", flat=True)
    )
    with transaction.atomic():
        for row in table.rows:
            _take(actor, scope, connections, row, outcome)
        if outcome.problems:
            transaction.set_rollback(True)
            outcome.added = outcome.known = 0
    outcome.problems.sort(key=lambda problem: problem.line)
    return outcome


def _connection_ids(scope: Scope) -> Iterable[int]:
    visible = scope.visible_connection_ids()
    return Connection.objects.values_list("pk", flat=True) if visible is None else visible


def _take(
    actor: Actor, scope: Scope, connections: list[int], row: reading.Row, outcome: Outcome
) -> None:
    values = dict(row.values)
    kind = objects.get(values.pop("object_type"))
    pc_id = values.pop("object_id")
    given = external.Value(**values)
    try:
        obj = _object(scope, kind, connections, pc_id)
        place = kind.place(obj)
        there = queries.external_ids(scope).filter(
            object_type=kind.slug,
            connection=place.connection_id,
            object_pc_id=place.pc_id,
            system__iexact=given.system,
            kind=given.kind,
            value__iexact=given.value,
        )
        if found := there.first():
            external.change(actor, scope, found, given)
            outcome.known += 1
        else:
            external.add(actor, scope, kind, obj, given)
            outcome.added += 1
    except Http404:
        outcome.problems.append(
            reading.Problem(row.line, "object_id", _("No such object in your part of the portal."))
        )
    except PermissionDenied:
        outcome.problems.append(
            reading.Problem(row.line, "object_id", _("You may not change this object."))
        )
    except external.RefusedError as error:
        outcome.problems.append(reading.Problem(row.line, "value", str(error)))


def _object(scope: Scope, kind: objects.ObjectType, connections: list[int], pc_id: str) -> Any:
    """The object of a Partner Center id in whichever connection has it; Http404 else."""
    for connection_id in connections:
        try:
            return kind.by_pc_id(scope, connection_id, pc_id)
        except Http404:
            continue
    raise Http404
