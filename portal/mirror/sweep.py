"""What a complete listing no longer names is gone, unless that is too much to believe.

A pass writes the keys it met into ``mirror_seen``, in the transaction of their rows. The sweep is an
anti-join at its end, over the parents that were read completely. It refuses to remove more than a
threshold: an empty or shortened listing is more often a fault than the truth, and a person decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection as database

from portal.connections.models import Connection
from portal.mirror import hooks
from portal.mirror.families import Family, get
from portal.mirror.models import SyncPass
from portal.mirror.upsert import key_sql, seen_at_sql


def floor() -> int:
    """How many rows of one scope may vanish whatever their share (MIRROR_SWEEP_FLOOR)."""
    return int(getattr(settings, "MIRROR_SWEEP_FLOOR", 5))


def share() -> float:
    """Which part of a scope may vanish (MIRROR_SWEEP_SHARE)."""
    return float(getattr(settings, "MIRROR_SWEEP_SHARE", 0.2))


class TooMany(Exception):  # noqa: N818 - says what happened
    """A listing lacks more rows than is believed without a person."""


@dataclass(frozen=True)
class Plan:
    """What a sweep would do. ``suspicious`` says that it needs a person."""

    remove: int
    suspicious: bool


def too_many(remove: int, live: int, met: int) -> bool:
    """Tell whether losing ``remove`` of ``live`` rows is hard to believe. ``met`` were seen."""
    if not remove:
        return False
    return remove > max(floor(), live * share()) or (met == 0 and remove > 1)


def remember(one: SyncPass, keys: Iterable[str]) -> None:
    """Note the keys that this pass met, in the caller's transaction; counts them on the pass."""
    wanted = sorted(set(keys))
    if not wanted:
        return
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mirror_seen (run_id, family, key) SELECT %s, %s, unnest(%s::text[])"
            " ON CONFLICT DO NOTHING",
            [one.run_id, one.family, wanted],
        )
        one.seen_count += cursor.rowcount


def lost(one: SyncPass) -> bool:
    """Tell whether a crash emptied the unlogged table under this pass."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM mirror_seen WHERE run_id = %s AND family = %s",
            [one.run_id, one.family],
        )
        (count,) = cursor.fetchone() or (0,)
    return int(count) < one.seen_count


def forget(one: SyncPass) -> None:
    """Remove the pass's keys."""
    with database.cursor() as cursor:
        cursor.execute(
            "DELETE FROM mirror_seen WHERE run_id = %s AND family = %s", [one.run_id, one.family]
        )


def plan(family: Family, one: SyncPass) -> Plan:
    """Count what the sweep would remove, in all and for each parent."""
    scope = f"stored.{family.parent_column}" if family.parent else "''"
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FILTER (WHERE missing), count(*) FROM ("  # noqa: S608 - own names
            f" SELECT {scope} AS scope, {_missing(family)} AS missing, {_orphan(family)} AS orphan"
            f" FROM {family.table} AS stored WHERE stored.connection_id = %(connection)s"
            " AND stored.gone_at IS NULL) AS rows WHERE NOT orphan GROUP BY scope",
            _values(one),
        )
        scopes = cursor.fetchall()
    remove = sum(missing for missing, _ in scopes)
    live = sum(rows for _, rows in scopes)
    suspicious = too_many(remove, live, one.seen_count) or any(
        too_many(missing, rows, rows - missing) for missing, rows in scopes if family.parent
    )
    return Plan(remove, suspicious)


def carry_out(family: Family, connection: Connection, one: SyncPass) -> int:
    """Set ``gone_at`` on what was not met and on what lost its parent; returns how many rows."""
    with database.cursor() as cursor:
        cursor.execute(
            f"UPDATE {family.table} AS stored SET gone_at = %(started)s"  # noqa: S608 - own names
            " WHERE stored.connection_id = %(connection)s AND stored.gone_at IS NULL"
            f" AND ({_missing(family)} OR {_orphan(family)}) RETURNING stored.id",
            _values(one),
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    hooks.changed(family.name, connection, ids)
    return len(ids)


def gone_from_scope(
    family: Family, connection: Connection, column: str, scope: str, met: Sequence[str]
) -> list[str]:
    """Return keys of live rows whose ``column`` is ``scope`` and that a fresh listing does not name.

    Without ``column`` the scope is the whole family. No full run asks a person about what is read on
    demand: of that, only an empty list is hard to believe. Raises ``TooMany`` where that is hard to believe,
    and for one row where the family asks a person first: the next full run puts the question.
    """
    of_scope = column or "''"
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT {key_sql(family)} FROM {family.table} AS stored"  # noqa: S608 - own names
            f" WHERE connection_id = %s AND {of_scope} = %s AND gone_at IS NULL",
            [connection.pk, scope],
        )
        known = {key for (key,) in cursor.fetchall()}
    missing = sorted(known.difference(met))
    asks = family.asks_before_removal and bool(missing)
    if family.on_demand and met:
        return missing
    if asks or too_many(len(missing), len(known), len(known) - len(missing)):
        raise TooMany(f"{len(missing)} of {len(known)} would be removed")
    return missing


def _values(one: SyncPass) -> dict[str, Any]:
    return {
        "connection": one.run.connection_id,
        "run": one.run_id,
        "family": one.family,
        "parent_family": get(one.family).parent or "",
        "started": one.started_at,
    }


def _missing(family: Family) -> str:
    """SQL: not met, not read otherwise since the pass began, and its parent's list was read whole."""
    found = (
        "(NOT EXISTS (SELECT 1 FROM mirror_seen AS seen WHERE seen.run_id = %(run)s"  # noqa: S608
        f" AND seen.family = %(family)s AND seen.key = {key_sql(family)})"
        f" AND coalesce({seen_at_sql(family)} < %(started)s, true)"
    )
    if family.parent:
        found += (
            " AND EXISTS (SELECT 1 FROM mirror_freshness AS fresh"  # noqa: S608 - own names
            " WHERE fresh.connection_id = stored.connection_id AND fresh.family = %(family)s"
            f" AND fresh.parent = stored.{family.parent_column}"
            " AND fresh.complete_at >= %(started)s)"
        )
    return found + ")"


def _orphan(family: Family) -> str:
    """SQL: the parent itself is gone (its own family has decided that)."""
    if not family.parent:
        return "false"
    parent = family.above
    return (
        f"EXISTS (SELECT 1 FROM {parent} AS parent"  # noqa: S608 - own names
        " WHERE parent.connection_id = stored.connection_id"
        f" AND {family.parent_key} = stored.{family.parent_column} AND parent.gone_at IS NOT NULL)"
    )
