"""What Microsoft's rules allow, as far as the mirror knows (new-commerce facts; rule ids in comments).

Only what is certain is refused here. What is not known is let through to Partner Center, and said.
"""

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from orders import lots, refusals, term_end
from orders.models import Subscription
from orders.quantities import Quantity
from orders.refusals import say
from orders.renewals import lifecycle
from orders.scheduling import schedules
from portal.access.refusing import RefusedError
from portal.outbox import queries as changes

# Statuses that no verb of ours can change; what we have never heard of is Partner Center's to judge.
ENDED = frozenset({"deleted", "expired", "disabled", "pending", "none"})
NEW_COMMERCE = "onlineservicesnce"
AS_BEFORE = schedules.AS_BEFORE
# A guard of ours: longer names make no sense in any list.
LONGEST_NAME = 256
CHANGES = frozenset({"product", "quantity", "customTermEndDate"})


@dataclass(frozen=True)
class Known:
    """A subscription with what open changes will leave: what the next change starts from."""

    subscription: Subscription
    quantity: int | None
    status: str
    under_way: bool
    name: str = ""
    term_end: str = term_end.OPEN
    schedule: schedules.Schedule | None = None
    # How it will be billed by changes under way, "" for as now; None if none of them says.
    next_cycle: str | None = None
    auto_renew: bool | None = None
    # Whether the person wants what is scheduled put back after the change.
    keeps: bool = False

    @property
    def kept(self) -> schedules.Schedule | None:
        """The schedule that a change in mid-term deletes and that can be put back."""
        return droppable(self.subscription)


def state_of(subscription: Subscription, *, keeps: bool = False) -> Known:
    """What the row says, overlaid by the changes of it that are under way. One query."""
    state = known(subscription, changes.expected("subscription", subscription.pk))
    return replace(state, keeps=keeps)


def known(subscription: Subscription, coming: Mapping[str, Any]) -> Known:
    """The same, with what the changes under way will leave already read."""
    return Known(
        subscription=subscription,
        quantity=coming.get("quantity", subscription.quantity),
        status=coming.get("status", subscription.status),
        under_way=bool(coming),
        name=coming.get("friendly_name", subscription.friendly_name),
        term_end=coming.get("term_end", _term_end(subscription)),
        schedule=coming.get("schedule", schedules.told(subscription.scheduled_change)),
        next_cycle=coming.get("next_cycle"),
        auto_renew=coming.get("auto_renew", subscription.auto_renew),
    )


def _term_end(subscription: Subscription) -> str:
    columns = {
        "auto_renew": subscription.auto_renew,
        "scheduled_change": subscription.scheduled_change,
    }
    return term_end.chosen(columns)


def is_new_commerce(subscription: Subscription) -> bool:
    """Whether new-commerce rules hold (productType OnlineServicesNCE); legacy has its own."""
    return subscription.product_type.lower() == NEW_COMMERCE


def as_seen(state: Known, seen: int | None) -> None:
    """Raise RefusedError if the person confirmed against another number of seats than there is now."""
    if seen is None or seen == state.quantity:
        return
    told = say("changed_meanwhile", seen=seen, now=state.quantity)
    raise RefusedError("changed_meanwhile", told)


def new_quantity(state: Known, quantity: Quantity) -> int:
    """The total that is asked for. Raises RefusedError."""
    may_change_quantity(state)
    present = state.quantity or 0
    total = quantity.total(present)
    if total < 1:
        raise RefusedError(
            "quantity_too_small", say("quantity_too_small", present=present), "quantity"
        )
    if total == present:
        raise RefusedError(
            "quantity_unchanged", say("quantity_unchanged", present=present), "quantity"
        )
    if total < present:
        _may_decrease(state, present - total)
    return total


def may_change_quantity(state: Known) -> None:
    """Raise RefusedError if the number of seats cannot change at all now."""
    _is_there(state)
    if state.status == "suspended":  # seat_increase: not while suspended (error 2001)
        raise RefusedError("suspended", say("keeps_seats"))
    if state.subscription.unit_type.lower() == "usage-based" or state.quantity is None:
        raise RefusedError("no_seats", say("no_seats"))
    may_drop_schedule(state)


def may_suspend(state: Known) -> None:
    """Raise RefusedError if it cannot be suspended now."""
    _is_there(state)
    if state.status == "suspended":
        raise RefusedError("suspended", say("suspended"))
    may_drop_schedule(state)  # lifecycle_nce: scheduled changes are dropped at suspend


def may_reactivate(state: Known) -> None:
    """Raise RefusedError if there is nothing to reactivate."""
    _is_there(state)
    if state.status != "suspended":
        raise RefusedError("not_suspended", say("not_suspended", status=state.status))


def may_rename(state: Known) -> None:
    """Raise RefusedError if it is no longer there to be renamed."""
    _is_there(state)


def unwritable(name: str) -> str:
    """Why nobody could read this name in a list; "" if it has no control character."""
    if all(unicodedata.category(sign) != "Cc" for sign in " ".join(name.split())):
        return ""
    return say("name_unwritable")


def too_long(name: str) -> str:
    """What to say of a name that is longer than LONGEST_NAME."""
    return say("name_too_long", n=LONGEST_NAME, length=len(name))


