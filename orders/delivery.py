"""The worker's side of the verbs: read, compare, PATCH the whole resource, keep the answer.

Leaving a field out of a PATCH resets it (rule patch_is_whole_resource), so the body is always the
resource just read with one value changed, sent with its etag. Registered in ``OrdersConfig.ready``.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from orders import actions, rules, seats, term_end
from orders.models import Subscription
from portal.mirror import families, refresh, upsert
from portal.outbox import verbs
from portal.outbox.attempt import Attempt, Reply
from portal.outbox.models import Command
from portal.partnercenter.errors import PartnerError
from portal.partnercenter.operations.subscriptions import (
    CHANGE_QUANTITY,
    GET_SUBSCRIPTION,
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
    "friendly_name": _("Name"),
    "term_end": _("At the end of the term"),
}
# mid_term_change_drops_schedule: no second thought lets a change through that deletes a schedule.
BARS = {
    "scheduled_change": _(
        "A change in mid-term would delete what is scheduled. Cancel the schedule in Partner Center"
        " first, then try again."
    )
}
# From the resource just read and the Command to the resource that is sent.
Change = Callable[[dict[str, Any], Command], dict[str, Any]]


def bars_of(verb: str) -> dict[str, Any]:
    """What no second thought overrules; the end of the term is itself what a schedule says."""
    return {} if verb == actions.SET_TERM_END else BARS


@dataclass(frozen=True)
class Fresh:
    """The resource as Partner Center has it, with the columns that the mirror makes of it."""

    payload: dict[str, Any]
    columns: Mapping[str, Any]
    observed_at: dt.datetime

    def reached(self, command: Command) -> bool:
        """Whether it is as asked."""
        return all(self.columns[name] == value for name, value in command.after.items())

    def difference(self, command: Command) -> dict[str, tuple[Any, Any]]:
        """The fields that are not as the person saw them: (seen, now).

        A schedule is one even where the person has seen it since, and its absence never is.
        """
        bars = bars_of(command.verb)
        found = {
            name: (value, self.columns[name])
            for name, value in command.before.items()
            if self.columns[name] != value and name not in bars
        }
        barred = {name: self.columns[name] for name in bars if name in command.before}
        return found | {name: (None, now) for name, now in barred.items() if now is not None}

    def saver(self, command: Command) -> verbs.Save:
        """Bring the mirror's row up to this, and tell what is confirmed."""

        def save() -> dict[str, Any]:
            family, detail = _detail()
            upsert.upsert(
                family,
                detail,
                command.connection,
                [self.payload],
                observed_at=self.observed_at,
                parent=command.customer_pc_id,
            )
            return {name: self.columns[name] for name in command.after}

        return save


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
        fresh = _read(attempt)
        if fresh.reached(command) and (attempt.may_have_left or _nothing_to_do(command)):
            return verbs.Applied(save=fresh.saver(command))
        if difference := fresh.difference(command):
            return verbs.Changed(difference=difference, save=fresh.saver(command))
        reply = attempt.write(
            operation,
            body=change(fresh.payload, command),
            etag=(fresh.payload.get("attributes") or {}).get("etag"),
            **_ids(command),
        )
        return _read_back(attempt, reply) if read_back else _answered(attempt, fresh, reply)

    return send


