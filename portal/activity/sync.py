"""Partner Center's audit records: kept for the log, and read as the list of what to read again."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
import zstandard
from django.db import connection as database
from django.utils import timezone

from portal.activity import mapping
from portal.activity.models import AuditRecord
from portal.connections.models import Connection
from portal.mirror import dirty, freshness, hooks
from portal.mirror.families import (
    Batch,
    Columns,
    Family,
    Listing,
    Payload,
    Reading,
    Representation,
    register,
)
from portal.mirror.models import RawPage
from portal.mirror.upsert import Counts
from portal.partnercenter.operations.audit import LIST_AUDIT_RECORDS

NAME = "audit_records"
OVERLAP = dt.timedelta(hours=2)
"""Records appear with a delay; this much is read again, and known records change nothing."""
OLDEST = dt.timedelta(days=89)
"""Microsoft refuses a start more than 90 days back (get-a-record-of-partner-center-activity-by-user)."""
KEPT = dt.timedelta(days=400)

_encoder = msgspec.json.Encoder(decimal_format="number")


def _map(payload: Payload, _reading: Reading) -> Columns:
    return mapping.record(payload) or {}


def query(connection: Connection, _parent: str) -> dict[str, Any]:
    """Ask from the last look on, less the overlap; the first time for Microsoft's 30 days."""
    since = freshness.cursor(connection, NAME, "since")
    if since is None:
        return {}
    start = max(since - OVERLAP, connection.now() - OLDEST)
    return {"startDate": start.strftime("%Y-%m-%d")}


def write(batch: Batch) -> Counts:
    """Keep the records that are new, their page, and the marks that they cause; one transaction."""
    records = {row["pc_id"]: (row, payload) for row, payload in _mapped(batch)}
    if not records:
        return Counts()
    rows = [records[key][0] for key in sorted(records)]
    new = _insert(batch.connection, rows)
    if new:
        _keep_page(batch, [key for _, key in new])
        _mark(batch, [records[key][1] for _, key in new if _counts(records[key][0], batch)])
        hooks.changed(NAME, batch.connection, [pk for pk, _ in new])
    return Counts(inserted=len(new), unchanged=len(rows) - len(new), ids=[pk for pk, _ in new])


def _mapped(batch: Batch) -> list[tuple[Columns, Payload]]:
    found = ((mapping.record(payload), payload) for payload in batch.payloads)
    return [(row, payload) for row, payload in found if row is not None]


def _insert(connection: Connection, rows: Sequence[Columns]) -> list[tuple[int, str]]:
    names = ", ".join(mapping.COLUMNS)
    with database.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO activity_auditrecord (connection_id, {names})"  # noqa: S608 - own names
            f" SELECT %s, {names} FROM jsonb_populate_recordset(NULL::activity_auditrecord, %s)"
            " ON CONFLICT (connection_id, pc_id) DO NOTHING RETURNING id, pc_id",
            [connection.pk, _encoder.encode(rows).decode().replace("\\u0000", "\\ufffd")],
        )
        return [(pk, key) for pk, key in cursor.fetchall()]


def _keep_page(batch: Batch, keys: Sequence[str]) -> None:
    page = RawPage.objects.create(
        connection=batch.connection,
        family=NAME,
        observed_at=batch.observed_at,
        body=zstandard.compress(_encoder.encode(batch.payloads)),
        expires_at=timezone.now() + KEPT,
    )
    AuditRecord.objects.filter(connection=batch.connection, pc_id__in=keys).update(page=page)


def _counts(row: Columns, batch: Batch) -> bool:
    """Tell whether the record is later than what a full run's lists show anyway."""
    if batch.since is None:
        return True
    offset = dt.timedelta(seconds=batch.connection.clock_offset)
    return bool(row["operation_date"] >= batch.since + offset)


def _mark(batch: Batch, payloads: Sequence[Payload]) -> None:
    wanted: dict[str, set[tuple[str, str]]] = {}
    for payload in payloads:
        for family, parent, key in mapping.touched(payload):
            wanted.setdefault(family, set()).add((parent, key))
    for family, targets in sorted(wanted.items()):
        dirty.mark(batch.connection, family, targets, reason="audit", priority=dirty.CHANGED)


def remember(completed: hooks.Completed) -> None:
    """Save up to when the records are known, on Partner Center's clock."""
    offset = dt.timedelta(seconds=completed.connection.clock_offset)
    freshness.save_cursor(completed.connection, NAME, "since", completed.started_at + offset)


AUDIT_RECORDS = Family(
    name=NAME,
    model=AuditRecord,
    position=50,
    listing=Listing(
        operation=LIST_AUDIT_RECORDS,
        representation=Representation(
            name="list", columns=mapping.COLUMNS, map=_map, keeps_payload=False
        ),
        query=query,
    ),
    writer=write,
    incremental=True,
)


def setup() -> None:
    """Register the family (from ``AppConfig.ready``)."""
    register(AUDIT_RECORDS)
    hooks.after_pass(NAME, "since", remember)