def new_name(state: Known, name: str) -> str:
    """The name without white space around it. Raises RefusedError."""
    _is_there(state)
    name = " ".join(name.split())
    if not name:
        raise RefusedError("name_missing", say("name_missing"), "name")
    if len(name) > LONGEST_NAME:
        raise RefusedError("name_too_long", too_long(name), "name")
    if fault := unwritable(name):
        raise RefusedError("name_unwritable", fault, "name")
    if name == state.name:
        raise RefusedError("name_unchanged", say("name_unchanged"), "name")
    return name


def may_set_term_end(state: Known) -> None:
    """Raise RefusedError if there is no end of term to choose for now."""
    _is_there(state)
    subscription = state.subscription
    if not is_new_commerce(subscription):
        raise RefusedError("not_new_commerce", say("not_new_commerce"))
    if state.status == "suspended":
        raise RefusedError("suspended", say("does_not_renew"))
    told = subscription.scheduled_change or {}
    schedule = lots.schedule(subscription)
    if CHANGES.intersection(told) and not subscription.is_trial and schedule is not None:
        bar = say("scheduled_end", **refusals.facts_of(schedule))
        raise RefusedError("scheduled_change", bar)


def may_choose(state: Known, choice: str, *, decided: bool = False) -> None:
    """Raise RefusedError if this choice for the end of the term cannot be asked now.

    What is chosen already may be asked once more where somebody has ``decided`` it: the decision is then kept.
    """
    may_set_term_end(state)
    if choice not in map(str, term_end.offered()):
        raise RefusedError("choice_unknown", say("choice_unknown"), "choice")
    extended = choice == term_end.TermEnd.EXTENDED
    if extended and state.subscription.is_trial:
        raise RefusedError("trial", say("trial"), "choice")
    if extended and lifecycle.of(state.subscription) is lifecycle.Lifecycle.BEFORE:
        raise RefusedError("term_too_old", say("term_too_old"), "choice")
    if choice == state.term_end and not decided:
        raise RefusedError("choice_unchanged", say("choice_unchanged"), "choice")


def needs_detail(state: Known, total: int) -> bool:
    """Whether seats are taken off without knowing which may be: Partner Center decides, the detail is read."""
    less = state.quantity is not None and total < state.quantity
    return less and not _lots_known(state)


def _is_there(state: Known) -> None:
    if state.subscription.connection.is_retired:
        raise RefusedError("connection_retired", say("connection_retired"))
    if state.subscription.gone_at is not None:
        raise RefusedError("gone", say("gone"))
    if state.subscription.is_savings_plan:  # azure-purchase-savings-plan (error 900321)
        raise RefusedError("savings_plan", say("savings_plan"))
    if state.status in ENDED:
        raise RefusedError("status", say("ended", status=state.status))


def is_there(state: Known) -> None:
    """Raise RefusedError if no verb can change it any more."""
    _is_there(state)


def may_drop_schedule(state: Known) -> None:
    """Raise RefusedError if a change in mid-term would delete a schedule that nobody wants put back."""
    if not (state.keeps and state.kept):
        _no_schedule(state.subscription)


def without_wish(state: Known) -> Known:
    """The same for a change after which nothing can be put back."""
    return replace(state, keeps=False)


def droppable(subscription: Subscription) -> schedules.Schedule | None:
    """What a change in mid-term would delete and could put back; trials keep theirs."""
    if subscription.is_trial:
        return None
    found = schedules.told(lasting(subscription.scheduled_change))
    return found if schedules.restorable(found) else None


def schedule_bar(subscription: Subscription) -> str:
    """What a change in mid-term would delete, and the way on; "" if nothing is known to be scheduled.

    mid_term_change_drops_schedule. Trials always carry a schedule.
    """
    schedule = lots.schedule(subscription)
    if schedule is None or lasting(subscription.scheduled_change) is None or subscription.is_trial:
        return ""
    return say("scheduled_change", **refusals.facts_of(schedule))


def _no_schedule(subscription: Subscription) -> None:
    if bar := schedule_bar(subscription):
        raise RefusedError("scheduled_change", bar)


def lasting(told: dict[str, Any] | None) -> dict[str, Any] | None:
    """The scheduled change if it changes anything: renewing as before is no change (facts, pairs)."""
    if not told or (told.get("actionType") in AS_BEFORE and not CHANGES.intersection(told)):
        return None
    return told


def _lots_known(state: Known) -> bool:
    """Lots tell nothing about seats that are only on their way."""
    return not state.under_way and lots.refundable(state.subscription) is not None


def _may_decrease(state: Known, less: int) -> None:
    """seat_decrease: only seats in open refundable lots; legacy subscriptions have no lots."""
    if not is_new_commerce(state.subscription) or not _lots_known(state):
        return
    free = lots.refundable(state.subscription) or 0
    if less <= free:
        return
    ends = state.subscription.commitment_end_date
    told = say("not_refundable", free=free, ends=ends.isoformat() if ends else None)
    raise RefusedError("not_refundable", told, "quantity")


def deadline(subscription: Subscription) -> dt.datetime | None:
    """The next moment at which an open lot closes; None if none is open or known."""
    open_lots = [lot.until for lot in lots.lots(subscription) or [] if lot.open and lot.until]
    return min(open_lots, default=None)
