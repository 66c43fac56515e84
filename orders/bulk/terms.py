"""The end of the term, the next term, a longer one, billing and automatic renewal of many subscriptions."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders import actions, payloads, queries, refusals, rules, term_end
from orders.asides import marketplace
from orders.bulk.forms import CycleForm, EndForm, NextTermForm, SwitchForm, TermForm
from orders.bulk.subscriptions import confirmed, kept, many, quantity_of
from orders.renewals import deciding
from orders.scheduling import actions as own
from orders.scheduling import options
from orders.scheduling import rules as own_rules
from orders.scheduling import terms as own_terms
from orders.scheduling.options import Option
from orders.scheduling.rules import Wish
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.outbox.batches.registry import Parameters, Told
from portal.ui import formats


def _with_options(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    """The rows, each with the terms in which its product is sold: one query more for all of them."""
    rows = list(queries.subscriptions(scope).filter(pk__in=ids))
    known = options.of_many(scope, rows)
    for row in rows:
        vars(row)["sold"] = known[row.pk]
    return {row.pk: row for row in rows}


def _with_charges(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    """The same, each with how it is billed from the next charge on: one query more for all of them."""
    rows, told = _with_options(scope, ids), payloads.of_many(ids)
    for pk, row in rows.items():
        vars(row)["next_charge"] = own_terms.next_cycle(told.get(pk, {}))
    return rows


def _charged(state: rules.Known) -> rules.Known:
    coming: str | None = state.next_cycle
    charge: str = vars(state.subscription)["next_charge"] if coming is None else coming
    return replace(state, next_cycle=charge)


def _sold(state: rules.Known) -> list[Option]:
    found: list[Option] = vars(state.subscription)["sold"]
    return found


def _wish(parameters: Parameters) -> Wish:
    """What is asked of the next term, or of this one. Raises RefusedError."""
    return Wish(
        quantity=quantity_of(parameters),
        term=str(parameters.get("term") or "").upper(),
        cycle=str(parameters.get("billing_cycle") or "").lower(),
        ends=_day(parameters),
    )


def _day(parameters: Parameters) -> dt.date | None:
    text = str(parameters.get("ends") or "")
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise RefusedError("no_day", refusals.say("no_day", text=text[:60]), "ends") from None


def _next_term(state: rules.Known, parameters: Parameters) -> dict[str, Any]:
    return {"schedule": own_rules.new_schedule(state, _wish(parameters), _sold(state))}


def _next_cycle(state: rules.Known, parameters: Parameters) -> dict[str, Any]:
    cycle = _wish(parameters).cycle
    return {"next_cycle": own_rules.new_cycle(_charged(state), cycle, _sold(state))}


def _longer(state: rules.Known, parameters: Parameters) -> dict[str, Any]:
    return own.plan_term(state, _longer_wish(state.subscription, parameters), _sold(state))


def _longer_wish(row: Any, parameters: Parameters) -> Wish:
    """Billed as it is now, unless it is said."""
    wish = _wish(parameters)
    return Wish(term=wish.term, cycle=wish.cycle or row.billing_cycle.lower())


def _renews(parameters: Parameters) -> bool:
    told = parameters.get("renews")
    if told not in ("yes", "no", True, False):
        raise RefusedError("choice_unknown", refusals.say("choice_unknown"), "renews")
    return told in ("yes", True)


def _end(state: rules.Known, parameters: Parameters) -> dict[str, Any]:
    choice, decision = parameters.get("choice", ""), deciding.read(parameters)
    return actions.plan(actions.SET_TERM_END, state, choice, decision)


# --- what a batch will do, before it is confirmed -------------------------------------------------


def _of_term_end(rows: int, parameters: Parameters) -> Told:
    choice = str(parameters.get("choice", ""))
    numbers = {"n": formats.count(rows), "choice": term_end.words(choice)}
    for_each = ngettext(
        "Set the end of term of %(n)s subscription?",
        "Set the end of term of %(n)s subscriptions?",
        rows,
    )
    alike = ngettext(
        "Set the end of term of %(n)s subscription: %(choice)s?",
        "Set the end of term of %(n)s subscriptions: %(choice)s?",
        rows,
    )
    return Told(
        title=(alike if choice else for_each) % numbers,
        button=ngettext("Change %(n)s subscription", "Change %(n)s subscriptions", rows) % numbers,
        undo=_("Can be undone: with End of term, until each term ends."),
        points=[*_at_the_end(choice), *_decided(parameters)],
        danger=choice in {"", term_end.TermEnd.CANCEL},  # lines of a file choose for themselves
    )


def _at_the_end(choice: str) -> list[str]:
    told = [_("Nothing changes before the end of each term.")]
    if choice == term_end.TermEnd.CANCEL:
        told.append(_("Once a term has ended it cannot be brought back."))
    return told


def _decided(parameters: Parameters) -> list[str]:
    """Who decided so for all of them, where somebody was named."""
    who = str(parameters.get("decided_by") or "")
    return [_("Kept with each row: decided by %(who)s.") % {"who": who}] if who else []


def _of_next_term(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext(
            "Change %(n)s subscription from its next term on?",
            "Change %(n)s subscriptions from their next terms on?",
            rows,
        )
        % numbers,
        button=ngettext("Schedule %(n)s change", "Schedule %(n)s changes", rows) % numbers,
        undo=_("Can be undone: with Cancel schedule, until each term ends."),
        points=[
            _("Nothing changes before the end of each term."),
            _("The next term costs what is asked for on the day on which it begins."),
            _("It takes the place of what is scheduled now."),
        ],
    )


def _of_cancelled_schedules(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext(
            "Cancel the schedule of %(n)s subscription?",
            "Cancel the schedules of %(n)s subscriptions?",
            rows,
        )
        % numbers,
        button=ngettext("Cancel %(n)s schedule", "Cancel %(n)s schedules", rows) % numbers,
        undo=_("Can be undone: schedule them again, until each term ends."),
        points=[_("Each renews with the seats, term and billing that it has now.")],
    )


def _of_longer(rows: int, parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows), "term": formats.term(str(parameters.get("term", "")))}
    return Told(
        title=ngettext(
            "Commit %(n)s subscription to %(term)s?",
            "Commit %(n)s subscriptions to %(term)s?",
            rows,
        )
        % numbers,
        button=ngettext("Change %(n)s subscription", "Change %(n)s subscriptions", rows) % numbers,
        undo=_("Cannot be undone: in mid-term a term can only get longer."),
        points=[
            _("Each new term begins now, and with it a new commitment."),
            _("Microsoft credits what is left of the running terms."),
            *kept(parameters),
        ],
        danger=True,
    )


def _of_billing(rows: int, parameters: Parameters) -> Told:
    cycle = formats.billing(str(parameters.get("billing_cycle", "")))
    numbers = {"n": formats.count(rows), "billing": cycle}
    return Told(
        title=ngettext(
            "Change how %(n)s subscription is billed: %(billing)s?",
            "Change how %(n)s subscriptions are billed: %(billing)s?",
            rows,
        )
        % numbers,
        button=ngettext("Change %(n)s subscription", "Change %(n)s subscriptions", rows) % numbers,
        undo=_("Can be undone: with Change billing, until each next charge."),
        points=[
            _("It holds from each next charge on. What is billed until then stays as it is."),
            _("Seats and term stay as they are."),
        ],
    )


def _of_switch(rows: int, parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    renews = parameters.get("renews") in ("yes", True)
    on = ngettext(
        "Let %(n)s marketplace subscription renew by itself?",
        "Let %(n)s marketplace subscriptions renew by themselves?",
        rows,
    )
    off = ngettext(
        "Let %(n)s marketplace subscription end with its term?",
        "Let %(n)s marketplace subscriptions end with their terms?",
        rows,
    )
    return Told(
        title=(on if renews else off) % numbers,
        button=ngettext("Change %(n)s subscription", "Change %(n)s subscriptions", rows) % numbers,
        undo=_("Can be undone: with Automatic renewal, until each term ends."),
        points=[_("Only Azure Marketplace subscriptions have this switch. Others are left out.")],
        danger=not renews,
    )


END = many(
    actions.SET_TERM_END,
    _end,
    lambda actor, scope, row, told, asked: actions.set_term_end(
        actor, scope, row, told.get("choice", ""), asked, deciding.read(told)
    ),
    _of_term_end,
    title=gettext_lazy("End of term"),
    url_name="subscriptions_term_end",
    icon="calendar-due",
    form=EndForm,
)
NEXT_TERM = many(
    actions.SCHEDULE_CHANGE,
    _next_term,
    lambda actor, scope, row, told, asked: own.schedule(actor, scope, row, _wish(told), asked),
    _of_next_term,
    rows=_with_options,
    seen=lambda state: {"schedule": state.schedule or own_rules.as_now(state.subscription)},
    title=gettext_lazy("Schedule a change"),
    url_name="subscriptions_schedule",
    icon="calendar-event",
    form=NextTermForm,
)
CANCEL_SCHEDULE = many(
    actions.CANCEL_SCHEDULE,
    lambda state, _told: own.plan_cancelled(state),
    lambda actor, scope, row, _told, asked: own.cancel_schedule(actor, scope, row, asked),
    _of_cancelled_schedules,
    title=gettext_lazy("Cancel schedule"),
    url_name="subscriptions_cancel_schedule",
    icon="calendar-event",
)
LONGER = many(
    actions.CHANGE_TERM,
    _longer,
    lambda actor, scope, row, told, asked: own.change_term(
        actor, scope, row, _longer_wish(row, told), asked, confirmed(told)
    ),
    _of_longer,
    rows=_with_options,
    title=gettext_lazy("Change term"),
    url_name="subscriptions_term",
    icon="calendar-due",
    form=TermForm,
)
BILLING = many(
    actions.CHANGE_CYCLE,
    _next_cycle,
    lambda actor, scope, row, told, asked: own.change_cycle(actor, scope, row, _wish(told), asked),
    _of_billing,
    rows=_with_charges,
    seen=lambda state: {
        "next_cycle": _charged(state).next_cycle or state.subscription.billing_cycle
    },
    title=gettext_lazy("Change billing"),
    url_name="subscriptions_billing",
    icon="file-invoice",
    form=CycleForm,
)
SWITCH = many(
    actions.AUTO_RENEW,
    lambda state, told: marketplace.plan(state, renews=_renews(told)),
    lambda actor, scope, row, told, asked: marketplace.switch(
        actor, scope, row, asked, renews=_renews(told)
    ),
    _of_switch,
    title=gettext_lazy("Automatic renewal"),
    url_name="subscriptions_auto_renew",
    icon="repeat",
    form=SwitchForm,
)
