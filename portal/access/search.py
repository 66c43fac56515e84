"""Global search: one narrow row per findable record, kept by set-based SQL of its domain.

A domain registers a SELECT that yields the rows of one kind; a sync calls ``reindex`` at the end of a
pass. An identifier that is pasted whole (GUID, domain, order number) wins over text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from portal.access.scope import Scope

SHORTEST = 3  # characters: a trigram index cannot help with fewer


@dataclass(frozen=True)
class Hit:
    """A found record. ``exact``: an identifier names just this one."""

    kind: str
    object_id: int
    title: str
    subtitle: str
    exact: bool


_sources: dict[str, str] = {}


def register(kind: str, select: str) -> None:
    """Name the SELECT of a kind, without WHERE, over the domain's table as ``t``.

    It yields object_id, connection_id, reseller_ids bigint[], title, subtitle, keys text[] (lower
    case, whole identifiers), text (what is searched; it is lowered here). ``{where}`` in it stands
    for the condition on ``t.id``; rows that must not be found are left out by its own condition.
    """
    if "{where}" not in select:
        raise ValueError(f"the SELECT of {kind!r} must contain {{where}}")
    _sources[kind] = select


def kinds() -> list[str]:
    """Every registered kind."""
    return sorted(_sources)


def reindex(kind: str, ids: Sequence[int] | None = None) -> int:
    """Bring the rows of a kind up to date, all or those of ``ids``; the number of rows written.

    Run by the owner role, in the caller's transaction. Unchanged rows are not written.
    """
    where = "true" if ids is None else "t.id = ANY (%(ids)s)"
    select = _sources[kind].replace("{where}", where)
    parameters: dict[str, Any] = {"kind": kind, "ids": list(ids or [])}
    with connection.cursor() as cursor:
        cursor.execute(_MERGE.format(select=select), parameters)
        written: int = cursor.rowcount
        if ids is not None and written == len(ids):
            return written  # each of them can be found, so none is to be swept
        limit = "true" if ids is None else "e.object_id = ANY (%(ids)s)"
        cursor.execute(_SWEEP.format(select=select, limit=limit), parameters)
        swept: int = cursor.rowcount
    return written + swept


def search(
    scope: Scope, text: str, *, limit: int = 8, kinds: Iterable[str] | None = None
) -> list[Hit]:
    """Records that this scope sees and whose identifier is the text, else whose text holds it.

    Fewer than three characters find identifiers only.
    """
    sought = _sought(text)
    if not sought:
        return []
    wanted = sorted(_sources) if kinds is None else list(kinds)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT kind, object_id, title, subtitle, exact FROM {_CALL}",  # noqa: S608 - a constant
            _parameters(scope, sought, wanted, limit),
        )
        return [Hit(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Call:
    """A call of the search function for a FROM clause: its columns are those of ``Hit``."""

    sql: str
    parameters: list[Any]


def call(scope: Scope, text: str, kinds: list[str], most: int) -> Call:
    """The records that ``search`` finds, at most ``most``, as a part of somebody's own SQL."""
    return Call(_CALL, _parameters(scope, _sought(text), kinds, most))


def too_short(text: str) -> bool:
    """Whether a text has too few characters to be looked for in names."""
    return len(_sought(text)) < SHORTEST


def pattern(text: str) -> str:
    """What LIKE compares with lowered text to find this one in it."""
    return f"%{_escaped(_sought(text))}%"


def ids(scope: Scope, kind: str, text: str, most: int) -> list[int] | None:
    """The records of one kind that ``search`` finds, one more than ``most`` for many.

    None for too short a text. For the text filter of a list: behind row policies no index of the wide
    table answers it.
    """
    if too_short(text):
        return None
    asked = call(scope, text, [kind], most + 1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT array_agg(object_id) FROM {asked.sql}",  # noqa: S608 - a constant
            asked.parameters,
        )
        found: list[int] = cursor.fetchone()[0] or []
    return found


def _sought(text: str) -> str:
    return " ".join(text.replace("\x00", "").split()).lower()


def _parameters(scope: Scope, sought: str, kinds: list[str], most: int) -> list[Any]:
    return [
        pattern(sought) if len(sought) >= SHORTEST else None,
        sought,
        kinds,
        scope.all_connections,
        sorted(scope.connection_ids),
        sorted(scope.reseller_ids),
        most,
    ]


def _escaped(text: str) -> str:
    """The text as LIKE takes it literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_CALL = "portal_search(%s, %s, %s, %s, %s::bigint[], %s::bigint[], %s)"
_MERGE = """
INSERT INTO access_searchentry AS e
    (kind, object_id, connection_id, reseller_ids, title, subtitle, keys, text)
SELECT %(kind)s, s.object_id, s.connection_id, coalesce(s.reseller_ids, '{{}}'), s.title, s.subtitle,
    coalesce(s.keys, '{{}}'), lower(s.text)
FROM ({select}) AS s
ON CONFLICT (kind, object_id) DO UPDATE SET
    connection_id = excluded.connection_id, reseller_ids = excluded.reseller_ids,
    title = excluded.title, subtitle = excluded.subtitle, keys = excluded.keys, text = excluded.text
WHERE (e.connection_id, e.reseller_ids, e.title, e.subtitle, e.keys, e.text) IS DISTINCT FROM
    (excluded.connection_id, excluded.reseller_ids, excluded.title, excluded.subtitle, excluded.keys,
     excluded.text)
"""
_SWEEP = """
DELETE FROM access_searchentry AS e
WHERE e.kind = %(kind)s AND {limit}
    AND NOT EXISTS (SELECT 1 FROM ({select}) AS s WHERE s.object_id = e.object_id)
"""