def _read_back(attempt: Attempt, reply: Reply[Resource]) -> verbs.Delivered:
    """Confirmed is what a read finds; until then Partner Center counts as working on it."""
    fresh = _read(attempt)
    if not fresh.reached(attempt.command):
        return verbs.Accepted(correlation_id=reply.correlation_id)
    return verbs.Applied(save=fresh.saver(attempt.command), correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says about a write whose answer was lost or is still being worked on."""
    command = attempt.command
    fresh = _read(attempt)
    if fresh.reached(command):
        return verbs.Applied(save=fresh.saver(command), correlation_id=attempt.step.correlation_id)
    if difference := fresh.difference(command):
        return verbs.Changed(difference=difference, save=fresh.saver(command))
    return verbs.NotApplied()


def _nothing_to_do(command: Command) -> bool:
    """The person saw it so already and sends it all the same."""
    return all(command.before.get(name) == value for name, value in command.after.items())


def _ids(command: Command) -> dict[str, str]:
    return {"customer_id": command.customer_pc_id, "subscription_id": command.target_pc_id}


def _read(attempt: Attempt) -> Fresh:
    reply = attempt.read(GET_SUBSCRIPTION, **_ids(attempt.command))
    return _fresh(attempt.command, dict(reply.body), reply.observed_at)


def _fresh(command: Command, payload: dict[str, Any], observed_at: dt.datetime) -> Fresh:
    _family, detail = _detail()
    reading = families.Reading(
        connection=command.connection, observed_at=observed_at, parent=command.customer_pc_id
    )
    columns = detail.map(payload, reading)
    schedule = rules.lasting(columns["scheduled_change"])
    derived = {"scheduled_change": schedule, "term_end": term_end.chosen(columns)}
    return Fresh(payload, columns | derived, observed_at)


def _detail() -> tuple[families.Family, families.Representation]:
    family = families.get("subscriptions")
    if family.detail is None:
        raise LookupError("subscriptions have no detail representation")
    return family, family.detail.representation


def _answered(attempt: Attempt, sent: Fresh, reply: Reply[Resource]) -> verbs.Delivered:
    """200 with the resource, or 202 while Partner Center still works on it (scenario change-the-quantity-…).

    An answer cannot be older than what any read sent before its arrival has seen, so it counts from now.
    """
    command = attempt.command
    if reply.accepted or not reply.body:
        return verbs.Accepted(correlation_id=reply.correlation_id)
    answer = _fresh(command, dict(reply.body), utc_now())
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
        return _read(attempt).saver(command)
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
    if field == "term_end":
        return term_end.words(value)
    if isinstance(value, Mapping):
        return _schedule(value)
    return str(value)


def _schedule(told: Mapping[str, Any]) -> str:
    product = told.get("product") or {}
    parts = [
        "" if told.get("quantity") is None else formats.count(told["quantity"]),
        formats.term(product["termDuration"]) if product.get("termDuration") else "",
        formats.billing(product["billingCycle"]) if product.get("billingCycle") else "",
        str(told.get("actionType") or ""),
    ]
    return ", ".join(part for part in parts if part) or pgettext("no value", "none")


def _seats(command: Command) -> str:
    before, after = command.before.get("quantity"), command.after.get("quantity")
    return str(_("Seats: %(before)s → %(after)s")) % {
        "before": show("quantity", before),
        "after": show("quantity", after),
    }


def _name(command: Command) -> str:
    return str(_("Name: %(before)s → %(after)s")) % {
        "before": command.before.get("friendly_name") or command.target_label,
        "after": command.after.get("friendly_name"),
    }


def _ending(command: Command) -> str:
    return str(_("End of term: %(after)s")) % {
        "after": term_end.words(command.after.get("term_end", ""))
    }


def _verb(
    name: str,
    label: Any,
    step: verbs.Step,
    summary: Callable[[Command], str] | None = None,
    stands: Callable[[Command], str] | None = None,
) -> verbs.Verb:
    return verbs.Verb(
        name=name,
        label=label,
        right=actions.RIGHTS[name],
        target_type=actions.TARGET,
        target=target,
        steps=(step,),
        fields=FIELDS,
        bars=bars_of(name),
        target_url="subscription",
        show=show,
        summary=summary,
        stands=stands,
    )


def _step(
    operation: Operation[Resource], change: Change = as_asked, *, read_back: bool = False
) -> verbs.Step:
    send = deliver(operation, change, read_back=read_back)
    return verbs.Step(name=operation.name, deliver=send, settle=settle)


def register() -> None:
    """Enter the verbs; called from OrdersConfig.ready."""
    ending_step = _step(SET_AUTO_RENEW, ending, read_back=True)
    quantity = _step(CHANGE_QUANTITY)
    for verb in (
        _verb(actions.CHANGE_QUANTITY, _("Change seats"), quantity, _seats, seats.stands),
        _verb(actions.SUSPEND, _("Suspend subscription"), _step(SUSPEND_SUBSCRIPTION)),
        _verb(actions.REACTIVATE, _("Reactivate subscription"), _step(REACTIVATE_SUBSCRIPTION)),
        _verb(actions.RENAME, _("Rename subscription"), _step(RENAME_SUBSCRIPTION, renamed), _name),
        _verb(actions.SET_TERM_END, _("Set end of term"), ending_step, _ending),
    ):
        verbs.register(verb)
