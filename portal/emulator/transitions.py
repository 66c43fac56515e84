"""What happens by itself: terms that end, states that run out, changes accepted with 202.

Nothing ticks. An account is settled when it is looked at, up to the clock's present moment, so
that the result does not depend on who looks when. These changes leave no audit record: a mirror
learns of them by the dates it was given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from portal.emulator import changes
from portal.emulator.model import (
    JSON,
    NEVER,
    Account,
    Actor,
    Pending,
    Subscription,
    charge_end,
)

EXPIRED_DAYS = timedelta(days=30)
DISABLED_DAYS = timedelta(days=120)
Mode = Literal["immediate", "seconds", "reads", "manual"]


@dataclass(frozen=True, slots=True)
class Delay:
    """How a quantity change is answered: at once with 200, or with 202 and applied later.

    Later is after ``amount`` seconds, after ``amount`` reads, or when somebody says so.
    """

    mode: Mode = "immediate"
    amount: float = 0

    def accept(self, body: JSON, actor: Actor, now: datetime) -> Pending:
        pending = Pending(body, actor)
        if self.mode == "seconds":
            pending.due = now + timedelta(seconds=self.amount)
        elif self.mode == "reads":
            pending.reads = int(self.amount)
        return pending


def due(item: Subscription) -> datetime:
    """Return when this subscription changes next by itself."""
    moments = [_state_ends(item)]
    if item.charge_end is not None and item.status in {"active", "suspended"}:
        moments.append(datetime.combine(item.charge_end, time(23, 59, 59), UTC))
    if item.pending is not None and item.pending.due is not None:
        moments.append(item.pending.due)
    return min(moments)


def _state_ends(item: Subscription) -> datetime:
    match item.status:
        case "active" | "suspended":
            return item.term_end
        case "expired":
            return item.term_end + EXPIRED_DAYS
        case "disabled":
            return item.term_end + DISABLED_DAYS
        case _:
            return NEVER


def account_due(account: Account) -> datetime:
    return min(map(due, account.subscriptions.values()), default=NEVER)


def settle(account: Account, now: datetime, finish: Callable[[Subscription], None]) -> None:
    """Bring an account up to ``now``; ``finish`` applies a pending change that is due."""
    if now < account.due:
        return
    for item in account.subscriptions.values():
        while due(item) <= now:
            _step(item, due(item), finish)
    account.due = account_due(account)
    account.changed()


def _step(item: Subscription, moment: datetime, finish: Callable[[Subscription], None]) -> None:
    if item.pending is not None and item.pending.due == moment:
        finish(item)
    elif _state_ends(item) == moment:
        _end_state(item)
    elif item.charge_end is not None:
        tomorrow = item.charge_end + timedelta(days=1)
        item.charge_end = charge_end(item.start.date(), item.item.billing_cycle, tomorrow)


def _end_state(item: Subscription) -> None:
    """Leave a state whose time is over (facts.json lifecycle_nce)."""
    match item.status:
        case "active" if item.auto_renew:
            _renew(item)
        case "active" if _choice(item) == "RenewToExtendedServiceTerm":
            # A monthly term after the other, until somebody ends it (rule extended_service_term).
            item.begin_term(item.term_end + timedelta(seconds=1), "P1M")
        case "active" if _choice(item) == "Cancel":
            item.status = "disabled"
            item.lots, item.actions = [], []
        case "active":
            item.status = "expired"
            item.lots = []
        case "suspended" | "expired":
            item.status = "disabled"
        case _:
            item.status = "deleted"
    item.version += 1


def _choice(item: Subscription) -> str:
    """What was chosen for the end of the term, "" for nothing."""
    return next((changes.action_type(action) for action in item.actions), "")


def _renew(item: Subscription) -> None:
    """Start the next term at 00:00 UTC after the last day, as scheduled if something is."""
    start = item.term_end + timedelta(seconds=1)
    if item.schedule is not None:
        item.quantity = int(item.schedule.get("quantity") or item.quantity)
        item.schedule = None
    item.is_trial = False
    item.begin_term(start, item.item.term)
