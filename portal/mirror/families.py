"""Families: one kind of resource each, said once as data, so that one engine mirrors them all.

The domain apps register theirs in ``AppConfig.ready``. A family is read by its ``listing`` (whole, or
once for each parent), single resources by their ``detail`` representation, and a scope that was
marked by ``rescope``.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from portal.connections.models import Connection
from portal.mirror.bulk.tables import Bulk
from portal.partnercenter.spec import Operation

if TYPE_CHECKING:
    from portal.partnercenter.client import PartnerClient

Payload = dict[str, Any]
Columns = dict[str, Any]
Pages = tuple[dt.datetime, Sequence[Payload]]
"""Rows of one call, with the moment before it was sent."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Where rows come from: the connection, the parent whose list it is, and when it was asked for."""

    connection: Connection
    observed_at: dt.datetime
    parent: str = ""


@dataclass(frozen=True, kw_only=True)
class Representation:
    """One form of the resource. ``columns`` are the model's columns that it owns.

    ``map`` is pure. Raise ``version`` when the mapping changes, so that unchanged payloads are
    written once more. ``keeps_payload`` is false where a raw page holds it instead.
    """

    name: str
    columns: tuple[str, ...]
    map: Callable[[Payload, Reading], Columns]
    version: int = 1
    keeps_payload: bool = True


@dataclass(frozen=True, kw_only=True)
class Listing:
    """How to ask for many: the operation, and how connection and parent become path and query.

    ``single``: a parent has one of these, and the answer is the resource itself. ``read`` yields a
    parent's list page by page, where it takes more than one call; ``operation`` is then the first.
    """

    operation: Operation[Any]
    representation: Representation
    single: bool = False
    read: "Callable[[PartnerClient, str], Iterator[Pages]] | None" = None
    path: Callable[[str], Mapping[str, Any]] = lambda _parent: {}
    query: Callable[[Connection, str], Mapping[str, Any]] = lambda _connection, _parent: {}


@dataclass(frozen=True, kw_only=True)
class Detail:
    """How to ask for one."""

    operation: Operation[Any]
    representation: Representation
    path: Callable[[str, str], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Derived:
    """A column that the database fills in from what the row says (references, tenancy).

    ``value`` is SQL over ``incoming`` and the joined tables. With ``keep`` a later null leaves the
    stored value alone; without, the column follows what is written.
    """

    column: str
    value: str
    keep: bool = False


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A page for a family that writes its rows itself. ``since``: older records are known to be read."""

    connection: Connection
    payloads: Sequence[Payload]
    observed_at: dt.datetime
    since: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Family:
    """One kind of mirrored resource.

    - ``key`` names a row within its connection; ``position`` orders a full run.
    - ``parent`` is the family whose live rows are the parents of the listing, ``parent_column`` where
      a row keeps its parent's id. ``parent_key`` is SQL for that id, where it takes more than one
      column of the row ``parent``. Parents that no family reads stand in ``parent_table`` (connection_id,
      pc_id, gone_at), and ``parent`` is but their name. ``rescope`` reads one scope that was marked, where that is another
      call than the listing; its rows have the scope in ``rescope_column``.
    - ``joins`` and ``derived`` are SQL for references and tenancy, see ``Derived``.
    - ``details_due`` marks rows whose detail matters after a full pass that began at the given
      moment; ``dates_due`` rows whose dates were reached between two moments.
    - ``writer`` replaces the upsert for append-only families; ``incremental`` ones are listed in a
      run for changes too. ``bulk`` replaces listing and upsert for many narrow rows below a parent.
    - ``asks_before_removal``: not even one row is taken for gone without a person.
    - ``on_demand``: a parent's list is read when somebody looks at it, and by age with budget to spare;
      a run leaves it out unless it is named. ``calls``: about how many requests one list takes.
    - ``optional``: its calls take a permission that the application may lack; see ``optional.py``.
    - ``part_of``: the family whose rows another call reads a part of (orders of one billing cycle). It is
      read where a scope of it is marked and never else; ``parent_column`` is then SQL for that scope.
    """

    name: str
    model: type[Model]
    position: int
    listing: Listing
    key: tuple[str, ...] = ("pc_id",)
    parent: str | None = None
    parent_column: str = ""
    parent_key: str = "parent.pc_id"
    parent_table: str = ""
    detail: Detail | None = None
    rescope: Listing | None = None
    rescope_column: str = ""
    joins: str = ""
    derived: tuple[Derived, ...] = ()
    details_due: Callable[[Connection, dt.datetime], None] | None = None
    dates_due: Callable[[Connection, dt.datetime, dt.datetime], None] | None = None
    writer: Callable[[Batch], Any] | None = None
    incremental: bool = False
    bulk: Bulk | None = None
    asks_before_removal: bool = False
    on_demand: bool = False
    calls: int = 1
    optional: bool = False
    part_of: str = ""

    @property
    def followed(self) -> bool:
        """Whether single rows are read again when an audit record names them."""
        return self.detail is not None

    @property
    def table(self) -> str:
        return self.model._meta.db_table  # noqa: SLF001 - Django's documented model API

    @property
    def above(self) -> str:
        """The table of the parents."""
        return self.parent_table or get(self.parent or "").table

    @property
    def representations(self) -> tuple[Representation, ...]:
        """The list form first, then the detail form if there is one."""
        found = [self.listing.representation]
        if self.detail:
            found.append(self.detail.representation)
        return tuple(found)

    def key_of(self, columns: Columns) -> str:
        """Return what names this row among the family's, as one text."""
        return "|".join(str(columns[name]) for name in self.key)


_FAMILIES: dict[str, Family] = {}


def register(family: Family) -> Family:
    """Add a family; a second one of that name replaces it."""
    _FAMILIES[family.name] = family
    return family


def get(name: str) -> Family:
    """Return the family of that name; KeyError names those that exist."""
    try:
        return _FAMILIES[name]
    except KeyError:
        raise KeyError(f"{name} (known: {', '.join(names())})") from None


def ordered() -> Sequence[Family]:
    """Return all families in the order of a full run."""
    return sorted(_FAMILIES.values(), key=lambda family: family.position)


def names() -> list[str]:
    """Return the names in the order of a full run, of those that a run can read."""
    return [family.name for family in ordered() if not family.part_of]
