"""From a scoped queryset to a list that filters, sorts, pages, counts and exports.

A domain declares one Listing per list and calls ``respond``; every list therefore behaves the
same: state lives in the URL, htmx gets the rows alone, `?export=csv` gets everything that matches,
and the page costs one query whatever the size of the table (two where somebody's columns are kept).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.ui import bulk, directory, exports, formats, shell
from portal.ui.addressing import OWN
from portal.ui.choosing import Choosing
from portal.ui.filters import FilterSet, Problem
from portal.ui.keyset import BadCursorError, Keyset, Page
from portal.ui.pages import VARY, page, page_or_fragment, wants_fragment
from portal.ui.tables import Head, Table

SIZES = (25, 50, 100)
DEFAULT_SIZE = 50
COUNTED = 10_000
UNFOLDED = 2  # filters; a phone keeps more behind a button


class _CappedCount(Subquery):
    """How many rows match, counted up to one over the cap, in the query that reads the page."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, queryset: QuerySet[Any], most: int) -> None:
        super().__init__(queryset.order_by().values("pk")[: most + 1])


@dataclass(frozen=True)
class Listing:
    """The declaration of a list: its table, its filters, its page.

    ``carries`` are parameters that are no filter and stay in the address whatever is filtered.
    """

    table: type[Table]
    title: shell.Text
    filters: type[FilterSet] | None = None
    template: str = "ui/list.html"
    filename: str = "export"
    carries: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The list's name for what is kept about it."""
        return self.filename

    def part(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        given: QueryDict | None = None,
        *,
        of: int | None = None,
    ) -> "Part":
        """The list as a part of a larger page; ``given`` stands for the query of the address.

        ``of`` is the object on whose page it stands: a worker finds the rows again by it.
        """
        return Part(self, request, queryset, given, of)

    def respond(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        context: Mapping[str, Any] | None = None,
    ) -> HttpResponseBase:
        """Answer a request for a page that is this list: the page, its rows alone, or the CSV.

        The queryset is scoped and carries its select_related, but neither order nor limits.
        """
        part = self.part(request, queryset)
        if part.response is not None:
            return part.response
        full = {"listing": part, "title": self.title, **(context or {})}
        status = 400 if part.refused_export else 200
        return page_or_fragment(request, self.template, "ui/_rows.html", full, status=status)


