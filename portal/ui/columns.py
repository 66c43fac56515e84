"""The columns of a table: each knows how its value is shown, and what a file holds in its place.

Accessors are strict: a misspelt one raises instead of showing an empty column.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import django_tables2
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.ui import formats, statuses

Text = str | Promise
Reader = Callable[[HttpRequest, Sequence[Any]], None]
"""Gives rows what their columns show, all at once."""


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
    until somebody chooses it. ``export=False`` keeps a column out of files. ``filled=True``: the list holds
    no row without a value to sort by, though the model could.
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

    def reader(self) -> Reader | None:
        """What reads this column's values for all rows of a page, or of a piece of a file; None where the query does."""
        return None

    def offered(self, request: HttpRequest) -> bool:
        """Whether somebody may have this column at all."""
        return True

    def at_first(self, request: HttpRequest) -> bool:
        """Whether somebody who chose no columns sees this one, where it is among those shown at first."""
        return True

    def in_files(self) -> list[tuple[str, Callable[..., Any]]]:
        """Columns that follow this one in every file: label, and the cell made of the same value."""
        return []

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
        self.sort, self.filled = sort, options.pop("filled", False)
        names = [name for name in ("tight", "nowrap") if options.pop(name, False)]
        if options.pop("numeric", False):
            names.append("num")
        if options:
            raise TypeError(f"unknown column options: {sorted(options)}")
        own = [self.css, css, *names, f"p{priority}" if priority > 1 else ""]
        self.classes = " ".join(part for part in own if part)
        self.plain: Callable[..., Any] = as_is


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
        url = self.address(record)
        shape = '<a class="name" href="{1}">{0}</a>' if url else '<span class="name">{0}</span>'
        second = resolve(record, self.detail) if self.detail else None
        shape += "{3}<small>{2}</small>" if second else "{3}"
        third = resolve(record, self.narrow) if self.narrow else None
        shape += '<small class="n2">{4}</small>' if third else ""
        return format_html(shape, value, url, second, self.aside(record), third)

    def address(self, record: Any) -> str:
        """Where the name leads, "" for a record without a page."""
        return str(record.get_absolute_url()) if hasattr(record, "get_absolute_url") else ""

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


def as_is(value: Any) -> Any:
    """A value as Partner Center writes it."""
    return value


def _iso(value: date) -> str:
    """ISO 8601, moments in UTC."""
    return (value.astimezone(UTC) if isinstance(value, datetime) else value).isoformat()
