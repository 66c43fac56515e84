"""One table for every list: columns declared once give the page's cells and the export's.

django-tables2 declares and binds the columns; ordering, paging and markup are ours. Accessors are
strict: a misspelt one raises instead of showing an empty column.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from inspect import signature
from typing import Any, NamedTuple

import django_tables2
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.ui import formats, statuses

Text = str | Promise
EMPTY = SafeString('<span class="mute">–</span>')


@dataclass(frozen=True)
class Empty:
    """What an empty list says: what is missing, what to do next, where."""

    title: Text
    text: Text = ""
    icon: str = "info-circle"
    url: str = ""
    action: Text = ""


def resolve(record: Any, path: str) -> Any:
    """Follow ``a__b`` through attributes (or keys); None anywhere on the way ends it."""
    for part in path.split("__"):
        if record is None:
            return None
        record = record[part] if isinstance(record, dict) else getattr(record, part)
    return record


class Column(django_tables2.Column):
    """A column of text. ``sort`` is the ORM path it is sorted by; without one it is not sortable.

    ``priority`` 2 leaves the page below 768 px, 3 below 1280 px. ``visible=False``: not on the page
    until somebody chooses it. ``export=False`` keeps a column out of files.
    """

    css = ""
    header_cell = False
    coded = False  # whether words stand for the value, which a file of all columns then holds too

    def annotation(self) -> Combinable | None:
        """What the query must compute for this column, under its accessor's name; None for nothing."""
        return None

    def beside(self) -> dict[str, Combinable]:
        """What a page's query computes besides, by name; files go without."""
        return {}

    def __init__(
        self,
        label: Text,
        *,
        accessor: str | None = None,
        sort: str = "",
        priority: int = 1,
        css: str = "",
        **options: bool,
    ) -> None:
        visible, export = options.pop("visible", True), options.pop("export", True)
        super().__init__(label, accessor=accessor, visible=visible, exclude_from_export=not export)
        self.sort = sort
        names = [name for name in ("tight", "nowrap") if options.pop(name, False)]
        if options.pop("numeric", False):
            names.append("num")
        if options:
            raise TypeError(f"unknown column options: {sorted(options)}")
        own = [self.css, css, *names, f"p{priority}" if priority > 1 else ""]
        self.classes = " ".join(part for part in own if part)
        self.plain: Callable[..., Any] = _as_is


class NameColumn(Column):
    """The row's header: its name, linked to its page, with an optional second line.

    ``narrow`` is a line for phones: what a column of priority 2 says on wider screens.
    """

    header_cell = True

    def __init__(self, label: Text, *, detail: str = "", narrow: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.detail = detail
        self.narrow = narrow

    def render(self, value: Any, record: Any) -> SafeString:
        """A link if the record has a page."""
        url = record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""
        shape = '<a class="name" href="{1}">{0}</a>' if url else '<span class="name">{0}</span>'
        second = resolve(record, self.detail) if self.detail else None
        shape += "{3}<small>{2}</small>" if second else "{3}"
        third = resolve(record, self.narrow) if self.narrow else None
        shape += '<small class="n2">{4}</small>' if third else ""
        return format_html(shape, value, url, second, self.aside(record), third)

    def aside(self, record: Any) -> SafeString | str:
        """What stands beside the name."""
        return ""


class CountColumn(Column):
    """A whole number."""

    css = "num"

    def render(self, value: int) -> str:
        """With thousands marks."""
        return formats.count(value)


class NumberColumn(Column):
    """A decimal number without a unit."""

    css = "num"

    def render(self, value: Decimal) -> str:
        """With the decimals it has."""
        return formats.number(value)


class MoneyColumn(Column):
    """An amount; ``currency`` is the accessor of its ISO code."""

    css = "num"

    def __init__(self, label: Text, *, currency: str = "currency", **options: Any) -> None:
        super().__init__(label, **options)
        self.currency = currency

    def render(self, value: Decimal, record: Any) -> str:
        """Always with its currency."""
        return formats.money(value, resolve(record, self.currency))


class DateColumn(Column):
    """A day, and how far away it is."""

    css = "nowrap"

    def render(self, value: date) -> SafeString:
        """Two lines."""
        return format_html(
            "{}<small>{}</small>", formats.date_short(value), formats.days_away(value)
        )


class DateTimeColumn(Column):
    """A moment: local time, UTC below."""

    css = "nowrap"

    def render(self, value: datetime) -> SafeString | str:
        """Two lines; one where local time is UTC."""
        if formats.utc(value) == "UTC":
            return formats.when(value)
        return format_html("{}<small>{}</small>", formats.local(value), formats.utc(value))


class AgeColumn(Column):
    """How long ago a row was read."""

    css = "num mute"

    def render(self, value: datetime) -> SafeString:
        """One unit, the moment on demand."""
        moment = formats.when(value)
        return format_html(
            '<time datetime="{}" title="{}">{}</time>', _iso(value), moment, formats.ago(value)
        )


class StatusColumn(Column):
    """A state: shape and word. ``kind`` is "record" or "change"."""

    css = "nowrap"
    coded = True

    def __init__(self, label: Text, *, kind: str = "record", **options: Any) -> None:
        super().__init__(label, **options)
        self.kind = kind
        self.plain = lambda value: str(statuses.status(value, kind).word)

    def render(self, value: str) -> SafeString:
        """Never a badge in a table."""
        found = statuses.status(value, self.kind)
        return format_html('<span class="st {}">{}</span>', found.css, found.word)


class WordColumn(Column):
    """A value of Partner Center's, or ours, in words: ``words(value)``."""

    coded = True

    def __init__(self, label: Text, *, words: Callable[[Any], Text], **options: Any) -> None:
        super().__init__(label, **options)
        self.words = words
        self.plain = lambda value: str(words(value))

    def render(self, value: Any) -> Text:
        """The words."""
        return self.words(value)


class TermColumn(WordColumn):
    """An ISO 8601 length as words."""

    css = "nowrap"

    def __init__(self, label: Text, **options: Any) -> None:
        super().__init__(label, words=formats.term, **options)


def _as_is(value: Any) -> Any:
    """A value as Partner Center writes it."""
    return value


def _iso(value: date) -> str:
    """ISO 8601, moments in UTC."""
    return (value.astimezone(UTC) if isinstance(value, datetime) else value).isoformat()


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
    def names(cls) -> list[str]:
        """Every column in the order declared."""
        return list(cls.base_columns)

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
        return [
            _("%(column)s (code)") % {"column": bound.column.verbose_name}
            if code
            else str(bound.column.verbose_name)
            for bound, code in self._exported()
        ]

    def export_rows(self) -> Iterator[list[Any]]:
        """The records as plain values."""
        columns = [
            (self._path(bound), _maker(_as_is if code else self._plain(bound)))
            for bound, code in self._exported()
        ]
        for record in self.data:
            yield [_made(record, path, make, "") for path, make in columns]

    def _plain(self, bound: Any) -> Callable[..., Any]:
        own: Callable[..., Any] | None = getattr(self, f"value_{bound.name}", None)
        return own or bound.column.plain

    def _exported(self) -> Iterator[tuple[Any, bool]]:
        """The columns of a file, and whether it is the code for which the column before has words."""
        for bound in self.shown():
            if not bound.column.exclude_from_export:
                yield bound, False
                if self.codes and bound.column.coded:
                    yield bound, True
