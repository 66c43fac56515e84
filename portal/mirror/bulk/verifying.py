"""Comparing bulk rows with their source, line by line, without keeping a list in memory."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection as database

from portal.connections.models import Connection
from portal.mirror.bulk.tables import Bulk, Parent, as_raw
from portal.partnercenter.client import PartnerClient

Found = tuple[str, str, str, Any, Any]
"""Key, kind (missing, surplus, column), column, value here, value there."""


def parents(connection: Connection, bulk: Bulk) -> list[Parent]:
    """Return the parents that have such rows."""
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT parent.id, parent.pc_id FROM {bulk.parent_table} AS parent"  # noqa: S608
            " WHERE parent.connection_id = %s AND parent.gone_at IS NULL"
            f" AND {bulk.parent_where} ORDER BY parent.pc_id",
            [connection.pk],
        )
        return [Parent(pk, pc_id) for pk, pc_id in cursor.fetchall()]


def compare(client: PartnerClient, bulk: Bulk, parent: Parent) -> Iterator[tuple[int, list[Found]]]:
    """Yield for each page how many rows were compared and what differs; the last item tells of surplus."""
    position = 0
    pages = client.pages(bulk.operation, query=bulk.query, raw=True, **bulk.path(parent.pc_id))
    for page in pages:
        wanted = [tuple(bulk.read(as_raw(item))) for item in page.items]
        stored = _stored(bulk, parent, position, position + len(wanted))
        found: list[Found] = []
        for place, row in enumerate(wanted, position):
            found += _row(bulk, f"{parent.pc_id}|{place}", stored.get(place), row)
        yield len(wanted), found
        position += len(wanted)
    surplus = _stored(bulk, parent, position, 2**31 - 1)
    yield 0, [(f"{parent.pc_id}|{place}", "surplus", "", None, None) for place in sorted(surplus)]


def _row(bulk: Bulk, key: str, stored: Sequence[Any] | None, row: Sequence[Any]) -> list[Found]:
    if stored is None:
        return [(key, "missing", "", None, None)]
    if tuple(stored) == row:
        return []
    return [
        (key, "column", name, here, there)
        for name, here, there in zip(bulk.columns, stored, row, strict=True)
        if here != there
    ]


def _stored(bulk: Bulk, parent: Parent, start: int, stop: int) -> dict[int, tuple[Any, ...]]:
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT position, {', '.join(bulk.columns)} FROM {bulk.table}"  # noqa: S608
            f" WHERE {bulk.parent_column} = %s AND position >= %s AND position < %s"
            " AND gone_at IS NULL",
            [parent.pk, start, stop],
        )
        return {position: tuple(values) for position, *values in cursor.fetchall()}
