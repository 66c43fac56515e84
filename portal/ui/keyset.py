"""Paging that costs the same on every page: continue after the last row instead of counting rows.

Any ordered queryset works that ends in a unique column. The rows are split at NULL: first those
that have a value in the leading column, then those that have none, in both directions; so one
index over (column, id) serves ascending, descending, forwards and backwards.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import BooleanField, F, Field, Func, QuerySet, Value
from django.db.models.expressions import Combinable

M = TypeVar("M", bound=models.Model)


class BadCursorError(ValueError):
    """The cursor is not one of ours, or belongs to another sorting."""


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows, the cursors to their neighbours, and the number of rows before the first."""

    rows: list[M]
    next: str | None
    previous: str | None
    start: int = 0


@dataclass(frozen=True)
class _Key:
    """One sorting column: its ORM path, the name it has on a row, and its field."""

    path: str
    alias: str
    field: "Field[Any, Any]"
    nullable: bool


@dataclass(frozen=True)
class _Place:
    """A decoded cursor: the row to continue from, its NULL half, the way, and its number."""

    values: tuple[Any, ...]
    null: bool
    back: bool
    number: int


def _row(parts: Sequence[Combinable]) -> Func:
    return Func(*parts, template="(%(expressions)s)", arg_joiner=", ")


def _beyond(left: Sequence[Combinable], right: Sequence[Combinable], sign: str) -> Func:
    """``(a, b) > (x, y)``: the comparison that an index over (a, b) answers by itself."""
    return Func(
        _row(left),
        _row(right),
        template="%(expressions)s",
        arg_joiner=f" {sign} ",
        output_field=BooleanField(),
    )


def _field(queryset: QuerySet[M], path: str) -> "tuple[Field[Any, Any], bool]":
    """The field at the end of a path, and whether NULL can be met on the way."""
    annotation = queryset.query.annotations.get(path)
    if annotation is not None:
        return annotation.output_field, True
    model: Any = queryset.model
    nullable, found = False, None
    for part in path.split("__"):
        try:
            options = model._meta  # noqa: SLF001 - Django's documented model API
            found = options.pk if part == "pk" else options.get_field(part)
        except FieldDoesNotExist as error:
            raise ValueError(f"cannot sort by {path!r}: {error}") from error
        nullable = nullable or found.null
        model = found.related_model
    return cast("Field[Any, Any]", found), nullable


class Keyset(Generic[M]):
    """A queryset in one order. ``order`` names ORM paths, all in one direction; pk is added.

    ``filled``: no row lacks a value in the leading column, so there is no second half to look for.
    """

    def __init__(
        self,
        queryset: QuerySet[M],
        order: Sequence[str],
        *,
        descending: bool = False,
        filled: bool = False,
    ) -> None:
        paths = [path for path in order if path != "pk"]
        self.descending = descending
        self.keys: list[_Key] = []
        for index, path in enumerate([*paths, "pk"]):
            field, nullable = _field(queryset, path)
            alias = f"keyset_{index}" if "__" in path else path
            if nullable and index:
                raise ValueError(f"{path!r} may be null: only the leading column can be")
            self.keys.append(_Key(path, alias, field, nullable and not filled))
        names = {key.alias: F(key.path) for key in self.keys if key.alias != key.path}
        self.queryset = queryset.annotate(**names) if names else queryset
        self._signer = Signer(salt=f"keyset {'-' if descending else ''}{','.join(paths)}")

    @property
    def split(self) -> bool:
        """Whether rows without a value in the leading column follow in a half of their own."""
        return self.keys[0].nullable

    def page(self, cursor: str | None, size: int) -> Page[M]:
        """The rows at a cursor (the first ones for None).

        Raises BadCursorError for a cursor that was altered or made for another order.
        """
        place = self._decode(cursor) if cursor else None
        rows = self._rows(place, size + 1)
        more, rows = len(rows) > size, rows[:size]
        if place and place.back:
            rows.reverse()
            start = max(place.number - len(rows), 0)
            return self._page(rows, start, before=more, after=True)
        start = place.number + 1 if place else 0
        return self._page(rows, start, before=place is not None, after=more)

    def _page(self, rows: list[M], start: int, *, before: bool, after: bool) -> Page[M]:
        if not rows:
            return Page(rows, None, None, start)
        return Page(
            rows,
            self._encode(rows[-1], number=start + len(rows) - 1, back=False) if after else None,
            self._encode(rows[0], number=start, back=True) if before else None,
            start,
        )

    def _rows(self, place: _Place | None, limit: int) -> list[M]:
        """Up to ``limit`` rows from a place on, over both NULL halves, in reading direction."""
        back = place.back if place else False
        halves = [False, True] if self.split else [False]
        if back:
            halves.reverse()
        if place:
            halves = halves[halves.index(place.null) :]
        rows: list[M] = []
        for null in halves:
            here = place if place and place.null == null else None
            rows += self._half(null=null, back=back, place=here)[: limit - len(rows)]
            if len(rows) >= limit:
                break
        return rows

    def _half(self, *, null: bool, back: bool, place: _Place | None) -> QuerySet[M]:
        """One NULL half, ordered; after the place if there is one."""
        found = self.queryset
        if self.split:
            found = found.filter(**{f"{self.keys[0].path}__isnull": null})
        keys = self.keys[1:] if null else self.keys
        down = self.descending != back
        if place:
            right = [
                Value(v, output_field=k.field) for k, v in zip(keys, place.values, strict=True)
            ]
            left = [F(key.path) for key in keys]
            found = found.filter(_beyond(left, right, "<" if down else ">"))
            if "__" in keys[0].path:
                # A comparison over two tables starts no index; its first part alone does.
                found = found.filter(**{f"{keys[0].path}__{'lte' if down else 'gte'}": right[0]})
        sign = "-" if down else ""
        return found.order_by(*(f"{sign}{key.path}" for key in keys))

    def _encode(self, row: M, *, number: int, back: bool) -> str:
        values = [getattr(row, key.alias) for key in self.keys]
        null = self.split and values[0] is None
        shown = [_plain(value) for value in (values[1:] if null else values)]
        payload = [int(back), int(null), number, *shown]
        return self._signer.sign_object(payload, serializer=_Json)

    def _decode(self, cursor: str) -> _Place:
        try:
            back, null, number, *values = self._signer.unsign_object(cursor, serializer=_Json)
            keys = self.keys[1:] if null else self.keys
            typed = tuple(k.field.to_python(v) for k, v in zip(keys, values, strict=True))
            if null and not self.split:
                raise BadCursorError(cursor)
            return _Place(typed, bool(null), bool(back), int(number))
        except (BadSignature, ValidationError, ValueError, TypeError) as error:
            raise BadCursorError("the cursor does not belong to this list") from error


class _Json:
    """Compact JSON for cursors."""

    def dumps(self, obj: object) -> bytes:
        """Bytes to sign."""
        return json.dumps(obj, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        """Signed bytes back."""
        return json.loads(data)


def _plain(value: object) -> object:
    """A column value as JSON, with every digit and microsecond."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value


@dataclass
class ChunkReader(Generic[M]):
    """Remembers where a long reading stands; ``read`` is [] at the end."""

    keyset: Keyset[M]
    size: int
    cursor: str | None = None
    done: bool = False

    def read(self) -> list[M]:
        """The next rows."""
        if self.done:
            return []
        page = self.keyset.page(self.cursor, self.size)
        self.cursor, self.done = page.next, page.next is None
        return page.rows
