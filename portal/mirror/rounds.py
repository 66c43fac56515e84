"""How reading by age stands: how many lists there are of each family, how old, and how old they get at most."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection as database

from portal.connections.models import Connection
from portal.mirror import aging
from portal.mirror.families import Family

AGAIN_SECONDS = 300
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Round:
    """One family: its lists, those read so far, the oldest reading.

    ``at_most`` is how old a list gets while a minute may ask for ``requests`` in its class and nothing
    else holds the reading up.
    """

    family: str
    lists: int
    read: int
    oldest: dt.datetime | None
    requests: int
    at_most: dt.timedelta

    @property
    def unread(self) -> int:
        """Never read yet, or refused."""
        return self.lists - self.read


def rounds(connection: Connection) -> list[Round]:
    """Every family that is read by age on this connection, as a worker counted them last; [] before that."""
    found: list[Round] | None = cache.get(_key(connection))
    return found or []


def keep(connection: Connection) -> None:
    """Count once in a while, in a worker: a page does not go through lists by the hundred thousand."""
    if not cache.add(f"{_key(connection)}:counted", 1, AGAIN_SECONDS):
        return
    found = [
        one
        for throttle, families in aging.by_class(connection).items()
        for one in _of_class(connection, families, aging.requests_a_minute(connection, throttle))
    ]
    cache.set(_key(connection), found, KEPT_SECONDS)


def _key(connection: Connection) -> str:
    return f"mirror-rounds:{connection.pk}"


def _of_class(connection: Connection, families: Sequence[Family], requests: int) -> list[Round]:
    counted = {family.name: _counted(connection, family) for family in families}
    costs = {family.name: counted[family.name][0] * family.calls for family in families}
    return [
        Round(
            family=family.name,
            lists=counted[family.name][0],
            read=counted[family.name][1],
            oldest=counted[family.name][2],
            requests=requests,
            at_most=aging.old_after() + _turn(family, costs, requests, counted[family.name][0]),
        )
        for family in families
    ]


def _turn(family: Family, costs: dict[str, int], requests: int, lists: int) -> dt.timedelta:
    """How long a family takes to come round if all its lists are due at once.

    It has its equal part of the class at least, and no more to wait for than all of the class.
    """
    if fixed := aging.fixed():
        return dt.timedelta(minutes=-(-lists // fixed))
    alone = costs[family.name] * len(costs)
    return dt.timedelta(minutes=-(-min(alone, sum(costs.values())) // requests))


def _counted(connection: Connection, family: Family) -> tuple[int, int, dt.datetime | None]:
    parent, key = family.above, family.parent_key
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(fresh.complete_at), min(fresh.complete_at)"  # noqa: S608 - own names
            f" FROM {parent} AS parent"
            " LEFT JOIN mirror_freshness AS fresh ON fresh.connection_id = parent.connection_id"
            f" AND fresh.family = %s AND fresh.parent = {key}"
            " WHERE parent.connection_id = %s AND parent.gone_at IS NULL",
            [family.name, connection.pk],
        )
        lists, read, oldest = cursor.fetchone() or (0, 0, None)
    return int(lists), int(read), oldest
