"""The verbs of a subscription asked for many at once: how each row is checked, asked and told."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders import actions, cancelling, consequences, queries, refusals, rules, term_end
from orders.models import Subscription
from orders.quantities import misread, parse
from orders.renewals import deciding
from orders.scheduling import actions as scheduling
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox.batches import registry
from portal.outbox.batches.registry import Bulk, Entrance, Parameters, Plan, Told
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.ui import bulk as bar
from portal.ui import formats

Ask = Callable[..., Command]
ACTS: dict[str, Ask] = {
    actions.CHANGE_QUANTITY: actions.change_quantity,
    actions.SUSPEND: actions.suspend,
    actions.REACTIVATE: actions.reactivate,
    actions.RENAME: actions.rename,
    actions.SET_TERM_END: actions.set_term_end,
    actions.CANCEL_SCHEDULE: scheduling.cancel_schedule,
    actions.CANCEL: cancelling.cancel,
}
# What verbs of rooms of their own would leave, checked.
PLANS: dict[str, Callable[[rules.Known], dict[str, Any]]] = {
    actions.CANCEL_SCHEDULE: scheduling.plan_cancelled,
    actions.CANCEL: cancelling.plan,
}
# The parameter in which a verb's value comes.
VALUES = {
    actions.CHANGE_QUANTITY: "quantity",
    actions.RENAME: "name",
    actions.SET_TERM_END: "choice",
}


def label(row: Subscription) -> str:
    """A subscription as a row of a batch names it."""
    return f"{row} · {row.customer.name}" if row.customer else str(row)


def _targets(scope: Scope, ids: Sequence[int]) -> Mapping[int, Model]:
    return {row.pk: row for row in queries.subscriptions(scope).filter(pk__in=ids)}


def _check(verb: str) -> Callable[[Model, Parameters, Mapping[str, Any]], Plan]:
    def check(target: Model, parameters: Parameters, coming: Mapping[str, Any]) -> Plan:
        state = rules.known(cast("Subscription", target), coming)
        plan = PLANS.get(verb)
        after = plan(state) if plan else actions.plan(verb, state, *_value(verb, parameters))
        before = actions.seen(verb, state)
        return Plan({name: before.get(name) for name in after}, after)

    return check


def _ask(verb: str) -> Callable[[Actor, Scope, Model, Parameters, Asked], Command]:
    def ask(
        actor: Actor, scope: Scope, target: Model, parameters: Parameters, asked: Asked
    ) -> Command:
        value = _value(verb, parameters)
        return ACTS[verb](actor, scope, target, *value[:1], asked, *value[1:])

    return ask


def _value(verb: str, parameters: Parameters) -> list[Any]:
    """The verb's value as its action takes it; empty for a verb without one."""
    if verb not in VALUES:
        return []
    value = parameters.get(VALUES[verb], "")
    if verb == actions.RENAME:
        return [str(value)]
    if verb == actions.SET_TERM_END:
        return [value, deciding.read(parameters)]
    wanted = parse(str(value))
    if wanted is None:
        problem = misread(str(value))
        raise RefusedError(problem, refusals.say(problem))
    return [wanted]


# --- what a batch will do, before it is confirmed -------------------------------------------------


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
        points=[_("Nothing changes before the end of each term."), *_decided(parameters)],
        danger=choice in {"", term_end.TermEnd.CANCEL},  # lines of a file choose for themselves
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


def _decided(parameters: Parameters) -> list[str]:
    """Who decided so for all of them, where somebody was named."""
    who = str(parameters.get("decided_by") or "")
    return [_("Kept with each row: decided by %(who)s.") % {"who": who}] if who else []


TELLS: dict[str, Callable[[int, Parameters], Told]] = {
    actions.CHANGE_QUANTITY: _of_seats,
    actions.SUSPEND: _of_suspend,
    actions.REACTIVATE: _of_reactivate,
    actions.RENAME: _of_names,
    actions.SET_TERM_END: _of_term_end,
    actions.CANCEL_SCHEDULE: _of_cancelled_schedules,
    actions.CANCEL: _of_cancel,
}


# The buttons under the list, in order.
BAR = (
    (actions.CHANGE_QUANTITY, gettext_lazy("Change seats"), "subscriptions_quantity", "pencil"),
    (actions.SET_TERM_END, gettext_lazy("End of term"), "subscriptions_term_end", "calendar-due"),
    (actions.REACTIVATE, gettext_lazy("Reactivate"), "subscriptions_reactivate", "player-play"),
    (actions.SUSPEND, gettext_lazy("Suspend"), "subscriptions_suspend", "player-pause"),
    (
        actions.CANCEL_SCHEDULE,
        gettext_lazy("Cancel schedule"),
        "subscriptions_cancel_schedule",
        "calendar-event",
    ),
    (actions.CANCEL, gettext_lazy("Cancel subscription"), "subscriptions_cancel", "ban"),
)


def register() -> None:
    """Enter the verbs for many and the ways to them; called from OrdersConfig.ready."""
    for verb, tell in TELLS.items():
        registry.register(
            Bulk(
                verb=verb,
                targets=_targets,
                check=_check(verb),
                ask=_ask(verb),
                tell=tell,
                cost=consequences.COSTS.get(verb, ""),
            )
        )
    for order, (verb, title, url_name, icon) in enumerate(BAR):
        action = bar.Action(verb, title, url_name, actions.RIGHTS[verb], icon, order)
        bar.register("subscriptions", action)
    registry.enter(
        Entrance(
            gettext_lazy("Choose subscriptions"),
            "subscriptions",
            "subscriptions.view",
            icon="license",
        )
    )
    registry.enter(
        Entrance(
            gettext_lazy("Rename by file"),
            "subscriptions_rename_file",
            actions.RIGHTS[actions.RENAME],
            icon="file-import",
        )
    )
