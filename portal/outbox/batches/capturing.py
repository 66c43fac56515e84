"""A batch begins: what was selected is written down as ids, once, so that it means the same later."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.lists.intake.reading import unusable
from portal.outbox import verbs
from portal.outbox.batches import telling, waking
from portal.outbox.models import Batch, BatchRow
from portal.ui import formats

AT_ONCE = 1000
TOLD = 5
"""How many lines are told of a file of which none can be used."""


class EmptyError(ValueError):
    """Nothing was selected; ``str`` says so."""


class TooManyError(ValueError):
    """More rows than one batch may have; ``str`` says how many."""


@dataclass(frozen=True)
class Target:
    """One row to be: the object, and the parameters that it brings of its own."""

    obj: models.Model
    label: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for all. ``source`` says in a few words where the rows come from, ``left_out`` which lines do not."""

    verb: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    source: str = ""
    left_out: list[dict[str, Any]] = field(default_factory=list)


def most() -> int:
    """Rows that one batch may have."""
    number: int = settings.INTAKE_MAX_ROWS
    return number


def capture(actor: Actor, scope: Scope, wish: Wish, targets: Iterable[Target]) -> Batch:
    """Keep a batch with its rows, and have a worker check it. The targets come out of a scoped read.

    Raises PermissionDenied without the verb's right, EmptyError, TooManyError.
    """
    right = verbs.get(wish.verb).right
    if scope.read_only or actor.user_id is None or not scope.can(right):
        raise PermissionDenied
    with transaction.atomic():
        batch = Batch.objects.create(
            verb=wish.verb,
            parameters=dict(wish.parameters),
            reason=wish.reason,
            source=wish.source[:255],
            left_out=wish.left_out,
            actor_id=actor.user_id,
        )
        places = _write(batch, targets)
        batch.connection_ids = sorted({connection for connection, _reseller in places})
        batch.reseller_ids = sorted({reseller or 0 for _connection, reseller in places})
        batch.save(update_fields=["connection_ids", "reseller_ids"])
        telling.record(batch, "captured", actor)
        waking.check(batch.pk)
    return batch


def _write(batch: Batch, targets: Iterable[Target]) -> set[tuple[int, int | None]]:
    """The rows, in pieces; the connections and resellers that they lie in."""
    places: set[tuple[int, int | None]] = set()
    numbered = enumerate(_first(targets), 1)
    while piece := list(islice(numbered, AT_ONCE)):
        rows = [_row(batch, position, target) for position, target in piece]
        places.update((row.connection_id, row.reseller_id) for row in rows)
        BatchRow.objects.bulk_create(rows)
    if not places:
        raise EmptyError(_nothing(batch))
    return places


def _nothing(batch: Batch) -> str:
    """Why no row is left, with the first lines of a file of which none can be used."""
    if not batch.left_out:
        return _("Nothing is selected.")
    told = [unusable(stored) for stored in batch.left_out[:TOLD]]
    lines = " ".join(
        _("Line %(line)s: %(message)s") % {"line": one.line, "message": one.message} for one in told
    )
    return f"{_('No line of the file can be used.')} {lines}"


def _first(targets: Iterable[Target]) -> Iterator[Target]:
    limit = most()
    for number, target in enumerate(targets, 1):
        if number > limit:
            raise TooManyError(
                _("One batch has at most %(n)s rows. Narrow the filter.")
                % {"n": formats.count(limit)}
            )
        yield target


def _row(batch: Batch, position: int, target: Target) -> BatchRow:
    obj: Any = target.obj
    return BatchRow(
        batch=batch,
        position=position,
        line=target.line,
        connection_id=obj.connection_id,
        reseller_id=obj.reseller_id,
        target_id=obj.pk,
        target_pc_id=obj.pc_id,
        target_label=target.label[:255],
        parameters=dict(target.parameters),
    )
