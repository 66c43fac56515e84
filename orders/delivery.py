"""The worker's side of the verbs: read, compare, PATCH the whole resource, keep the answer.

Leaving a field out of a PATCH resets it (rule patch_is_whole_resource), so the body is always the
resource just read with one value changed, sent with its etag. Registered in ``OrdersConfig.ready``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from orders import actions, seats, term_end
from orders.fresh import Fresh, bars_of, fresh_of, ids, read
from orders.models import Subscription
from orders.scheduling import restoring, schedules
from portal.mirror import refresh
from portal.outbox import verbs
from portal.outbox.attempt import Attempt, Reply
from portal.outbox.models import Command
from portal.outbox.states import State
from portal.partnercenter.errors import PartnerError
from portal.partnercenter.operations.subscriptions import (
    CHANGE_QUANTITY,
    REACTIVATE_SUBSCRIPTION,
    RENAME_SUBSCRIPTION,
    SET_AUTO_RENEW,
    SUSPEND_SUBSCRIPTION,
)
from portal.partnercenter.resources.subscriptions import Subscription as Resource
from portal.partnercenter.spec import Operation
from portal.partnercenter.transport import utc_now
from portal.ui import formats, statuses

FIELDS = {
    "quantity": _("Seats"),
    "status": _("Status"),
    "scheduled_change": _("Scheduled change"),
    "schedule": _("Scheduled change"),
    "term_duration": _("Term"),
    "billing_cycle": _("Billed"),
    "next_cycle": _("Billed from the next charge"),
    "upgrade": _("Upgrade"),
    "progress": _("Progress"),
    "registration": _("Reservations"),
    "auto_renew": _("Automatic renewal"),
    "friendly_name": _("Name"),
    "term_end": _("At the end of the term"),
}
# From the resource just read and the Command to the resource that is sent.
Change = Callable[[dict[str, Any], Command], dict[str, Any]]


def as_asked(payload: dict[str, Any], command: Command) -> dict[str, Any]:
    """Fields that Partner Center calls as we do."""
    return {**payload, **command.after}


def renamed(payload: dict[str, Any], command: Command) -> dict[str, Any]:
    """The resource under its new name."""
    return payload | {"friendlyName": command.after["friendly_name"]}


def ending(payload: dict[str, Any], command: Command) -> dict[str, Any]:
    """The resource with the choice for the end of its term."""
    return term_end.wire(payload, command.after["term_end"])


def deliver(
    operation: Operation[Resource], change: Change = as_asked, *, read_back: bool = False
) -> Callable[[Attempt], verbs.Delivered]:
    """How a step that is this PATCH is sent; ``read_back`` trusts no answer, only a read after it."""

    def send(attempt: Attempt) -> verbs.Delivered:
        command = attempt.command
        fresh = read(attempt)
        if fresh.reached(command) and (attempt.may_have_left or _nothing_to_do(command)):
            return verbs.Applied(save=fresh.saver(command))
        if difference := fresh.difference(command):
            return verbs.Changed(difference=difference, save=fresh.saver(command))
        reply = attempt.write(
            operation,
            body=change(fresh.payload, command),
            etag=(fresh.payload.get("attributes") or {}).get("etag"),
            **ids(command),
        )
        return _read_back(attempt, reply) if read_back else _answered(attempt, fresh, reply)

    return send


def _read_back(attempt: Attempt, reply: Reply[Resource]) -> verbs.Delivered:
    """Confirmed is what a read finds; until then Partner Center counts as working on it."""
    fresh = read(attempt)
    if not fresh.reached(attempt.command):
        return verbs.Accepted(correlation_id=reply.correlation_id)
    return verbs.Applied(save=fresh.saver(attempt.command), correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says about a write whose answer was lost or is still being worked on."""
    command = attempt.command
    fresh = read(attempt)
    if fresh.reached(command):
        return verbs.Applied(save=fresh.saver(command), correlation_id=attempt.step.correlation_id)
    if difference := fresh.difference(command):
        return verbs.Changed(difference=difference, save=fresh.saver(command))
    return verbs.NotApplied()


def _nothing_to_do(command: Command) -> bool:
    """The person saw it so already and sends it all the same."""
    return all(command.before.get(name) == value for name, value in command.after.items())


def _answered(attempt: Attempt, sent: Fresh, reply: Reply[Resource]) -> verbs.Delivered:
    """200 with the resource, or 202 while Partner Center still works on it (scenario change-the-quantity-…).

    An answer cannot be older than what any read sent before its arrival has seen, so it counts from now.
    """
    command = attempt.command
    if reply.accepted or not reply.body:
        return verbs.Accepted(correlation_id=reply.correlation_id)
    answer = fresh_of(command, dict(reply.body), utc_now())
    if not answer.reached(command):
        return verbs.Accepted(correlation_id=reply.correlation_id)
    save = answer.saver(command)
    if "refundableQuantity" in sent.payload and "refundableQuantity" not in answer.payload:
        save = _saver_of_reread(attempt, answer)
    return verbs.Applied(save=save, correlation_id=reply.correlation_id)


