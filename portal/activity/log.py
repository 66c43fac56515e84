"""Write an entry, in the caller's transaction: no change without its entry, no entry without change."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection as database
from django.db import models
from django.db.models.sql import InsertQuery

from portal.activity import kinds, personal
from portal.activity.actors import Actor
from portal.activity.models import Entry
from portal.activity.personal import Personal
from portal.connections.models import Connection

Target = tuple[str, int | None, str]

AT_ONCE = 500
_WRITTEN_BY_DATABASE = {"at", "xid"}


def record(  # noqa: PLR0913 - one keyword per column; callers name what they have
    kind: str,
    *,
    actor: Actor,
    connection: Connection | None = None,
    reseller_id: int | None = None,
    target: models.Model | Target | None = None,
    customer_pc_id: str = "",
    parameters: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    correlation_id: str = "",
    command_id: int | None = None,
    address: str | None = None,
    about: Personal | None = None,
) -> Entry:
    """Add an entry about something that happens in this transaction.

    ``target`` is the row concerned, or (type, local id, label). ``reseller_id`` is the reseller of
    this moment: whose staff may read the entry for ever. ``about`` holds personal values of somebody
    other than the actor. ``kind`` must be registered (KeyError). JSON values must be plain.
    """
    _known(kind)
    entry = Entry(
        pk=_next_ids(1)[0],
        kind=kind,
        actor_id=actor.user_id,
        via=actor.via,
        connection=connection,
        reseller_id=reseller_id,
        customer_pc_id=customer_pc_id,
        parameters=dict(parameters or {}),
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
        correlation_id=correlation_id,
        command_id=command_id,
        **_described(target),
    )
    _insert([entry])
    for values in _personal_values(actor, address, about):
        with contextlib.suppress(personal.Erased):
            _insert(personal.seal([entry.pk], values))
    return entry


def record_each(kind: str, entries: Sequence[Entry], *, actor: Actor) -> None:
    """Add many entries of one kind in few queries, as ``record`` adds one.

    They come with their connection, reseller, target and values; who did it is filled in.
    """
    _known(kind)
    for start in range(0, len(entries), AT_ONCE):
        some = entries[start : start + AT_ONCE]
        for entry, number in zip(some, _next_ids(len(some)), strict=True):
            entry.pk, entry.kind = number, kind
            entry.actor_id, entry.via = actor.user_id, actor.via
        _insert(some)
        for values in _personal_values(actor, None, None):
            with contextlib.suppress(personal.Erased):
                _insert(personal.seal([entry.pk for entry in some], values))


def _known(kind: str) -> None:
    if kinds.get(kind).label == kind:
        raise KeyError(f"{kind!r} is not a registered kind of activity")


def _personal_values(actor: Actor, address: str | None, about: Personal | None) -> list[Personal]:
    """What to seal: the actor's e-mail and address, and what is said about somebody else."""
    by_subject: dict[str, dict[str, str]] = {}
    if actor.user_id is not None:
        own = {"actor_email": actor.email, "address": address or actor.address}
        by_subject[personal.subject_of(actor.user_id)] = {k: v for k, v in own.items() if v}
    if about is not None:
        by_subject.setdefault(about.subject, {}).update(about.values)
    return [Personal(subject, values) for subject, values in by_subject.items() if values]


def _described(target: models.Model | Target | None) -> dict[str, Any]:
    if isinstance(target, models.Model):
        target = (str(target._meta.model_name), target.pk, str(target))  # noqa: SLF001 - Django's own name
    name, pk, label = target or ("", None, "")
    return {"target_type": name, "target_id": pk, "target_label": label[:255]}


def _next_ids(count: int) -> list[int]:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('activity_entry', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [number for (number,) in cursor.fetchall()]


def _insert(rows: Sequence[models.Model]) -> None:
    """INSERT without RETURNING: who may add an entry need not be able to read it (a refused sign-in)."""
    first = rows[0]
    fields = [
        field
        for field in first._meta.concrete_fields  # noqa: SLF001
        if field.name not in _WRITTEN_BY_DATABASE and not (field.primary_key and first.pk is None)
    ]
    query = InsertQuery(type(first))
    query.insert_values(fields, list(rows))
    query.get_compiler(connection=database).execute_sql()
