"""From text to rows: the separator, the heads, then each line checked by its columns.

A line that cannot be used is told by its number, its column and what to do; the lines around it are
read all the same, so that one upload shows every mistake.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lists.intake import decoding
from portal.lists.intake.columns import Column, plain
from portal.lists.intake.decoding import FileRefusedError
from portal.ui import formats, sentences
from portal.ui.sentences import Sentence

SEPARATORS = (",", ";", "\t")
WORDS = {
    "intake.too_many_cells": gettext_lazy(
        "There are more cells than columns. Put quotation marks around the text."
    ),
    "intake.empty_cell": gettext_lazy("The cell is empty. Fill it in."),
    "intake.same": gettext_lazy("The same as on line %(n)s. Keep one of them."),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """A line that can be used. ``line`` is its number in the file, from 1, heads included."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """A line that cannot: where, and what to do. ``key`` is that of the column."""

    line: int
    column: str
    message: str
    key: str = ""

    def as_json(self) -> dict[str, Any]:
        """The form in which it is kept, for readers of any language."""
        where = {"key": self.key} if self.key else {"column": self.column}
        return {"line": self.line, **where, **sentences.kept(self.message)}


@dataclass(frozen=True)
class Unusable:
    """A line that was kept, in the reader's words."""

    line: int
    column: str
    message: str


def unusable(stored: Mapping[str, Any]) -> Unusable:
    """A kept line in words; what was kept as words is shown as it is."""
    column = stored.get("column", "")
    if key := stored.get("key"):
        column = sentences.shown({"says": f"column.{key}"})
    return Unusable(int(stored["line"]), column, sentences.shown(stored))


@dataclass
class Reading:
    """What a table holds. ``unknown`` heads were read over."""

    encoding: str
    separator: str
    unknown: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(chunks: Iterable[bytes], columns: Sequence[Column]) -> Reading:
    """Read a table whole. Raises FileRefusedError if nothing sensible can be made of it."""
    text, encoding = decoding.read(chunks)
    separator, places = _heads(text, columns)
    lines = _lines(text, separator)
    _line, heads = next(lines)
    known = set(places.values())
    found = Reading(encoding, separator)
    found.unknown = [head for number, head in enumerate(heads) if number not in known and head]
    seen: dict[tuple[str, Any], int] = {}
    for line, cells in lines:
        _take(found, columns, places, (line, cells, len(heads)), seen)
    if not found.rows and not found.problems:
        raise FileRefusedError("no_rows", _("There is no line under the heads."))
    return found


def _heads(text: str, columns: Sequence[Column]) -> tuple[str, dict[str, int]]:
    """The separator under which most heads are known, and where each column stands."""
    best: tuple[str, dict[str, int]] = (",", {})
    for separator in SEPARATORS:
        try:
            _line, heads = next(_lines(text, separator))
        except (StopIteration, FileRefusedError):
            continue
        places = _places(heads, columns)
        if len(places) > len(best[1]):
            best = (separator, places)
    missing = [str(c.label) for c in columns if c.required and c.key not in best[1]]
    if missing:
        raise FileRefusedError(
            "heads",
            _("The first line must name the columns. Missing: %(names)s.")
            % {"names": ", ".join(missing)},
        )
    return best


def _places(heads: list[str], columns: Sequence[Column]) -> dict[str, int]:
    wanted = {name: column.key for column in columns for name in column.names()}
    places: dict[str, int] = {}
    for number, head in enumerate(heads):
        key = wanted.get(plain(head))
        if key is not None and key not in places:
            places[key] = number
    return places


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not blank, with the number at which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins, rows = 1, 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows += 1
                _not_too_many(rows)
                yield begins, [_shorn(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FileRefusedError(
            "quotes",
            _("Line %(n)s cannot be read: a quotation mark is not closed, or too much follows it.")
            % {"n": begins},
        ) from error


def _not_too_many(rows: int) -> None:
    most: int = settings.INTAKE_MAX_ROWS
    if rows > most + 1:
        message = _("The file has more than %(n)s lines. Split it.") % {"n": formats.count(most)}
        raise FileRefusedError("too_many", message)


def _shorn(cell: str) -> str:
    """Without white space around it, and without the mark that our exports put before a formula."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


def _take(
    found: Reading,
    columns: Sequence[Column],
    places: dict[str, int],
    read: tuple[int, list[str], int],
    seen: dict[tuple[str, Any], int],
) -> None:
    """Add the line to the rows, or its first mistake to the problems."""
    line, cells, width = read
    if len(cells) > width and any(cells[width:]):
        message = Sentence("intake.too_many_cells")
        found.problems.append(Problem(line, "", message))
        return
    values: dict[str, Any] = {}
    for column in columns:
        number = places.get(column.key)
        text = cells[number] if number is not None and number < len(cells) else ""
        try:
            values[column.key] = _value(column, text, line, seen)
        except ValueError as error:
            told = sentences.of(error)
            found.problems.append(Problem(line, str(column.label), told, column.key))
            return
    found.rows.append(Row(line, values))


def _value(column: Column, text: str, line: int, seen: dict[tuple[str, Any], int]) -> Any:
    if not text:
        if column.required:
            raise ValueError(Sentence("intake.empty_cell"))
        return None
    value = column.clean(text)
    if column.unique:
        first = seen.setdefault((column.key, value), line)
        if first != line:
            raise ValueError(Sentence("intake.same", n=first))
    return value