def _saver_of_reread(attempt: Attempt, answer: Fresh) -> verbs.Save:
    """The answer lacks what get-by-id has: read it, or let the mirror read it when that fails."""
    command = attempt.command
    try:
        return read(attempt).saver(command)
    except PartnerError:
        pass

    def later() -> dict[str, Any]:
        refresh.request(
            command.connection,
            "subscriptions",
            command.target_pc_id,
            parent=command.customer_pc_id,
            reason="change",
            priority=10,
        )
        return {name: answer.columns[name] for name in command.after}

    return later


# --- the verbs ------------------------------------------------------------------------------------


def target(command: Command) -> Subscription | None:
    """The subscription, None once Partner Center no longer has it."""
    return Subscription.objects.filter(pk=command.target_id, gone_at=None).first()


def show(field: str, value: Any) -> str:
    """One value of a Command in words."""
    if value is None:
        return pgettext("no value", "none")
    if field == "quantity":
        return formats.count(value)
    if field == "status":
        return str(statuses.status(value).word)
    if field in WORDED:
        return WORDED[field](value)
    if isinstance(value, Mapping):
        return _schedule(value)
    return str(value)


def _schedule(told: Mapping[str, Any]) -> str:
    return schedules.words(schedules.told(told)) or pgettext("no value", "none")


WORDED: dict[str, Callable[[Any], str]] = {
    "term_end": term_end.words,
    "schedule": schedules.words,
    "term_duration": formats.term,
    "billing_cycle": formats.billing,
    "upgrade": schedules.words,
    "auto_renew": lambda value: str(_("Renews by itself") if value else _("Ends")),
    "next_cycle": lambda value: formats.billing(value) if value else pgettext("no value", "none"),
}


def _seats(command: Command) -> str:
    before, after = command.before.get("quantity"), command.after.get("quantity")
    told = str(_("Seats: %(before)s → %(after)s")) % {
        "before": show("quantity", before),
        "after": show("quantity", after),
    }
    wanted = restoring.is_wanted(command.parameters)
    lost = command.state in {State.FAILED, State.CANCELLED}
    return f"{told} · {_put_back()}" if wanted and not lost else told


def _put_back() -> str:
    return str(_("schedule put back"))


def _name(command: Command) -> str:
    return str(_("Name: %(before)s → %(after)s")) % {
        "before": command.before.get("friendly_name") or command.target_label,
        "after": command.after.get("friendly_name"),
    }


def _ending(command: Command) -> str:
    return str(_("End of term: %(after)s")) % {
        "after": term_end.words(command.after.get("term_end", ""))
    }


def verb(
    name: str,
    label: Any,
    steps: tuple[verbs.Step, ...],
    summary: Callable[[Command], str] | None = None,
    stands: Callable[[Command], str] | None = None,
) -> verbs.Verb:
    """A verb of a subscription."""
    return verbs.Verb(
        name=name,
        label=label,
        right=actions.RIGHTS[name],
        target_type=actions.TARGET,
        target=target,
        steps=steps,
        fields=FIELDS,
        bars=bars_of(name),
        target_url="subscription",
        show=show,
        summary=summary,
        stands=stands,
    )


def step(
    operation: Operation[Resource], change: Change = as_asked, *, read_back: bool = False
) -> verbs.Step:
    """A step that is this PATCH of the resource."""
    send = deliver(operation, change, read_back=read_back)
    return verbs.Step(name=operation.name, deliver=send, settle=settle)


def register() -> None:
    """Enter the verbs; called from OrdersConfig.ready."""
    ending_step = step(SET_AUTO_RENEW, ending, read_back=True)
    restore = restoring.step()
    quantity = (step(CHANGE_QUANTITY), restore)
    suspended = (step(SUSPEND_SUBSCRIPTION),)
    active = (step(REACTIVATE_SUBSCRIPTION), restore)
    name = (step(RENAME_SUBSCRIPTION, renamed),)
    for made in (
        verb(actions.CHANGE_QUANTITY, _("Change seats"), quantity, _seats, seats.stands),
        verb(actions.SUSPEND, _("Suspend subscription"), suspended),
        verb(actions.REACTIVATE, _("Reactivate subscription"), active),
        verb(actions.RENAME, _("Rename subscription"), name, _name),
        verb(actions.SET_TERM_END, _("Set end of term"), (ending_step,), _ending),
    ):
        verbs.register(made)
