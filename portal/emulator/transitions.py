"""What happens by itself: terms that end, states that run out, changes accepted with 202.

Nothing ticks. An account is settled when it is looked at, up to the clock's present moment, so
that the result does not depend on who looks when. These changes leave no audit record: a mirror
learns of them by the dates it was given.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Literal

from portal.emulator import changes, instructions
from portal.emulator.catalogue import Item
from portal.emulator.model import (
    JSON,
    NEVER,
    Account,
    Actor,
    Pending,
    Subscription,
    charge_end,
)
from portal.reference import term_end

EXPIRED_DAYS = timedelta(days=30)
DISABLED_DAYS = timedelta(days=120)
EXTENDED = " (Extended Service Term)"
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
        _charge(item)
        item.charge_end = charge_end(item.start.date(), item.item.billing_cycle, tomorrow)


def _end_state(item: Subscription) -> None:
    """Leave a state whose time is over (facts.json lifecycle_nce)."""
    match item.status:
        case "active" if item.auto_renew:
            _renew(item)
        case "active" if _rolls_on(item):
            # A monthly term after the other, until somebody ends it (rule extended_service_term).
            item.item = _extended(item.item)
            item.begin_term(item.term_end + timedelta(seconds=1), "P1M")
            item.cancel_until = item.term_end  # at any time
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


def _rolls_on(item: Subscription) -> bool:
    """Whether it goes on by the month: as chosen, or because nobody chose and the rule is for its term."""
    if choice := _choice(item):
        return choice == "RenewToExtendedServiceTerm"
    seats = item.item.product_type == "OnlineServicesNCE" and not item.is_trial
    last_day = item.term_end.date()
    return seats and term_end.shipped().rolls_on(item.start.date(), last_day)


@cache
def _extended(item: Item) -> Item:
    """What is sold by the month then; its SKU is its own, of which nothing but the words is known (facts)."""
    title = f"{item.title.removesuffix(EXTENDED)}{EXTENDED}"
    return replace(item, title=title, term="P1M", billing_cycle="monthly")


def _choice(item: Subscription) -> str:
    """What was chosen for the end of the term, "" for nothing."""
    return next((changes.action_type(action) for action in item.actions), "")


def _renew(item: Subscription) -> None:
    """Start the next term at 00:00 UTC after the last day, as scheduled if something is."""
    start = item.term_end + timedelta(seconds=1)
    _charge(item)
    told, item.schedule = item.schedule, None
    if told is not None:
        item.item = instructions.target(item.item, told)
        item.quantity = instructions.quantity(told, item.quantity)
    item.is_trial = False
    item.begin_term(start, item.item.term)
    last_day = instructions.ends(told) if told is not None else None
    item.last_day = last_day or item.last_day


def _charge(item: Subscription) -> None:
    """With the next charge it is billed as it was asked to be."""
    if item.next_charge is not None:
        item.item = instructions.target(item.item, item.next_charge)
        item.next_charge = None
        item.version += 1
