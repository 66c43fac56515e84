"""What a verb will do, said before it is confirmed: cost, term, and until when it can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders import actions, lots, refusals, rules, term_end
from orders.models import Subscription
from orders.prices import running
from orders.prices.quoting import Amount, Side
from orders.renewals import lifecycle
from orders.scheduling import keeping, schedules
from portal.access.scope import Scope
from portal.connections.models import Mode
from portal.outbox.approvals import deciding, foretelling
from portal.outbox.approvals.foretelling import WAITS
from portal.ui import formats

CHANGE: dict[Side, Promise] = {
    Side.COST: gettext_lazy("Change of cost, net"),
    Side.RESELLER: gettext_lazy("Change of the charge to the reseller, net"),
    Side.CUSTOMER: gettext_lazy("Change of the charge to the customer, net"),
}
OF_SEATS: dict[Side, Promise] = {
    Side.COST: gettext_lazy("Cost of these seats, net"),
    Side.RESELLER: gettext_lazy("Charge to the reseller for these seats, net"),
    Side.CUSTOMER: gettext_lazy("Charge to the customer for these seats, net"),
}
# What the money of a verb's seats means. A new name costs nothing.
MONEY: dict[str, dict[Side, Promise]] = {
    actions.CHANGE_QUANTITY: CHANGE,
    actions.SUSPEND: OF_SEATS,
    actions.REACTIVATE: OF_SEATS,
    actions.SET_TERM_END: OF_SEATS,
    actions.CANCEL: OF_SEATS,
}
COSTS = {verb: labels[Side.COST] for verb, labels in MONEY.items()}


@dataclass(frozen=True)
class Keep:
    """A scheduled change that the verb deletes or can bring back: what is said of it, and the box to tick.

    ``needed``: without the tick the verb is refused.
    """

    warning: str
    label: str
    needed: bool = True


@dataclass(frozen=True)
class Consequence:
    """The confirming panel: a title that asks with the number, how to undo it, what happens, the verb again.

    ``seats`` are those that cost is about, as approval rules count them: see ``deciding.difference``.
    """

    title: str
    undo: str
    points: list[str]
    button: str
    danger: bool = False
    verb: str = ""
    seats: int | None = None
    keep: Keep | None = None


def money(
    scope: Scope,
    row: Subscription,
    verb: str,
    seats: int | None,
    found: Mapping[Side, Amount] | None = None,
) -> list[str]:
    """What so many seats cost and are charged at for a billing cycle: the sides that this person sees.

    ``found`` are the amounts of its running term, where they were read for several.
    """
    labels = MONEY.get(verb)
    if labels is None:
        return []
    amounts = running.of_subscriptions(scope, [row])[row.pk] if found is None else found
    signed = verb == actions.CHANGE_QUANTITY
    return [
        _line(labels[side], running.in_words(amounts.get(side), row, seats, signed=signed))
        for side in running.shown(scope, row)
    ]


def of(scope: Scope, row: Subscription, told: Consequence) -> list[str]:
    """The same of a consequence."""
    return money(scope, row, told.verb, told.seats)


def with_approval(scope: Scope, row: Subscription, told: Consequence) -> Consequence:
    """The same with the note that a rule makes it wait for a second person. One query."""
    seats = told.seats if told.verb == actions.CHANGE_QUANTITY else None
    return replace(told, points=foretelling.told(told.points, scope, row, told.verb, seats))


def _line(label: Promise, told: tuple[str, str]) -> str:
    amount, source = told
    if not source:
        return _("%(label)s: %(amount)s") % {"label": label, "amount": amount}
    names = {"label": label, "amount": amount, "source": source}
    return _("%(label)s: %(amount)s (%(source)s)") % names


def of_quantity(state: rules.Known, total: int) -> Consequence:
    """More or fewer seats."""
    present = state.quantity or 0
    told = (_more if total > present else _fewer)(state, present, total)
    seats = deciding.difference({"quantity": present}, {"quantity": total}, state.subscription)
    return replace(told, verb=actions.CHANGE_QUANTITY, seats=seats)


def with_schedule(state: rules.Known, told: Consequence) -> Consequence:
    """The same with what is scheduled named, where the verb deletes it; suspended, it waits for the return."""
    if state.kept is None:
        return told
    names = {"schedule": refusals.schedule_words(_scheduled(state))}
    warning = _("A change is scheduled (%(schedule)s). This change deletes it.") % names
    label = _("Put the scheduled change back right after")
    if told.verb == actions.SUSPEND:
        label = _("Go on all the same. It is kept here and put back with Reactivate, if wanted.")
    return replace(told, keep=Keep(warning, label))


def _scheduled(state: rules.Known) -> dict[str, Any]:
    schedule = lots.schedule(state.subscription)
    return refusals.facts_of(schedule) if schedule else {}


def _of_all(verb: str, state: rules.Known) -> dict[str, Any]:
    """For a verb that is about all seats of the subscription."""
    return {"verb": verb, "seats": deciding.difference({}, {}, state.subscription)}


def _more(state: rules.Known, present: int, total: int) -> Consequence:
    subscription, seats = state.subscription, total - present
    numbers = {"n": formats.count(seats), "name": str(subscription)}
    points = [_totals(present, total), _billed(subscription)]
    undo = _("Can be taken back: until the date that Partner Center returns with the confirmation.")
    if not rules.is_new_commerce(subscription):  # nothing returns a date for it
        undo = _("Can be undone: with Change seats, where Partner Center allows it.")
    return Consequence(
        title=ngettext("Add %(n)s seat to %(name)s?", "Add %(n)s seats to %(name)s?", seats)
        % numbers,
        undo=undo,
        points=points + notes(state),
        button=ngettext("Add %(n)s seat", "Add %(n)s seats", seats) % numbers,
    )


def _fewer(state: rules.Known, present: int, total: int) -> Consequence:
    subscription, seats = state.subscription, present - total
    numbers = {"n": formats.count(seats), "name": str(subscription)}
    points = [_totals(present, total)]
    if rules.is_new_commerce(subscription):
        points.append(_("Which lot shrinks is Microsoft's choice."))
    if rules.needs_detail(state, total):
        points.append(
            _(
                "Which seats can be taken back is not known here. Partner Center decides when it is sent."
            )
        )
    elif until := rules.deadline(subscription):
        points.append(_("Seats can be taken back until %(when)s.") % {"when": formats.when(until)})
    return Consequence(
        title=ngettext(
            "Take back %(n)s seat of %(name)s?", "Take back %(n)s seats of %(name)s?", seats
        )
        % numbers,
        undo=_("Cannot be undone: seats added later are bought anew."),
        points=points + notes(state),
        button=ngettext("Take back %(n)s seat", "Take back %(n)s seats", seats) % numbers,
        danger=True,
    )


def of_suspend(state: rules.Known) -> Consequence:
    """Suspending: new commerce goes on billing (rule suspend_still_bills), legacy is deleted after 90 days."""
    subscription = state.subscription
    names = {"name": str(subscription), "customer": customer_name(subscription)}
    points = [_("People lose access within minutes. Admins still reach the data.")]
    if rules.is_new_commerce(subscription):
        points.append(_("Billing goes on while it is suspended."))
        points.append(_("A suspended subscription does not renew."))
        button = _("Suspend, keep paying")
        undo = _("Can be undone: with Reactivate, until the term ends.")
        if ends := subscription.commitment_end_date:
            undo = _("Can be undone: with Reactivate, until the term ends on %(day)s.") % {
                "day": formats.date_short(ends)
            }
    else:
        points.append(
            _("It is not billed while suspended, and Microsoft deletes it after 90 days.")
        )
        button = _("Suspend")
        undo = _("Can be undone: with Reactivate, within 90 days.")
    title = _("Suspend %(name)s for %(customer)s?") % names
    about = _of_all(actions.SUSPEND, state)
    return Consequence(title, undo, points + notes(state), button, danger=True, **about)


def of_reactivate(state: rules.Known) -> Consequence:
    """Reactivating, with what the suspension deleted."""
    subscription = state.subscription
    names = {"name": str(subscription), "customer": customer_name(subscription)}
    points = [_("People get their access back within minutes."), _billed(subscription)]
    if reasons := subscription.suspension_reasons:
        points.append(
            _("Suspended because: %(reasons)s. Partner Center refuses if Microsoft set the reason.")
            % {"reasons": ", ".join(map(str, reasons))}
        )
    return Consequence(
        title=_("Reactivate %(name)s for %(customer)s?") % names,
        undo=_("Can be undone: with Suspend, at any time."),
        points=points + notes(state),
        button=_("Reactivate"),
        keep=_left(subscription),
        **_of_all(actions.REACTIVATE, state),
    )


def _left(subscription: Subscription) -> Keep | None:
    schedule = keeping.left_by_suspension(subscription)
    if schedule is None:
        return None
    names = {"schedule": schedules.words(schedule, subscription.offer_id)}
    warning = _("The suspension deleted a scheduled change: %(schedule)s.") % names
    return Keep(warning, _("Put it back after reactivating"), needed=False)


def of_name(state: rules.Known, name: str) -> Consequence:
    """Another name: nothing is bought, ended or billed otherwise."""
    return Consequence(
        title=_("Rename %(before)s to %(after)s?") % {"before": state.name, "after": name},
        undo=_("Can be undone: with Rename, at any time."),
        points=[
            _("The customer's admins and the invoices may show the new name."),
            _("Seats, term and price stay as they are."),
            *notes(state),
        ],
        button=_("Rename"),
        verb=actions.RENAME,
    )


def of_term_end(state: rules.Known, choice: str) -> Consequence:
    """What happens at the end of the term (rule extended_service_term)."""
    subscription = state.subscription
    names = {
        "name": str(subscription),
        "day": formats.date_short(subscription.commitment_end_date),
    }
    told = {
        term_end.TermEnd.RENEW: (
            _("Renew %(name)s after %(day)s?"),
            [_("A new term begins with the same seats, at the price of that day.")],
            _("Renew"),
        ),
        term_end.TermEnd.CANCEL: (
            _("Cancel %(name)s at the end of its term?"),
            [
                _("Service ends after %(day)s: people lose access."),
                _("Billing goes on until then."),
                _("Once it has ended it cannot be brought back."),
            ],
            _("Cancel at the end"),
        ),
        term_end.TermEnd.EXTENDED: (
            _("Let %(name)s go on month by month after %(day)s?"),
            [
                _("Service goes on in an Extended Service Term, month after month."),
                _("It can then be ended at any time, the rest of a month is refunded."),
            ],
            _("Go on month by month"),
        ),
    }
    title, points, button = told[term_end.TermEnd(choice)]
    return Consequence(
        title=title % names,
        undo=_("Can be undone: with End of term, until %(day)s.") % names,
        points=[point % names for point in points] + _more_of(choice) + notes(state),
        button=button,
        danger=choice == term_end.TermEnd.CANCEL,
        **_of_all(actions.SET_TERM_END, state),
    )


def _more_of(choice: str) -> list[str]:
    """What is known at second hand of the Extended Service Term."""
    return [lifecycle.surcharge()] if choice == term_end.TermEnd.EXTENDED else []


def _totals(present: int, total: int) -> str:
    return _("%(before)s → %(after)s seats in all") % {
        "before": formats.count(present),
        "after": formats.count(total),
    }


def _billed(subscription: Subscription) -> str:
    """The commitment; the portal names no price that it does not know."""
    terms = {
        "term": formats.term(subscription.term_duration),
        "billing": formats.billing(subscription.billing_cycle),
        "day": formats.date_short(subscription.commitment_end_date),
    }
    if subscription.commitment_end_date is None:
        return _("Committed: %(term)s, %(billing)s.") % terms
    return _("Committed until %(day)s: %(term)s, %(billing)s.") % terms


def notes(state: rules.Known) -> list[str]:
    """What holds for every verb: mode of the connection, changes under way."""
    mode = state.subscription.connection.mode
    notes = {
        Mode.READ_ONLY.value: _(
            "The connection is read only: the change is kept, nothing is sent."
        ),
        Mode.ASK.value: str(WAITS),
    }
    told = [notes[mode]] if mode in notes else []
    if state.under_way:
        told.append(
            _("Another change of this subscription is under way. This one goes out after it.")
        )
    return told


def customer_name(subscription: Subscription) -> str:
    return subscription.customer.name if subscription.customer else subscription.customer_pc_id
