"""The newest payloads of subscriptions, for what has no column: refund options, the next charge."""

from collections.abc import Collection, Mapping
from typing import Any

from orders.models import Subscription

Payload = Mapping[str, Any]


def latest(row: Subscription) -> Payload:
    """As Partner Center told it last; empty before it told anything. One query."""
    return of_many([row.pk]).get(row.pk, {})


def of_many(ids: Collection[int]) -> dict[int, Payload]:
    """The same of several, by id: of list and detail the newer one. One query."""
    names = ("pk", "detail_observed_at", "detail_payload", "list_observed_at", "list_payload")
    found: dict[int, Payload] = {}
    for pk, detail_at, detail, list_at, listed in Subscription.objects.filter(
        pk__in=ids
    ).values_list(*names):
        is_listed = detail_at is None or (list_at is not None and list_at > detail_at)
        found[pk] = (listed if is_listed else detail) or {}
    return found
