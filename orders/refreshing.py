"""Reading one subscription again because somebody looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils import timezone

from orders.models import Subscription
from portal.access.guard import require
from portal.access.scope import Scope
from portal.mirror import refresh as mirror_refresh
from portal.mirror.refresh import Target
from portal.ui.age import Age

RIGHT = "mirror.refresh"
FAMILY = "subscriptions"


class Detail(StrEnum):
    """Whether get-by-id has been read, which alone tells of lots and of a schedule."""

    KNOWN = "known"
    UNREAD = "unread"
    ASKING = "asking"
    FAILED = "failed"


@dataclass(frozen=True)
class Reading:
    """How the reading of the detail stands; ``error`` is empty where no worker came."""

    state: Detail
    error: Mapping[str, Any] = field(default_factory=dict)


def target(subscription: Subscription) -> Target:
    """The subscription in detail."""
    return Target(
        subscription.connection, FAMILY, subscription.pc_id, parent=subscription.customer_pc_id
    )


def reading(subscription: Subscription) -> Reading:
    """Tell how the first reading of the detail stands."""
    if subscription.detail_observed_at is not None:
        return Reading(Detail.KNOWN)
    mark = next(iter(mirror_refresh.marks([target(subscription)])), None)
    if mark is None:
        return Reading(Detail.UNREAD)
    if mark.error or mark.marked_at + mirror_refresh.PATIENCE < timezone.now():
        return Reading(Detail.FAILED, mark.error or {})
    return Reading(Detail.ASKING)


def age(subscription: Subscription, refresh_url: str) -> Age:
    """The page's age and how a new reading stands; of the first one the detail's own place tells."""
    known = subscription.detail_observed_at is not None
    targets = [target(subscription)] if known else []
    return mirror_refresh.age(subscription.observed_at, targets, refresh_url)


def read_detail(scope: Scope, subscription: Subscription, *, again: bool = False) -> Reading:
    """Have the detail read unless it is known or being read; ``again`` also after a failure."""
    require(scope, RIGHT, subscription)
    found = reading(subscription)
    wanted = {Detail.UNREAD, Detail.FAILED} if again else {Detail.UNREAD}
    if subscription.connection.is_retired or found.state not in wanted:
        return found
    refresh(scope, subscription)
    return Reading(Detail.ASKING)


def refresh(scope: Scope, subscription: Subscription) -> None:
    """Have the workers re-read the subscription in detail, before anything less urgent."""
    require(scope, RIGHT, subscription)
    mirror_refresh.ask([target(subscription)])
