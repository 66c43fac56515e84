"""What a person chooses about a list: its columns, its named views, the shape of its file."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.ui import keeping, shell
from portal.ui.addressing import Addressed
from portal.ui.context import url_or_blank

if TYPE_CHECKING:
    from portal.ui.tables import Table


@dataclass(frozen=True)
class Offered:
    """A column in the chooser."""

    name: str
    label: shell.Text
    shown: bool
    fixed: bool


@dataclass(frozen=True)
class File:
    """One way to export: its name and address."""

    label: str
    url: str


class Choosing(Addressed):
    """The part of a list that knows columns, views and files."""

    listing: Any

    @property
    def _table(self) -> "type[Table]":
        table: type[Table] = self.listing.table
        return table

    @cached_property
    def columns(self) -> list[str]:
        """The columns in force: the address's, else the person's, else those shown at first."""
        return [name for name in self._wanted if name in self.allowed]

    @property
    def _wanted(self) -> list[str]:
        asked = self.params.get("cols")
        if asked:
            return self._table.valid_columns(asked.split(","))
        if self.kept.columns is not None:
            return self._table.valid_columns(self.kept.columns)
        base, shown = self._table.base_columns, self._table.default_columns()
        return [name for name in shown if base[name].at_first(self.request)]

    @cached_property
    def allowed(self) -> list[str]:
        """Every column that the person may have."""
        return self._table.names_for(self.request)

    @cached_property
    def every(self) -> list[str]:
        """The columns of a file of all: without those that are dear to read and that nobody chose to see."""
        base, shown = self._table.base_columns, self.columns
        return [name for name in self.allowed if name in shown or base[name].reader() is None]

    @property
    def offered(self) -> list[Offered]:
        """Every column, those in force first and in their order."""
        base = self._table.base_columns
        names = [*self.columns, *(name for name in self.allowed if name not in self.columns)]
        return [
            Offered(name, base[name].verbose_name, name in self.columns, base[name].header_cell)
            for name in names
        ]

    @property
    def columns_count(self) -> str:
        """9 of 24."""
        return _("%(shown)s of %(all)s") % {
            "shown": len(self.columns),
            "all": len(self.allowed),
        }

    @property
    def views(self) -> list[tuple[keeping.View, str, bool]]:
        """The views in the bar: each with its address and whether it is opened."""
        opened = self.kept.opened
        found = list(self.kept.views)
        if opened is not None and opened.key not in {view.key for view in found}:
            found.append(opened)
        along = "".join(f"&{urlencode([pair])}" for pair in self.carried)
        return [
            (view, f"{self.request.path}?view={view.key}{along}", view == opened) for view in found
        ]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the address carries that is no filter; forms send it again, views do not keep it."""
        return [(name, told) for name in self.listing.carries if (told := self.params.get(name))]

    @property
    def view_query(self) -> str:
        """What a view saved now would hold: everything in force, the columns too."""
        return urlencode(
            [
                (name, value)
                for name, values in {**self._settled(), "cols": [",".join(self.columns)]}.items()
                if name not in self.listing.carries
                for value in values
            ]
        )

    @property
    def operators(self) -> str:
        """The operators that the filter understands, as one would begin to type them."""
        filters = self.listing.filters
        return " ".join(f"{each.name}:" for each in filters.operators) if filters else ""

    @property
    def files(self) -> list[File]:
        """The ways to export what matches."""
        shown, every = len(self.columns), len(self.every)
        these = ngettext("this %(n)s column", "these %(n)s columns", shown) % {"n": shown}
        all_of_them = _("all %(n)s columns") % {"n": every}
        return [
            File(f"{kind.upper()}, {words}", self.url(export=kind, columns=columns))
            for columns, words in (("visible", these), ("", all_of_them))
            for kind in ("csv", "xlsx")
        ]

    @property
    def columns_url(self) -> str:
        """Where a choice of columns is posted; "" where none is kept."""
        return url_or_blank("list_columns") if self.remembers else ""

    @property
    def views_url(self) -> str:
        """Where a view is saved."""
        return url_or_blank("list_views") if self.remembers else ""

    @property
    def selected_url(self) -> str:
        """Where ticked rows are posted to be exported."""
        return url_or_blank("list_selected") if self.remembers else ""
