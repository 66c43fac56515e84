"""When something can be scheduled for the next term, and what the term and its billing may become now."""

import datetime as dt
from dataclasses import dataclass

from orders.models import Subscription
from orders.quantities import Quantity
from orders.refusals import say
from orders.rules import Known, is_new_commerce, is_there
from orders.scheduling import alignment, terms
from orders.scheduling.options import Option, chosen
from orders.scheduling.schedules import Schedule
from orders.term_end import TermEnd
from portal.access.refusing import RefusedError


@dataclass(frozen=True)
class Wish:
    """What the next term shall be; what is left out stays as it is. ``ends``: its last day, unless it is whole."""

    quantity: Quantity | None = None
    term: str = ""
    cycle: str = ""
    product: str = ""
    ends: dt.date | None = None


def may_schedule(state: Known) -> None:
    """Raise RefusedError if nothing can be scheduled (rule scheduled_change_needs_autorenew)."""
    _running(state, "trial_schedule")
    if state.subscription.commitment_end_date is None:
        raise RefusedError("no_next_term", say("no_next_term"))
    if state.term_end != TermEnd.RENEW:
        raise RefusedError("needs_auto_renew", say("needs_auto_renew"))


def may_cancel_schedule(state: Known) -> None:
    """Raise RefusedError if nothing is scheduled that could be cancelled."""
    _running(state, "trial_schedule")
    if state.schedule is None or "action" in state.schedule:
        raise RefusedError("not_scheduled", say("not_scheduled"))


def new_schedule(state: Known, wish: Wish, options: list[Option]) -> Schedule:
    """The schedule that is asked for. Raises RefusedError."""
    may_schedule(state)
    row = state.subscription
    term, cycle = wish.term or row.term_duration, wish.cycle or row.billing_cycle
    option = _sold(options, term, cycle)
    told: Schedule = {
        "quantity": _seats(state, wish),
        "product": option.product,
        "term": option.term,
        "cycle": option.cycle,
    }
    if wish.ends is not None:
        told["ends"] = _ends(row, option.term, wish.ends)
    if _same_sku(option.product, row.offer_id) and told == as_now(row) | {
        "product": option.product
    }:
        raise RefusedError("next_as_now", say("next_as_now"), "seats")
    if told == state.schedule:
        raise RefusedError("schedule_unchanged", say("schedule_unchanged"), "seats")
    return told


def _ends(row: Subscription, term: str, day: dt.date) -> str:
    """The day on which the next term shall end (rule coterminosity)."""
    if not alignment.inside(row, term, day):
        raise RefusedError("ends_outside", say("ends_outside"), "ends")
    if not alignment.is_shared(row, term, day):
        raise RefusedError("ends_alone", say("ends_alone"), "ends")
    return day.isoformat()


def as_now(row: Subscription) -> Schedule:
    """The next term of a subscription that renews as it is."""
    return {
        "quantity": row.quantity,
        "product": row.offer_id,
        "term": row.term_duration.upper(),
        "cycle": row.billing_cycle.lower(),
    }


def _same_sku(one: str, other: str) -> bool:
    return one.split(":")[:2] == other.split(":")[:2]


def _seats(state: Known, wish: Wish) -> int:
    present = state.quantity or 0
    found = present if wish.quantity is None else wish.quantity.total(present)
    if found < 1:
        raise RefusedError(
            "quantity_too_small", say("quantity_too_small", present=present), "seats"
        )
    return found


def may_change_term(state: Known) -> None:
    """Raise RefusedError if the running term cannot be changed at all (rule term_change)."""
    _running(state, "trial_terms")


def new_term(state: Known, term: str, cycle: str, options: list[Option]) -> Option:
    """The longer term. Raises RefusedError."""
    may_change_term(state)
    now = state.subscription.term_duration
    if term.upper() == now.upper():
        raise RefusedError("term_same", say("term_same"), "terms")
    if terms.months(term) < terms.months(now):
        raise RefusedError("term_shorter", say("term_shorter", term=now), "terms")
    return _sold(options, term, cycle)


def new_cycle(state: Known, cycle: str, options: list[Option]) -> str:
    """How it is billed from the next charge on; the present cycle takes back what was asked before."""
    may_change_term(state)
    row = state.subscription
    if cycle.lower() == (state.next_cycle or row.billing_cycle).lower():
        raise RefusedError("cycle_same", say("cycle_same"), "terms")
    if cycle.lower() == row.billing_cycle.lower():
        return ""
    return _sold(options, row.term_duration, cycle).cycle


def _running(state: Known, trial: str) -> None:
    is_there(state)
    if not is_new_commerce(state.subscription):
        raise RefusedError("not_new_commerce", say("not_new_commerce"))
    if state.status == "suspended":
        raise RefusedError("suspended", say("does_not_renew"))
    if state.subscription.is_trial:
        raise RefusedError("trial", say(trial))


def _sold(options: list[Option], term: str, cycle: str) -> Option:
    if not terms.fits(term, cycle):
        told = say("cycle_too_long", term=term, cycle=cycle)
        raise RefusedError("cycle_too_long", told, "terms")
    found = chosen(options, term, cycle)
    if found is None:
        raise RefusedError("term_unknown", say("term_unknown"), "terms")
    return found