@dataclass
class Part(Choosing):
    """A list for one request: what the templates read. Everything is worked out once, when asked."""

    listing: Listing
    request: HttpRequest
    queryset: QuerySet[Any]
    given: QueryDict | None = None
    of: int | None = None
    messages: list[str] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The list's name."""
        return self.listing.slug

    @cached_property
    def filterset(self) -> FilterSet | None:
        """The bound filters."""
        if self.listing.filters is None:
            return None
        return self.listing.filters(self.params, queryset=self.queryset, request=self.request)

    @cached_property
    def problems(self) -> list[Problem]:
        """Filters that could not be applied."""
        return self.filterset.problems() if self.filterset else []

    @cached_property
    def matching(self) -> QuerySet[Any]:
        """The rows that match; none while a filter could not be applied."""
        if self.problems:
            return self.queryset.none()
        return self.filterset.qs if self.filterset else self.queryset

    @cached_property
    def sort(self) -> str:
        """The column in force, "-" before it for descending; a bad wish is answered and ignored."""
        wish = self.params.get("sort", "")
        if wish.removeprefix("-") in self.listing.table.sorts():
            return wish
        if wish:
            self.messages.append(
                _("This list cannot be sorted by “%(name)s”.") % {"name": wish[:40]}
            )
        return self.listing.table.default_sort

    @cached_property
    def size(self) -> int:
        """Rows on a page."""
        wish = self.params.get("size") or str(DEFAULT_SIZE)
        if wish in map(str, SIZES):
            return int(wish)
        self.messages.append(_("A page of this list has 25, 50 or 100 rows."))
        return DEFAULT_SIZE

    def _keyset(self, queryset: QuerySet[Any]) -> Keyset[Any]:
        column = self.listing.table.base_columns.get(self.sort.removeprefix("-"))
        path, filled = (column.sort or "pk", column.filled) if column else ("pk", False)
        return Keyset(queryset, [path], descending=self.sort.startswith("-"), filled=filled)

    @cached_property
    def page(self) -> Page[Any]:
        """The rows of this page, read with one query (two at the edge of the empty values)."""
        table = self.listing.table
        rows = self.matching.annotate(listing_total=self._total(), **table.besides(self.columns))
        keyset = self._keyset(rows.annotate(**table.annotations(self.columns)))
        cursor = self.request.GET.get("after") or None
        try:
            found = keyset.page(cursor, self.size)
        except BadCursorError:
            self.messages.append(
                _("This link to a page of the list no longer works. Here is the first page.")
            )
            found = keyset.page(None, self.size)
        self._read(found.rows, self.columns)
        return found

    def _read(self, rows: list[Any], columns: list[str]) -> None:
        """Give rows what some of their columns read for all of them at once."""
        for read in self.listing.table.readers(columns) if rows else ():
            read(self.request, rows)

    def _total(self) -> Combinable:
        if self.filterset and self.filterset.known is not None:
            return Value(self.filterset.known)
        return _CappedCount(self.matching, self.counted)

    @property
    def counted(self) -> int:
        """How far rows are counted: less far where a filter makes each row dear."""
        return (self.filterset and self.filterset.counted) or COUNTED

    @cached_property
    def total(self) -> int:
        """Rows that match, at most one over the cap."""
        if self.page.rows:
            return int(self.page.rows[0].listing_total)
        if self.page.start == 0:
            return 0
        return self.matching.order_by().values("pk")[: self.counted + 1].count()

    @cached_property
    def table(self) -> Table:
        """The table with this page's rows."""
        return self.listing.table(
            self.page.rows, sort=self.sort, columns=self.columns, selectable=self.selectable
        )

    @property
    def total_text(self) -> str:
        """The count as shown: exact up to the cap."""
        return formats.count(min(self.total, self.counted), capped=self.total > self.counted)

    @property
    def match_text(self) -> str:
        """The count as a sentence: 212 match."""
        return ngettext("%(n)s matches", "%(n)s match", self.total) % {"n": self.total_text}

    @property
    def range_text(self) -> str:
        """Where this page stands: 1–50 of 212."""
        first, last = self.page.start + 1, self.page.start + len(self.page.rows)
        values = {
            "first": formats.count(first),
            "last": formats.count(last),
            "total": self.total_text,
        }
        return _("%(first)s–%(last)s of %(total)s") % values

    @property
    def notices(self) -> list[str]:
        """What the address asked for and could not get; never silently something else."""
        _rows, _size = self.page, self.size
        if self.lost_view:
            self.messages.append(_("This view does not exist, or nobody shares it with you."))
        return self.messages

    @cached_property
    def filtered(self) -> bool:
        """Whether a filter is in force."""
        return bool(self.problems) or bool(self.filterset and self.filterset.chips())

    def _settled(self) -> dict[str, list[str]]:
        query = super()._settled()
        for name, value in (("sort", self.sort), ("size", str(self.size))):
            if query.get(name) != [value]:
                query.pop(name, None)
        return query

    @property
    def heads(self) -> list[tuple[Head, str]]:
        """Column heads with the address that sorts by each."""
        return [(head, self.url(sort=head.next_sort)) for head in self.table.heads()]

    @property
    def chips(self) -> list[tuple[Any, str]]:
        """Filters in force with the address without each."""
        found = self.filterset.chips() if self.filterset else []
        return [(chip, self.url(**{chip.name: chip.without})) for chip in found]

    @property
    def bare_url(self) -> str:
        """The list without any filter, in the same order."""
        kept = (*OWN, *self.listing.carries)
        names = [name for name in self.params if name not in kept]
        return self.url(**dict.fromkeys([*names, "view"]))

    @property
    def next_url(self) -> str:
        """The following page, or ""."""
        return self.url(after=self.page.next) if self.page.next else ""

    @property
    def previous_url(self) -> str:
        """The page before, or ""."""
        return self.url(after=self.page.previous) if self.page.previous else ""

    @property
    def first_url(self) -> str:
        """The first page."""
        return self.url()

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        """Choices of rows a page."""
        return [(size, self.url(size=str(size)), size == self.size) for size in SIZES]

    @property
    def selectable(self) -> bool:
        """Whether rows can be ticked."""
        entry = directory.get(self.slug)
        return self.remembers and entry is not None and entry.selectable

    @property
    def folds(self) -> bool:
        """Whether a phone keeps the filters but the first behind a button."""
        return len(self.listing.filters.base_filters) > UNFOLDED if self.listing.filters else False

    @cached_property
    def bulk_actions(self) -> tuple[list[bulk.Action], list[bulk.Action]]:
        """What may be done with selected rows: in the bar, and behind "More"."""
        return bulk.actions(self.request, self.slug) if self.remembers else ([], [])

    @cached_property
    def asked_export(self) -> exports.Wish | None:
        """The file asked for, if one is."""
        return exports.Wish.of(self.request)

    @property
    def refused_export(self) -> bool:
        """An export whose filter could not be applied is refused, not emptied."""
        return self.asked_export is not None and bool(self.problems)

    def output(self, wish: exports.Wish) -> exports.Output:
        """Everything that matches (the ticked rows of it), in order, with the columns wished for."""
        table = self.listing.table
        columns = self.every if wish.every_column else self.columns
        rows = self.matching.filter(pk__in=wish.rows) if wish.rows else self.matching
        keyset = self._keyset(rows.annotate(**table.annotations(columns)))
        name = self.listing.filename
        query = self._job_query(wish)
        return exports.Output(name, table, columns, keyset, self._read, query, wish.codes)

    def _job_query(self, wish: exports.Wish) -> str:
        """What a worker needs to read the same: the query, the object around it, whether codes are wanted."""
        of = f"of={self.of}&" if self.of is not None else ""
        return f"{of}{'codes=1&' if wish.codes else ''}{self.full_query}"

    @cached_property
    def response(self) -> HttpResponseBase | None:
        """The file or the rows alone if those were asked for; None where a page must be built."""
        wish = self.asked_export
        if wish is not None and not self.problems:
            return exports.respond(self.request, wish, self.output(wish))
        if wants_fragment(self.request):
            answer = page(self.request, "ui/_rows.html", {"listing": self})
            patch_vary_headers(answer, VARY)
            # The address that gives the same rows again, without the fields left empty.
            answer["HX-Push-Url"] = self.url(after=self.request.GET.get("after"))
            return answer
        return None
