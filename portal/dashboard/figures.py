"""The figures of the home page. They read every row of the scope, so they are kept for some seconds."""

from django.core.cache import cache

from customers import queries as customers
from orders import queries as orders
from orders.renewals import counting as renewals
from orders.renewals.queries import alert_days
from portal.access.scope import Scope

KEPT_SECONDS = 20


def totals(scope: Scope) -> dict[str, int]:
    """Customers, all, active and suspended subscriptions, seats of the active ones, and terms that end.

    What a retired connection left is not counted: its account may have been connected anew.
    """
    key = f"home-sums:{scope.user_id}:{scope.as_json}".replace(" ", "")
    found: dict[str, int] | None = cache.get(key)
    if found is None:
        kept_up = customers.customers(scope).filter(connection__retired_at=None)
        found = orders.totals(scope) | {"customers": kept_up.count()} | renewals.counts(scope)
        found["days"] = alert_days()
        cache.set(key, found, KEPT_SECONDS)
    return found


def records(found: dict[str, int]) -> dict[str, int]:
    """Of these totals, by family of the mirror, how many records this scope sees."""
    return {"customers": found["customers"], "subscriptions": found["all"]}
