"""Lists that are read on demand, in the background by age: never read first, then the oldest.

A minute of it may ask for a share of the rate budget, told apart by throttle class, so that an estate of
any size costs the same. Within a class each family gets its part, and what one does not need goes to the
others: users of customers come round in an hour or two also where there are licences by the hundred
thousand.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.conf import settings
from django.db import connection as database
from django.db.models import Count, Q
from django.utils import timezone

from portal.connections.clients import governor
from portal.connections.governor import DOCUMENTED
from portal.connections.models import Connection
from portal.mirror import dirty
from portal.mirror.families import Family, ordered
from portal.mirror.models import DirtyMark
from portal.partnercenter.spec import Cloud, Throttle

REASON = "age"


def share() -> float:
    """Which part of the rate budget reading by age may use (MIRROR_AGED_PERCENT)."""
    return float(getattr(settings, "MIRROR_AGED_PERCENT", 40)) / 100


def fixed() -> int | None:
    """Lists of each family and minute instead of a share of the budget (MIRROR_AGED_PER_MINUTE); else None."""
    found = getattr(settings, "MIRROR_AGED_PER_MINUTE", None)
    return None if found is None else int(found)


def old_after() -> dt.timedelta:
    """From which age on a list is read again without being asked for (MIRROR_AGED_DAYS)."""
    return dt.timedelta(days=float(getattr(settings, "MIRROR_AGED_DAYS", 1)))


def readable(connection: Connection, family: Family) -> bool:
    """Whether this connection may read the family: its cloud has it, and a person has consented if need be."""
    operation = family.listing.operation
    if Cloud(connection.cloud) not in operation.clouds:
        return False
    return connection.has_consent or not operation.needs_user


def requests_a_minute(connection: Connection, throttle: Throttle) -> int:
    """What a minute may ask for; a test bed without a limit is treated as Microsoft would."""
    limit = min(governor(connection).limit(throttle), DOCUMENTED)
    return max(1, int(limit * share()))


def by_class(
    connection: Connection, names: Collection[str] | None = None
) -> Mapping[Throttle, list[Family]]:
    """The families that are read by age here, by the budget that they share."""
    found: dict[Throttle, list[Family]] = {}
    for family in ordered():
        named = names is None or family.name in names
        if family.on_demand and family.parent and named and readable(connection, family):
            found.setdefault(family.listing.operation.throttle, []).append(family)
    return found


def mark_due(connection: Connection, names: Collection[str] | None = None) -> dict[str, int]:
    """Mark what a minute may read; how many lists of each family."""
    marked: dict[str, int] = {}
    for throttle, families in by_class(connection, names).items():
        budget = requests_a_minute(connection, throttle)
        waiting = _waiting(connection, families)
        left = budget - sum(waiting.get(one.name, 0) * one.calls for one in families)
        wanted = {one.name: _oldest(connection, one, budget // one.calls) for one in families}
        needs = {one.name: (len(wanted[one.name]), one.calls) for one in families}
        for name, lists in shared_out(max(0, left), needs).items():
            most = lists if fixed() is None else fixed()
            marked[name] = _mark(connection, name, wanted[name][:most])
    return marked


def mark(connection: Connection, family: Family, most: int | None = None) -> int:
    """Mark the parents of one family whose list is missing or oldest; returns how many."""
    if not family.parent or not readable(connection, family):
        return 0
    if most is None:
        budget = requests_a_minute(connection, family.listing.operation.throttle)
        most = budget // family.calls if fixed() is None else fixed()
    return _mark(connection, family.name, _oldest(connection, family, most or 0))


def shared_out(budget: int, needs: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """Share requests out: ``needs`` are (lists, requests for each) by name, the answer lists by name.

    Everybody gets the same, but nobody more than it needs; the smallest need is met first.
    """
    given: dict[str, int] = {}
    for place, name in enumerate(sorted(needs, key=lambda one: needs[one][0] * needs[one][1])):
        lists, each = needs[name]
        given[name] = min(lists, budget // (len(needs) - place) // each)
        budget -= given[name] * each
    return given


def _mark(connection: Connection, name: str, parents: Iterable[str]) -> int:
    targets = [(parent, "") for parent in parents]
    return dirty.mark(connection, name, targets, reason=REASON, priority=dirty.BACKGROUND)


def _waiting(connection: Connection, families: Iterable[Family]) -> dict[str, int]:
    """What earlier minutes marked and did not get to, by family."""
    rows = DirtyMark.objects.filter(
        Q(not_before=None) | Q(not_before__lte=timezone.now()),
        connection=connection,
        family__in=[one.name for one in families],
        reason=REASON,
        priority__lt=0,
    )
    return dict(rows.order_by().values_list("family").annotate(n=Count("pk")))


def _oldest(connection: Connection, family: Family, most: int) -> list[str]:
    """The parents to read next; one that is marked already waits for its turn."""
    parent, key = family.above, family.parent_key
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT {key} FROM {parent} AS parent"  # noqa: S608 - own names
            " LEFT JOIN mirror_freshness AS fresh ON fresh.connection_id = parent.connection_id"
            f" AND fresh.family = %s AND fresh.parent = {key}"
            " LEFT JOIN mirror_dirtymark AS marked ON marked.connection_id = parent.connection_id"
            f" AND marked.family = %s AND marked.parent = {key} AND marked.key = ''"
            " WHERE parent.connection_id = %s AND parent.gone_at IS NULL AND marked.id IS NULL"
            " AND coalesce(fresh.complete_at < %s, true)"
            " ORDER BY fresh.complete_at NULLS FIRST, parent.pc_id LIMIT %s",
            [family.name, family.name, connection.pk, timezone.now() - old_after(), most],
        )
        return [pc_id for (pc_id,) in cursor.fetchall()]
