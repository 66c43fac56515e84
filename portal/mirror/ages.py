"""The age of the mirror for pages: every page shows it, so it is worked out once in a while."""

import datetime as dt
from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import Min, Q

from portal.mirror.freshness import CURRENT
from portal.mirror.models import Freshness, MirrorModel

KEPT_SECONDS = 20


def ages(connection_ids: Iterable[int] | None) -> dict[str, dt.datetime | None]:
    """By family the oldest moment that the rows of these connections stand for; None: all of them."""
    ids = None if connection_ids is None else sorted(connection_ids)
    key = f"mirror-ages:{'all' if ids is None else ','.join(map(str, ids))}"
    found: dict[str, dt.datetime | None] | None = cache.get(key)
    if found is None:
        # What is read no more would hold the age of everything else back for ever.
        where = Q(parent="", connection__retired_at=None)
        where &= Q() if ids is None else Q(connection_id__in=ids)
        rows = Freshness.objects.filter(where).order_by().values_list("family")
        found = dict(rows.annotate(at=Min(CURRENT)))
        cache.set(key, found, KEPT_SECONDS)
    return found


def age_of(row: MirrorModel, *families: str) -> dt.datetime | None:
    """The moment that a row stands for: its own reading, or a later one of its families that left it as it was.

    A row keeps the moment of the reading that changed it last. Whole readings and followed changes that
    found it unchanged are told by its families; the oldest of those counts. What is gone is read no more.
    """
    own = row.observed_at
    if row.gone_at is not None:
        return own
    found = ages([row.connection_id])
    read = [found.get(name) for name in families]
    since = min((at for at in read if at), default=None) if all(read) else None
    return max((at for at in (own, since) if at), default=None)
