"""Reading one subscription again because somebody looks at it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from orders.models import Subscription
from portal.access.guard import require
from portal.access.scope import Scope
from portal.mirror import refresh as mirror_refresh
from portal.mirror.models import DirtyMark

RIGHT = "mirror.refresh"
FAMILY = "subscriptions"
PATIENCE = dt.timedelta(minutes=1)
"""How long a page waits for a worker before it says that none came."""


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


def reading(subscription: Subscription) -> Reading:
    """Tell how the first reading of the detail stands."""
    if subscription.detail_observed_at is not None:
        return Reading(Detail.KNOWN)
    mark = _mark(subscription)
    if mark is None:
        return Reading(Detail.UNREAD)
    if mark.error or mark.marked_at + PATIENCE < timezone.now():
        return Reading(Detail.FAILED, mark.error or {})
    return Reading(Detail.ASKING)


def _mark(subscription: Subscription) -> DirtyMark | None:
    return DirtyMark.objects.filter(
        connection=subscription.connection_id,
        family=FAMILY,
        parent=subscription.customer_pc_id,
        key=subscription.pc_id,
    ).first()


def failure(subscription: Subscription) -> str:
    """Why what is shown could not be read again, with Partner Center's code and correlation id; else ""."""
    mark = _mark(subscription) if subscription.detail_observed_at is not None else None
    if mark is None or not mark.error:
        return ""
    told = (str(mark.error.get(name) or "") for name in ("code", "message", "correlation_id"))
    return _("The last reading failed: %(error)s") % {"error": " · ".join(filter(None, told))}


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
    if subscription.connection.is_retired:
        return
    mirror_refresh.request(
        subscription.connection,
        FAMILY,
        subscription.pc_id,
        parent=subscription.customer_pc_id,
        reason="viewed",
        priority=10,
    )
