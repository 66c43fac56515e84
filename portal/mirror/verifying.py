"""Comparing the mirror with its source, row by row: columns, never payloads.

Every list is read again, and the detail of each row that has one. What the mirror lacks, what it has
too much and every column that differs is a difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from portal.connections.models import Connection
from portal.mirror import listing, optional
from portal.mirror.bulk import verifying as bulk
from portal.mirror.families import Family, Listing, Reading, Representation, get, ordered
from portal.mirror.fetching import Pool
from portal.mirror.models import Freshness
from portal.mirror.upsert import Row, prepare
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import NotFound, PartnerError
from portal.partnercenter.spec import Cloud

CHUNK = 500


@dataclass(frozen=True)
class Difference:
    """``kind``: missing (not in the mirror), surplus (only there), or column."""

    family: str
    key: str
    kind: str
    column: str = ""
    mirror: Any = None
    source: Any = None


@dataclass
class Verdict:
    """What one family came to."""

    family: str
    compared: int = 0
    details: int = 0
    differences: list[Difference] | None = None


def verify(connection: Connection) -> Iterator[Verdict]:
    """Compare each family in turn. Raises ``PartnerError`` where the source cannot be read.

    Families that only a person's consent or a permission of their own opens, or that the cloud lacks,
    are left out.
    """
    for family in ordered():
        operation = family.listing.operation
        closed = operation.needs_user and not connection.has_consent
        if (
            family.writer
            or family.part_of
            or closed
            or Cloud(connection.cloud) not in operation.clouds
        ):
            continue
        found = _verdict(connection, family)
        if found is not None:
            yield found


def _verdict(connection: Connection, family: Family) -> Verdict | None:
    """Compare one family; None where a permission of its own lacks."""
    check = _verify_bulk if family.bulk else _verify
    try:
        with Pool(connection) as pool:
            return check(connection, family, pool)
    except PartnerError as error:
        if optional.bars(family, error):
            return None
        raise


def _verify_bulk(connection: Connection, family: Family, pool: Pool) -> Verdict:
    assert family.bulk is not None, "a bulk family"
    verdict, differences = Verdict(family.name), []
    for parent in bulk.parents(connection, family.bulk):
        for compared, found in bulk.compare(pool.client, family.bulk, parent):
            verdict.compared += compared
            differences += [Difference(family.name, *one) for one in found]
    verdict.differences = differences
    return verdict


def _verify(connection: Connection, family: Family, pool: Pool) -> Verdict:
    verdict = Verdict(family.name, differences=[])
    found = verdict.differences
    assert found is not None, "made above"
    stored = _stored(connection, family)
    representation = family.listing.representation
    rows = {row.key: row for row in _source(connection, family, pool)}
    verdict.compared = len(rows)
    for key in sorted(rows.keys() - stored.keys()):
        found.append(Difference(family.name, key, "missing"))
    for key in sorted(stored.keys() - rows.keys()):
        found.append(Difference(family.name, key, "surplus"))
    for key in sorted(rows.keys() & stored.keys()):
        found += compare(family, representation, stored[key], rows[key])
    for key, row in _details(connection, family, pool, stored):
        verdict.details += 1
        if row is None:
            found.append(Difference(family.name, key, "surplus"))
        elif family.detail:
            found += compare(family, family.detail.representation, stored[key], row)
    return verdict


def compare(
    family: Family, representation: Representation, stored: Mapping[str, Any], row: Row
) -> list[Difference]:
    """Return the columns of one row that differ."""
    return [
        Difference(family.name, row.key, "column", name, stored[name], row.columns.get(name))
        for name in representation.columns
        if stored[name] != row.columns.get(name)
    ]


def _stored(connection: Connection, family: Family) -> dict[str, dict[str, Any]]:
    representations = family.representations
    names = {name for one in representations for name in one.columns}
    names |= {f"{one.name}_observed_at" for one in representations}
    objects = family.model._default_manager.filter(connection=connection, gone_at=None)  # noqa: SLF001
    rows = objects.values(*sorted(names))
    return {family.key_of(row): row for row in rows.iterator(chunk_size=CHUNK)}


def _source(connection: Connection, family: Family, pool: Pool) -> Iterator[Row]:
    if not family.parent:
        yield from listing.fetch(pool.client, connection, family, family.listing, "").rows
        return

    def ask(client: PartnerClient, parent: str) -> Sequence[Row]:
        return _rows(client, connection, family, family.listing, parent)

    for outcome in pool.each(_parents(connection, family), ask):
        if outcome.error is not None:
            raise outcome.error
        yield from outcome.result or ()


def _parents(connection: Connection, family: Family) -> list[str]:
    """The parents whose list the mirror has read."""
    if family.on_demand:
        read = Freshness.objects.filter(connection=connection, family=family.name)
        return list(read.exclude(parent="").order_by("parent").values_list("parent", flat=True))
    parents = get(family.parent or "").model._default_manager  # noqa: SLF001 - the documented default
    ids = parents.filter(connection=connection, gone_at=None).order_by("pc_id")
    return list(ids.values_list("pc_id", flat=True))


def _rows(
    client: PartnerClient, connection: Connection, family: Family, one: Listing, parent: str
) -> Sequence[Row]:
    """Read a parent's list; a parent that is gone upstream has no rows (its own family tells)."""
    try:
        return listing.fetch(client, connection, family, one, parent).rows
    except NotFound:
        return ()


def _details(
    connection: Connection, family: Family, pool: Pool, stored: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, Row | None]]:
    detail = family.detail
    if detail is None:
        return
    wanted = [key for key, row in stored.items() if row["detail_observed_at"] is not None]

    def ask(client: PartnerClient, key: str) -> Row | None:
        parent = stored[key][family.parent_column] if family.parent_column else ""
        at = timezone.now()
        try:
            payload = client.call(detail.operation, **detail.path(parent, key))
        except NotFound:
            return None
        reading = Reading(connection=connection, observed_at=at, parent=parent)
        (row,) = prepare(family, detail.representation, [payload], reading)
        return row

    for outcome in pool.each(wanted, ask):
        if outcome.error is not None:
            raise outcome.error
        yield outcome.item, outcome.result
