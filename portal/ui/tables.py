"""One table for every list: columns declared once give the page's cells and the export's.

django-tables2 declares and binds the columns; ordering, paging and markup are ours.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any, NamedTuple

import django_tables2
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.ui.columns import (
    AgeColumn,
    Column,
    CountColumn,
    DateColumn,
    DateTimeColumn,
    MoneyColumn,
    NameColumn,
    NumberColumn,
    Reader,
    StatusColumn,
    TermColumn,
    Text,
    WordColumn,
    as_is,
    resolve,
)

__all__ = [
    "AgeColumn",
    "Column",
    "CountColumn",
    "DateColumn",
    "DateTimeColumn",
    "Empty",
    "Head",
    "MoneyColumn",
    "NameColumn",
    "NumberColumn",
    "Reader",
    "StatusColumn",
    "Table",
    "TermColumn",
    "Text",
    "WordColumn",
]

EMPTY = SafeString('<span class="mute">–</span>')


@dataclass(frozen=True)
class Empty:
    """What an empty list says: what is missing, what to do next, where."""

    title: Text
    text: Text = ""
    icon: str = "info-circle"
    url: str = ""
    action: Text = ""


Make = Callable[[Any, Any], Any]


def _maker(function: Callable[..., Any]) -> Make:
    """A column's function as ``(value, record)``, whichever of the two it asks for by name."""
    names = [name for name in ("value", "record") if name in signature(function).parameters]
    if names == ["value", "record"]:
        return lambda value, record: function(value=value, record=record)
    if names == ["record"]:
        return lambda _value, record: function(record=record)
    return lambda value, _record: function(value=value)


def _made(record: Any, path: str, make: Make, empty: Any) -> Any:
    """One cell by the column's own function, or ``empty`` where there is no value."""
    value = resolve(record, path)
    return empty if value is None or value == "" else make(value, record)


class Head(NamedTuple):
    """A column's head: its label and, if it can be sorted, where that leads."""

    label: Text
    classes: str
    sortable: bool
    aria_sort: str
    next_sort: str


