"""Pages of a term: what the next one shall be, a longer one now, how it is billed, and its cancellation."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from customers.asking.pages import Consequence
from orders import actions, cancelling, queries, rules
from orders.acting import Acting, Crumb, RowForm, respond
from orders.consequences import money
from orders.models import Subscription
from orders.renewals import lifecycle
from orders.scheduling import actions as own
from orders.scheduling import consequences, forms, pricing
from orders.scheduling import rules as own_rules
from portal.access.guard import route
from portal.access.http import Request

METHODS = ["GET", "HEAD", "POST"]


def crumbs(_row: Subscription) -> list[Crumb]:
    """What stands above a subscription."""
    return [(_("Subscriptions"), reverse("subscriptions"))]


def back(row: Subscription) -> str:
    """The subscription's own page."""
    return row.get_absolute_url()


def _tell_schedule(row: Subscription, values: dict[str, Any]) -> Consequence:
    state = rules.state_of(row)
    told = own_rules.new_schedule(state, forms.wish_of(values), values["options"])
    return consequences.of_schedule(state, told)


def _tell_term(row: Subscription, values: dict[str, Any]) -> Consequence:
    state = rules.state_of(row, keeps=bool(values.get("keeps")))
    wish, sold = forms.wish_of(values), values["options"]
    own.plan_term(state, wish, sold)
    return consequences.of_term(state, own_rules.new_term(state, wish.term, wish.cycle, sold))


def _tell_cycle(row: Subscription, values: dict[str, Any]) -> Consequence:
    state = own.known_cycle(rules.state_of(row))
    cycle = own_rules.new_cycle(state, forms.wish_of(values).cycle, values["options"])
    return consequences.of_cycle(state, cycle)


def _may(check: Any) -> Any:
    return lambda row: check(rules.state_of(row))


def _now(row: Subscription) -> dict[str, Any]:
    """What the form starts from: what is scheduled, else as it is."""
    told = rules.state_of(row).schedule or {}
    term = told.get("term") or row.term_duration.upper()
    cycle = told.get("cycle") or row.billing_cycle.lower()
    seats = told.get("quantity") or row.quantity
    return {
        "seats": seats,
        "terms": f"{term}|{cycle}",
        "product": told.get("product", ""),
        "ends": told.get("ends", ""),
    }


def _cancelled_money(request: Request, row: Subscription, form: RowForm) -> dict[str, Any]:
    told = money(request.scope, row, actions.CANCEL, row.quantity) if form.is_bound else []
    return {"money": told}


def _money(begins: Callable[[Subscription], dt.date | None]) -> Any:
    """What the wish comes to, where it holds one; ``begins`` is the first day of its term, None for the running one."""

    def more(request: Request, row: Subscription, form: RowForm) -> dict[str, Any]:
        if not form.is_bound or form.errors:
            return {}
        return {"money": pricing.compared(request.scope, row, form.values, begins(row))}

    return more


def _next_day(row: Subscription) -> dt.date:
    last = lifecycle.last_day(row)
    return last + dt.timedelta(days=1) if last else row.connection.today()


SCHEDULE: Acting[Subscription] = Acting(
    title=gettext_lazy("Schedule a change"),
    right=actions.RIGHTS[actions.SCHEDULE_CHANGE],
    form=forms.ScheduleForm,
    may=_may(own_rules.may_schedule),
    initial=_now,
    tell=_tell_schedule,
    act=lambda actor, scope, row, values, asked: own.schedule(
        actor, scope, row, forms.wish_of(values), asked
    ),
    verb=lambda _row, _values: actions.SCHEDULE_CHANGE,
    crumbs=crumbs,
    back=back,
    more=_money(_next_day),
)
CANCEL_SCHEDULE: Acting[Subscription] = Acting(
    title=gettext_lazy("Cancel schedule"),
    right=actions.RIGHTS[actions.CANCEL_SCHEDULE],
    may=_may(own_rules.may_cancel_schedule),
    tell=lambda row, _values: consequences.of_cancelled_schedule(rules.state_of(row)),
    act=lambda actor, scope, row, _values, asked: own.cancel_schedule(actor, scope, row, asked),
    verb=lambda _row, _values: actions.CANCEL_SCHEDULE,
    crumbs=crumbs,
    back=back,
)
TERM: Acting[Subscription] = Acting(
    title=gettext_lazy("Change term"),
    right=actions.RIGHTS[actions.CHANGE_TERM],
    form=forms.TermForm,
    may=_may(own_rules.may_change_term),
    tell=_tell_term,
    act=lambda actor, scope, row, values, asked: own.change_term(
        actor,
        scope,
        row,
        forms.wish_of(values),
        asked,
        actions.Confirmed(keeps=bool(values.get("keeps"))),
    ),
    verb=lambda _row, _values: actions.CHANGE_TERM,
    crumbs=crumbs,
    back=back,
    more=_money(lambda row: row.connection.today()),
)
CYCLE: Acting[Subscription] = Acting(
    title=gettext_lazy("Change billing"),
    right=actions.RIGHTS[actions.CHANGE_CYCLE],
    form=forms.CycleForm,
    may=_may(own_rules.may_change_term),
    tell=_tell_cycle,
    act=lambda actor, scope, row, values, asked: own.change_cycle(
        actor, scope, row, forms.wish_of(values), asked
    ),
    verb=lambda _row, _values: actions.CHANGE_CYCLE,
    crumbs=crumbs,
    back=back,
    more=_money(lambda _row: None),
)
CANCEL: Acting[Subscription] = Acting(
    title=gettext_lazy("Cancel subscription"),
    right=actions.RIGHTS[actions.CANCEL],
    form=cancelling.CancelForm,
    may=_may(cancelling.may_cancel),
    tell=lambda row, _values: cancelling.consequence(rules.state_of(row)),
    act=lambda actor, scope, row, _values, asked: cancelling.cancel(actor, scope, row, asked),
    verb=lambda _row, _values: actions.CANCEL,
    crumbs=crumbs,
    back=back,
    template="orders/cancel.html",
    more=_cancelled_money,
)


@route(effect="write", right=SCHEDULE.right)
@require_http_methods(METHODS)
def schedule(request: Request, pk: int) -> HttpResponse:
    """Say what the next term shall be."""
    return respond(request, queries.subscription(request.scope, pk), SCHEDULE)


@route(effect="write", right=CANCEL_SCHEDULE.right)
@require_http_methods(METHODS)
def cancel_schedule(request: Request, pk: int) -> HttpResponse:
    """Drop what is scheduled."""
    return respond(request, queries.subscription(request.scope, pk), CANCEL_SCHEDULE)


@route(effect="write", right=TERM.right)
@require_http_methods(METHODS)
def term(request: Request, pk: int) -> HttpResponse:
    """A longer term, from now on."""
    return respond(request, queries.subscription(request.scope, pk), TERM)


@route(effect="write", right=CYCLE.right)
@require_http_methods(METHODS)
def cycle(request: Request, pk: int) -> HttpResponse:
    """Another billing cycle, from the next charge on."""
    return respond(request, queries.subscription(request.scope, pk), CYCLE)


@route(effect="write", right=CANCEL.right)
@require_http_methods(METHODS)
def cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel while the window is open."""
    return respond(request, queries.subscription(request.scope, pk), CANCEL)
