"""What a single change's wait and a batch's have in common: how it begins, and what its time running out does."""

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.outbox.approvals.deciding import Need
from portal.outbox.approvals.models import Outcome, Wait

W = TypeVar("W", bound=Wait)
LIMIT = 100


def begun(need: Need, user_id: int) -> dict[str, Any]:
    """The columns of a wait that begins now, whatever became of an earlier one."""
    wait, now = dt.timedelta(hours=need.hours), timezone.now()
    return {
        "rule": need.rule,
        "cost_unknown": need.cost_unknown,
        "asked_by_id": user_id,
        "decided_by": None,
        "outcome": Outcome.PENDING,
        "expires_at": now + wait,
        "remind_at": now + wait / 2,
        "decided_at": None,
    }


def sweep(rows: QuerySet[W], expire: Callable[[W], None], remind: Callable[[W], None]) -> None:
    """Cancel what has waited too long; remind of what waits past half of its time. Each in a transaction."""
    now = timezone.now()
    pending = rows.filter(outcome=Outcome.PENDING)
    for act, due in (
        (expire, pending.filter(expires_at__lte=now)),
        (remind, pending.filter(remind_at__lte=now, expires_at__gt=now)),
    ):
        for wait in due[:LIMIT]:
            with transaction.atomic():
                act(wait)
