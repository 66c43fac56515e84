"""External ids: add, change, remove. A value belongs to an object, and lies where the object lies."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.access.guard import require
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.activity.log import record, record_each
from portal.activity.models import Entry
from portal.lists import objects
from portal.lists.models import ExternalId
from portal.lists.models.external import IDENTIFYING, ExternalKind


class RefusedError(ValueError):
    """The value cannot be kept; the text says why."""


@dataclass(frozen=True)
class Value:
    """What a system calls an object."""

    system: str
    kind: str
    value: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


AT_ONCE = 500
FIELDS = tuple(field.name for field in fields(Value))


def add(actor: Actor, scope: Scope, kind: objects.ObjectType, obj: Any, value: Value) -> ExternalId:
    """Give an object one more external id. Http404, PermissionDenied or RefusedError else."""
    require(scope, kind.right, kind.guard(obj))
    row = made(scope, kind, obj, value)
    row.created_by_id = actor.user_id
    _save(row)
    _note("external_id.added", actor, row, after=_shown(row))
    return row


def made(scope: Scope, kind: objects.ObjectType, obj: Any, value: Value) -> ExternalId:
    """The row that an object would get, not saved. RefusedError for a value that it cannot carry."""
    if value.kind not in kind.kinds:
        raise RefusedError(
            _("A %(object)s has no “%(kind)s”.")
            % {"object": str(kind.label).lower(), "kind": value.kind}
        )
    place = kind.place(obj)
    row = ExternalId(
        connection_id=place.connection_id,
        reseller_id=_in_whose_name(scope, place),
        object_type=kind.slug,
        object_id=getattr(obj, "pk", None),
        object_pc_id=place.pc_id,
        **vars(value),
    )
    _in_order(row)
    return row


def add_all(actor: Actor, rows: Sequence[ExternalId]) -> None:
    """Keep many that ``made`` made, for objects whose right was asked; each with its entry."""
    for row in rows:
        row.created_by_id = actor.user_id
    try:
        with transaction.atomic():
            ExternalId.objects.bulk_create(rows, batch_size=AT_ONCE)
    except IntegrityError:
        raise RefusedError(
            _("Somebody noted one of these values meanwhile. Check the table again.")
        ) from None
    entries = [
        Entry(
            connection_id=row.connection_id,
            reseller_id=row.reseller_id,
            target_type=row.object_type,
            target_id=row.object_id,
            target_label=row.object_pc_id,
            parameters={"system": row.system, "value": row.value},
            after=_shown(row),
        )
        for row in rows
    ]
    record_each("external_id.added", entries, actor=actor)


def change(actor: Actor, scope: Scope, row: ExternalId, value: Value) -> None:
    """Correct an external id."""
    require(scope, objects.get(row.object_type).right, row)
    before = _shown(row)
    for name, new in vars(value).items():
        setattr(row, name, new)
    _save(row)
    _note("external_id.changed", actor, row, before=before, after=_shown(row))


def remove(actor: Actor, scope: Scope, row: ExternalId) -> None:
    """Take an external id away."""
    require(scope, objects.get(row.object_type).right, row)
    _note("external_id.removed", actor, row, before=_shown(row))
    row.delete()


def _in_whose_name(scope: Scope, place: objects.Place) -> int | None:
    """The reseller that a value belongs to; None is the partner itself.

    Staff of a reseller write for it. The partner's staff write for the object's only reseller; what
    they note on a customer of several stays with the partner.
    """
    if not scope.sees_whole(place.connection_id):
        own = [pk for pk in place.reseller_ids if pk in scope.reseller_ids]
        return own[0] if own else None
    return place.reseller_ids[0] if len(place.reseller_ids) == 1 else None


def _save(row: ExternalId) -> None:
    _in_order(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise RefusedError(taken(row, here=_has_it(row))) from None


def _has_it(row: ExternalId) -> bool:
    """Whether the value stands with this very object already."""
    same = ExternalId.objects.filter(
        connection=row.connection_id,
        object_type=row.object_type,
        object_pc_id=row.object_pc_id,
        system__iexact=row.system,
        kind=row.kind,
        value__iexact=row.value,
    )
    return same.exclude(pk=row.pk).exists()


def _in_order(row: ExternalId) -> None:
    if row.valid_from and row.valid_to and row.valid_from > row.valid_to:
        raise RefusedError(_("The validity ends before it begins."))


def taken(row: ExternalId, *, here: bool = False) -> str:
    """Why a value that is there already (``here``: with this object) cannot be kept once more."""
    values = {
        "system": row.system,
        "kind": ExternalKind(row.kind).label,
        "value": row.value,
    }
    if row.kind in IDENTIFYING and not here:
        return _("%(system)s already uses %(kind)s %(value)s for another object.") % values
    return _("This object already has %(kind)s %(value)s of %(system)s.") % values


def _shown(row: ExternalId) -> dict[str, str]:
    shown = {"system": row.system, "kind": row.kind, "value": row.value}
    for name in ("valid_from", "valid_to"):
        if day := getattr(row, name):
            shown[name] = day.isoformat()
    return shown


def _note(
    kind: str,
    actor: Actor,
    row: ExternalId,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    record(
        kind,
        actor=actor,
        connection=row.connection,
        reseller_id=row.reseller_id,
        target=(row.object_type, row.object_id, row.object_pc_id),
        parameters={"system": row.system, "value": row.value},
        before=before,
        after=after,
    )
