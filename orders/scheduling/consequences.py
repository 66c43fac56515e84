"""What a change of the next term, of this one or of its billing will do, said before it is confirmed."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from customers.asking.pages import Consequence
from orders import rules
from orders.consequences import notes
from orders.models import Subscription
from orders.scheduling import alignment, schedules
from orders.scheduling.options import Option
from orders.scheduling.schedules import Schedule
from portal.ui import formats


def of_schedule(state: rules.Known, told: Schedule) -> Consequence:
    """Another next term."""
    row = state.subscription
    names = _names(row)
    points = [
        _("Nothing changes before the term ends on %(day)s.") % names,
        _("The next term costs what is asked for on the day on which it begins."),
        _("A change in mid-term deletes what is scheduled; its page then offers to put it back."),
    ]
    if state.schedule is not None:
        points.insert(0, _("It takes the place of what is scheduled now."))
    return Consequence(
        title=_("Change %(name)s from its next term on?") % names,
        undo=_("Can be undone: with Cancel schedule, until %(day)s.") % names,
        button=_("Schedule"),
        points=points + notes(state),
        rows=_changes(row, told),
    )


def of_cancelled_schedule(state: rules.Known) -> Consequence:
    """The next term as this one."""
    names = _names(state.subscription) | {"schedule": schedules.words(state.schedule)}
    return Consequence(
        title=_("Cancel what is scheduled for %(name)s?") % names,
        undo=_("Can be undone: schedule it again, until %(day)s.") % names,
        button=_("Cancel schedule"),
        points=[
            _("No longer scheduled: %(schedule)s.") % names,
            _("It renews with the seats, term and billing that it has now."),
            *notes(state),
        ],
    )


def of_term(state: rules.Known, option: Option) -> Consequence:
    """A longer term from now on (rule term_change)."""
    row = state.subscription
    names = _names(row) | {"term": formats.term(option.term)}
    points = [
        _("The new term begins now, and with it a new commitment."),
        _("Microsoft credits what is left of the running term."),
    ]
    if kept := state.kept:
        told = {"schedule": schedules.words(kept, row.offer_id)}
        points.append(_("Put back afterwards: %(schedule)s.") % told)
    return Consequence(
        title=_("Commit %(name)s to %(term)s?") % names,
        undo=_("Cannot be undone: in mid-term a term can only get longer."),
        button=_("Change term"),
        points=points + notes(state),
        rows=[
            _row(_("Term"), formats.term(row.term_duration), formats.term(option.term)),
            _row(_("Billed"), formats.billing(row.billing_cycle), formats.billing(option.cycle)),
        ],
        danger=True,
    )


def of_cycle(state: rules.Known, cycle: str) -> Consequence:
    """Another billing cycle from the next charge on; "" takes back what was asked before."""
    row = state.subscription
    present = state.next_cycle or row.billing_cycle
    after = cycle or row.billing_cycle
    return Consequence(
        title=_("Change how %(name)s is billed?") % _names(row),
        undo=_("Can be undone: with Change billing, until the next charge."),
        button=_("Change billing"),
        points=[
            _("It holds from the next charge on. What is billed until then stays as it is."),
            _("Seats and term stay as they are."),
            *notes(state),
        ],
        rows=[_row(_("Billed"), formats.billing(present), formats.billing(after))],
    )


def _changes(row: Subscription, told: Schedule) -> list[tuple[str, str, str]]:
    pairs: list[tuple[str, Any, Any]] = [
        (_("Seats"), formats.count(row.quantity), formats.count(told.get("quantity"))),
        (_("Term"), formats.term(row.term_duration), formats.term(told.get("term"))),
        (_("Billed"), formats.billing(row.billing_cycle), formats.billing(told.get("cycle"))),
        (_("Product"), row.offer_name, _product(row, told)),
        (_("Next term ends on"), *_ends(row, told)),
    ]
    return [_row(*pair) for pair in pairs if pair[1] != pair[2]]


def _ends(row: Subscription, told: Schedule) -> tuple[str, str]:
    """The last day of a whole next term, and as it is asked."""
    whole = formats.date_short(alignment.last(row, str(told.get("term", ""))))
    day = told.get("ends")
    return whole, formats.date_short(dt.date.fromisoformat(day)) if day else whole


def _product(row: Subscription, told: Schedule) -> str:
    return schedules.product_name(str(told.get("product", "")), row.offer_id) or row.offer_name


def _row(label: str, before: str, after: str) -> tuple[str, str, str]:
    return label, before, after


def _names(row: Subscription) -> dict[str, str]:
    return {"name": str(row), "day": formats.date_short(row.commitment_end_date)}
