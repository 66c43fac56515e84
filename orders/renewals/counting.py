"""Numbers of the room for its tabs, the menu and the home page; they read many rows, so they are kept for a while."""

from django.core.cache import cache
from django.http import HttpRequest

from orders.models import Subscription
from orders.renewals import queries
from portal.access.http import scope_of
from portal.access.scope import Scope

KEPT_SECONDS = 60


def counts(scope: Scope) -> dict[str, int]:
    """As ``queries.counts`` has them, up to a minute old."""
    key = f"renewals:{scope.user_id}:{scope.as_json}".replace(" ", "")
    found: dict[str, int] | None = cache.get(key)
    if found is None:
        found = queries.counts(scope)
        cache.set(key, found, KEPT_SECONDS)
    return found


def windows(scope: Scope, limit: int) -> list[Subscription]:
    """The first of ``queries.windows``: which there are is up to a minute old, each is looked at anew."""
    key = f"windows:{scope.user_id}:{scope.as_json}".replace(" ", "")
    rows, found = queries.windows(scope), cache.get(key)
    if found is None:
        found = list(rows.values_list("pk", flat=True)[:limit])
        cache.set(key, found, KEPT_SECONDS)
    return list(rows.filter(pk__in=found)[:limit])


def badge(request: HttpRequest) -> int | None:
    """How many terms that end soon nothing is decided about."""
    return counts(scope_of(request))["undecided"] or None
