"""The newest payload of one subscription, for what has no column: refund options, the next charge."""

from collections.abc import Mapping
from typing import Any

from orders.models import Subscription


def latest(row: Subscription) -> Mapping[str, Any]:
    """As Partner Center told it last, of list and detail the newer one; empty before either. One query."""
    names = ("detail_observed_at", "detail_payload", "list_observed_at", "list_payload")
    found = Subscription.objects.filter(pk=row.pk).values_list(*names).first()
    if found is None:
        return {}
    detail_at, detail, list_at, listed = found
    if detail_at is None or (list_at is not None and list_at > detail_at):
        return listed or {}
    return detail or {}