class Table(django_tables2.Table):
    """The base of every table: a caption, a first order, and what to say when it is empty."""

    caption: Text = ""
    default_sort: str = ""
    empty: Empty | None = None

    def __init__(
        self,
        rows: list[Any],
        *,
        sort: str = "",
        columns: Sequence[str] | None = None,
        selectable: bool = False,
        codes: bool = False,
    ) -> None:
        """``columns`` are the names to show, in order; None for those that are shown at first.

        ``codes``: a file also holds the values for which words stand.
        """
        chosen = list(self.default_columns() if columns is None else columns)
        super().__init__(rows, orderable=False)
        self.sort, self.chosen, self.selectable, self.codes = sort, chosen, selectable, codes

    @classmethod
    def default_columns(cls) -> list[str]:
        """The columns shown to who chose none."""
        return [name for name, column in cls.base_columns.items() if column.visible]

    @classmethod
    def valid_columns(cls, wanted: Iterable[str]) -> list[str]:
        """A choice as this table can show it: known names once each, the row's header always first."""
        fixed = [name for name, column in cls.base_columns.items() if column.header_cell]
        return list(dict.fromkeys([*fixed, *(n for n in wanted if n in cls.base_columns)]))

    @classmethod
    def annotations(cls, columns: Iterable[str]) -> dict[str, Combinable]:
        """What a query must compute for some columns."""
        found = {}
        for name in columns:
            column = cls.base_columns[name]
            computed = column.annotation()
            if computed is not None:
                found[str(column.accessor or name)] = computed
        return found

    @classmethod
    def besides(cls, columns: Iterable[str]) -> dict[str, Combinable]:
        """What a page's query computes besides for some columns."""
        return {
            key: found for name in columns for key, found in cls.base_columns[name].beside().items()
        }

    @classmethod
    def readers(cls, columns: Iterable[str]) -> list[Reader]:
        """What reads the values of some columns for many rows at once, each but once."""
        found = (cls.base_columns[name].reader() for name in columns)
        return list(dict.fromkeys(filter(None, found)))

    @classmethod
    def names_for(cls, request: HttpRequest) -> list[str]:
        """Every column that somebody may have, in the order declared."""
        return [name for name, column in cls.base_columns.items() if column.offered(request)]

    def shown(self) -> list[Any]:
        """The columns on the page, in order."""
        return [self.columns[name] for name in self.chosen]

    @classmethod
    def sorts(cls) -> dict[str, str]:
        """Column name → ORM path, for the columns that can be sorted: the whitelist of ``sort``."""
        return {name: column.sort for name, column in cls.base_columns.items() if column.sort}

    def row_class(self, record: Any) -> str:
        """The class of a row ("gone", "wait", "sel")."""
        return ""

    def heads(self) -> Iterator[Head]:
        """The heads of the visible columns."""
        name, down = self.sort.removeprefix("-"), self.sort.startswith("-")
        for bound in self.shown():
            here = bound.name == name
            aria = ("descending" if down else "ascending") if here else ""
            again = f"-{bound.name}" if here and not down else bound.name
            column = bound.column
            yield Head(column.verbose_name, column.classes, bool(column.sort), aria, again)

    def body(self) -> SafeString:
        """The rows, written here and not in a template: it is most of the work of a page."""
        columns = [
            (self._path(bound), _maker(bound.render), *self._frame(bound.column))
            for bound in self.shown()
        ]
        tick = self._tick() if self.selectable else None
        lines = []
        for record in self.data:
            css = conditional_escape(self.row_class(record))
            lines.append(f'<tr class="{css}">' if css else "<tr>")
            if tick is not None:
                lines.append(tick(record))
            lines += [
                f"{before}{conditional_escape(_made(record, path, make, EMPTY))}{after}"
                for path, make, before, after in columns
            ]
            lines.append("</tr>")
        return mark_safe("".join(lines))  # noqa: S308 - every cell was escaped above

    def _tick(self) -> Callable[[Any], str]:
        """The box that selects a row, named by the row's header; it belongs to the bulk form."""
        heads = [bound for bound in self.shown() if bound.column.header_cell]
        path = self._path(heads[0]) if heads else "pk"

        def made(record: Any) -> str:
            label = _("Select %(name)s") % {"name": resolve(record, path) or record.pk}
            return format_html(
                '<td class="tight"><input class="form-check-input m-0" type="checkbox" name="row"'
                ' value="{}" form="bulk" autocomplete="off" aria-label="{}"></td>',
                record.pk,
                label,
            )

        return made

    @staticmethod
    def _frame(column: Column) -> tuple[SafeString, str]:
        """What stands before and after each cell of a column."""
        css = format_html(' class="{}"', column.classes) if column.classes else ""
        if column.header_cell:
            return format_html('<th scope="row"{}>', css), "</th>"
        return format_html("<td{}>", css), "</td>"

    @staticmethod
    def _path(bound: Any) -> str:
        return str(bound.accessor).replace(".", "__")

    def export_heads(self) -> list[str]:
        """The first line of an export: the chosen columns that may leave the portal."""
        return [label for label, _bound, _make in self._exported()]

    def export_rows(self) -> Iterator[list[Any]]:
        """The records as plain values."""
        columns = [(self._path(bound), _maker(make)) for _label, bound, make in self._exported()]
        for record in self.data:
            yield [_made(record, path, make, "") for path, make in columns]

    def _exported(self) -> Iterator[tuple[str, Any, Callable[..., Any]]]:
        """The columns of a file: label, column, and what makes a cell of its value."""
        for bound in self.shown():
            column = bound.column
            if column.exclude_from_export:
                continue
            own: Callable[..., Any] | None = getattr(self, f"value_{bound.name}", None)
            yield str(column.verbose_name), bound, own or column.plain
            if self.codes and column.coded:
                yield _("%(column)s (code)") % {"column": column.verbose_name}, bound, as_is
            for label, make in column.in_files():
                yield label, bound, make
