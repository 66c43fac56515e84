"""Which audit records of Partner Center tell of our own Commands.

Worked out when records are synced, for all new ones at once, and kept: a page only reads it. The same
correlation id is certain. Without one, a record is probably ours if customer, resource, operation,
value and time fit one Command that nothing else fits better. The rest was not done by us.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from portal.activity.models import AuditRecord
from portal.connections.models import Connection
from portal.mirror import hooks

RECORDS = "audit_records"
AGAIN = dt.timedelta(days=2)
"""Records this young are looked at once more after each pass: an entry may come after its record."""
AT_ONCE = 5000
BEFORE, AFTER = dt.timedelta(minutes=2), dt.timedelta(minutes=15)
"""How far a record may lie before the sending and after the settling of its Command."""

_SAME = """
INSERT INTO activity_auditmatch (audit_id, entry_id, certainty)
SELECT DISTINCT ON (record.id) record.id, entry.id, 'same'
FROM activity_auditrecord AS record
JOIN activity_entry AS entry ON entry.connection_id = record.connection_id
    AND entry.correlation_id <> ''
    AND entry.correlation_id IN (record.correlation_id, lower(record.correlation_id))
WHERE record.id = ANY(%(ids)s) AND record.correlation_id <> ''
ORDER BY record.id, entry.kind LIKE '%%.confirmed' DESC, entry.id DESC
ON CONFLICT (audit_id) DO UPDATE SET entry_id = EXCLUDED.entry_id, certainty = 'same'
    WHERE activity_auditmatch.certainty <> 'same'
"""
# What was asked, against what the record says changed: names differ in their spelling only.
_VALUES = """
    SELECT 1 FROM jsonb_each(command.after) AS asked
    JOIN jsonb_each(record.summary -> 'changes') AS told
    ON lower(told.key) IN (replace(asked.key, '_', ''), replace(asked.key, '_', '') || 'enabled')
    WHERE told.value -> 1
"""
_PROBABLE = f"""
WITH candidate AS (
    SELECT record.id AS audit_id, command.id AS command_id,
        abs(extract(epoch FROM record.operation_date - command.sent_at - %(offset)s)) AS distance
    FROM activity_auditrecord AS record
    JOIN outbox_command AS command ON command.connection_id = record.connection_id
        AND command.customer_pc_id = record.customer_pc_id
        AND command.target_pc_id = record.resource_pc_id
        AND command.target_type = record.resource_type
    WHERE record.id = ANY(%(ids)s) AND record.customer_pc_id <> ''
        AND lower(record.operation_status) IN ('succeeded', 'progress')
        AND record.operation_date - %(offset)s BETWEEN command.sent_at - %(before)s
            AND coalesce(command.settled_at, command.sent_at) + %(after)s
        AND EXISTS ({_VALUES} = asked.value)
        AND NOT EXISTS ({_VALUES} <> asked.value)
        AND NOT EXISTS (SELECT 1 FROM activity_auditmatch AS known WHERE known.audit_id = record.id)
        AND NOT EXISTS (
            SELECT 1 FROM activity_auditmatch AS known JOIN activity_entry AS entry
            ON entry.id = known.entry_id WHERE entry.command_id = command.id)
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY audit_id ORDER BY distance, command_id) AS of_record,
        row_number() OVER (PARTITION BY command_id ORDER BY distance, audit_id) AS of_command
    FROM candidate
)
INSERT INTO activity_auditmatch (audit_id, entry_id, certainty)
SELECT ranked.audit_id, told.id, 'probable' FROM ranked CROSS JOIN LATERAL (
    SELECT entry.id FROM activity_entry AS entry WHERE entry.command_id = ranked.command_id
    ORDER BY entry.kind LIKE '%%.confirmed' DESC, entry.id DESC LIMIT 1) AS told
WHERE ranked.of_record = 1 AND ranked.of_command = 1
ON CONFLICT (audit_id) DO NOTHING
"""  # noqa: S608 - our own constants


def match(connection: Connection, ids: Sequence[int]) -> None:
    """Join these records with the entries that tell of the same; joins the caller's transaction."""
    values: dict[str, Any] = {
        "ids": list(ids),
        "offset": dt.timedelta(seconds=connection.clock_offset),
        "before": BEFORE,
        "after": AFTER,
    }
    with transaction.atomic(), database.cursor() as cursor:
        cursor.execute(_SAME, values)
        cursor.execute(_PROBABLE, values)


def _again(completed: hooks.Completed) -> None:
    young = AuditRecord.objects.filter(
        connection=completed.connection,
        operation_date__gt=timezone.now() - AGAIN,
        matches=None,
    )
    match(completed.connection, list(young.order_by("-pk").values_list("pk", flat=True)[:AT_ONCE]))


def setup() -> None:
    """Have records joined when they are synced (from ``OutboxConfig.ready``)."""
    hooks.on_change(RECORDS, "match", match)
    hooks.after_pass(RECORDS, "match", _again)
