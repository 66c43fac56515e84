"""Seats, names, suspending, reactivating and cancelling of many subscriptions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders import actions, cancelling, consequences, queries, refusals, rules
from orders.actions import Confirmed
from orders.asides import actions as registering
from orders.bulk.forms import KEEP, SeatsForm
from orders.bulk.shape import Ask, Check, Many, Targets
from orders.models import Subscription
from orders.quantities import Quantity, misread, parse
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.outbox.batches.registry import Parameters, Plan, Told
from portal.ui import formats

LIST = "subscriptions"
Seen = Callable[[rules.Known], dict[str, Any]]
PlanOf = Callable[[rules.Known, Parameters], dict[str, Any]]


def label(row: Subscription) -> str:
    """A subscription as a row of a batch names it."""
    return f"{row} · {row.customer.name}" if row.customer else str(row)


def targets(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    """The rows as the person sees them."""
    return {row.pk: row for row in queries.subscriptions(scope).filter(pk__in=ids)}


def check_of(verb: str, plan: PlanOf, seen: Seen | None = None) -> Check[Subscription]:
    """How a row is checked by what the verb would leave of it; ``seen`` is what stands before that."""

    def check(row: Subscription, parameters: Parameters, coming: Mapping[str, Any]) -> Plan:
        state = replace(rules.known(row, coming), keeps=bool(parameters.get(KEEP)))
        after = plan(state, parameters)
        before = seen(state) if seen else actions.seen(verb, state)
        return Plan({name: before.get(name) for name in after}, after)

    return check


def many(
    verb: str,
    plan: PlanOf,
    ask: Ask[Subscription],
    tell: Callable[[int, Parameters], Told],
    *,
    rows: Targets = targets,
    seen: Seen | None = None,
    **more: Any,
) -> Many[Subscription]:
    """A verb of subscriptions for many; ``more`` is its button and form."""
    return Many(
        verb=verb,
        right=actions.RIGHTS[verb],
        targets=rows,
        check=check_of(verb, plan, seen),
        ask=ask,
        tell=tell,
        cost=consequences.COSTS.get(verb, ""),
        **more,
    )


def confirmed(parameters: Parameters) -> Confirmed:
    """Whether what is scheduled is put back."""
    return Confirmed(keeps=bool(parameters.get(KEEP)))


def kept(parameters: Parameters) -> list[str]:
    """What is said of schedules that a change in mid-term deletes."""
    if not parameters.get(KEEP):
        return [_("Subscriptions with a scheduled change are left out: it would be deleted.")]
    return [_("Changes that are scheduled are put back right after.")]


def quantity_of(parameters: Parameters) -> Quantity | None:
    """The seats as they were written, None where nothing is. Raises RefusedError."""
    text = str(parameters.get("quantity") or "")
    if not text:
        return None
    found = parse(text)
    if found is None:
        problem = misread(text)
        raise RefusedError(problem, refusals.say(problem), "quantity")
    return found


def _needed(parameters: Parameters) -> Quantity:
    found = quantity_of(parameters)
    if found is None:
        raise RefusedError("digits", refusals.say("digits"), "quantity")
    return found


def _of_seats(rows: int, parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows), "seats": parameters.get("quantity", "")}
    return Told(
        title=ngettext(
            "Change the seats of %(n)s subscription?",
            "Change the seats of %(n)s subscriptions?",
            rows,
        )
        % numbers,
        button=ngettext("Change %(n)s subscription", "Change %(n)s subscriptions", rows) % numbers,
        undo=_(
            "Seats that are added can be taken back until the date that Partner Center returns."
        ),
        points=[
            _("Each row shows its seats before and after."),
            _("More seats are billed from the day on which Partner Center adds them."),
            *kept(parameters),
        ],
    )


def _of_suspend(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext("Suspend %(n)s subscription?", "Suspend %(n)s subscriptions?", rows)
        % numbers,
        button=ngettext("Suspend %(n)s subscription", "Suspend %(n)s subscriptions", rows)
        % numbers,
        undo=_("Can be undone: with Reactivate, until each term ends."),
        points=[
            _("People lose access within minutes. Admins still reach the data."),
            _("New commerce goes on billing while suspended, and does not renew."),
        ],
        danger=True,
    )


def _of_reactivate(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext("Reactivate %(n)s subscription?", "Reactivate %(n)s subscriptions?", rows)
        % numbers,
        button=ngettext("Reactivate %(n)s subscription", "Reactivate %(n)s subscriptions", rows)
        % numbers,
        undo=_("Can be undone: with Suspend, at any time."),
        points=[_("People get their access back within minutes.")],
    )


def _of_names(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext("Rename %(n)s subscription?", "Rename %(n)s subscriptions?", rows) % numbers,
        button=ngettext("Rename %(n)s subscription", "Rename %(n)s subscriptions", rows) % numbers,
        undo=_("Can be undone: with Rename, at any time."),
        points=[
            _("The customer's admins and the invoices may show the new name."),
            _("Seats, term and price stay as they are."),
        ],
    )


def _of_cancel(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext("Cancel %(n)s subscription now?", "Cancel %(n)s subscriptions now?", rows)
        % numbers,
        button=ngettext("Cancel %(n)s subscription", "Cancel %(n)s subscriptions", rows) % numbers,
        undo=_("Cannot be undone: it would have to be bought anew."),
        points=[
            _("Each can be cancelled only while its own window is open."),
            _("People lose access. The customer's admins have a few days to save data."),
        ],
        danger=True,
    )


def _of_registering(rows: int, _parameters: Parameters) -> Told:
    numbers = {"n": formats.count(rows)}
    return Told(
        title=ngettext(
            "Register %(n)s subscription for reservations?",
            "Register %(n)s subscriptions for reservations?",
            rows,
        )
        % numbers,
        button=ngettext("Register %(n)s subscription", "Register %(n)s subscriptions", rows)
        % numbers,
        undo=_("Cannot be undone. It costs nothing."),
        points=[
            _("Reserved instances can be bought for each once Partner Center has registered it."),
            _("Only Azure subscriptions can be registered. Others are left out."),
        ],
    )


def _registered(state: rules.Known, _parameters: Parameters) -> dict[str, Any]:
    registering.may_register(state)
    return {"registration": registering.DONE}


SEATS = many(
    actions.CHANGE_QUANTITY,
    lambda state, told: actions.plan(actions.CHANGE_QUANTITY, state, _needed(told)),
    lambda actor, scope, row, told, asked: actions.change_quantity(
        actor, scope, row, _needed(told), asked, confirmed(told)
    ),
    _of_seats,
    title=gettext_lazy("Change seats"),
    url_name="subscriptions_quantity",
    form=SeatsForm,
)
REACTIVATE = many(
    actions.REACTIVATE,
    lambda state, _told: actions.plan(actions.REACTIVATE, state),
    lambda actor, scope, row, _told, asked: actions.reactivate(actor, scope, row, asked),
    _of_reactivate,
    title=gettext_lazy("Reactivate"),
    url_name="subscriptions_reactivate",
    icon="player-play",
)
SUSPEND = many(
    actions.SUSPEND,
    lambda state, _told: actions.plan(actions.SUSPEND, state),
    lambda actor, scope, row, _told, asked: actions.suspend(actor, scope, row, asked),
    _of_suspend,
    title=gettext_lazy("Suspend"),
    url_name="subscriptions_suspend",
    icon="player-pause",
)
CANCEL = many(
    actions.CANCEL,
    lambda state, _told: cancelling.plan(state),
    lambda actor, scope, row, _told, asked: cancelling.cancel(actor, scope, row, asked),
    _of_cancel,
    title=gettext_lazy("Cancel subscription"),
    url_name="subscriptions_cancel",
    icon="ban",
)
RENAME = many(
    actions.RENAME,
    lambda state, told: actions.plan(actions.RENAME, state, str(told.get("name", ""))),
    lambda actor, scope, row, told, asked: actions.rename(
        actor, scope, row, str(told.get("name", "")), asked
    ),
    _of_names,
)
REGISTER = many(
    actions.REGISTER,
    _registered,
    lambda actor, scope, row, _told, asked: registering.register(actor, scope, row, asked),
    _of_registering,
    title=gettext_lazy("Register for reservations"),
    url_name="subscriptions_register",
    icon="cloud",
)
