"""The worker's side of the budget: read, compare, PATCH, keep the answer."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from customers.asking.submitting import TARGET, target
from customers.spending import actions, mapping
from customers.spending.part import BUDGETS
from portal.mirror import families, freshness, upsert
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.operations.customers import UPDATE_SPENDING_BUDGET
from portal.partnercenter.operations.unlisted import GET_SPENDING_BUDGET
from portal.ui import formats

FIELDS = {"budget": _("Budget a month")}


def send(attempt: Attempt) -> verbs.Delivered:
    """Send it, unless it is so already or somebody has changed it since it was seen."""
    command = attempt.command
    payload, at = _read(attempt)
    now = _budget(payload, command, at)
    if now == command.after["budget"] and attempt.may_have_left:
        return verbs.Applied(save=_saver(command, payload, at))
    if now != command.before["budget"]:
        difference = {"budget": (command.before["budget"], now)}
        return verbs.Changed(difference=difference, save=_saver(command, payload, at))
    reply = attempt.write(
        UPDATE_SPENDING_BUDGET,
        body={
            "Amount": Decimal(command.after["budget"]),
            "Attributes": {"ObjectType": "SpendingBudget"},
        },
        customer_id=command.customer_pc_id,
    )
    payload, at = _read(attempt)
    if _budget(payload, command, at) != command.after["budget"]:
        return verbs.Accepted(correlation_id=reply.correlation_id)
    save = _saver(command, payload, at)
    return verbs.Applied(save=save, correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says about a write whose answer was lost."""
    command = attempt.command
    payload, at = _read(attempt)
    if _budget(payload, command, at) == command.after["budget"]:
        save = _saver(command, payload, at)
        return verbs.Applied(save=save, correlation_id=attempt.step.correlation_id)
    return verbs.NotApplied()


def _read(attempt: Attempt) -> tuple[Mapping[str, Any], dt.datetime]:
    reply = attempt.read(GET_SPENDING_BUDGET, customer_id=attempt.command.customer_pc_id)
    return reply.body, reply.observed_at


def _budget(payload: Mapping[str, Any], command: Command, at: dt.datetime) -> str | None:
    reading = families.Reading(
        connection=command.connection, observed_at=at, parent=command.customer_pc_id
    )
    return actions.written(mapping.budget(dict(payload), reading)["amount"])


def _saver(command: Command, payload: Mapping[str, Any], at: dt.datetime) -> verbs.Save:
    def save() -> dict[str, Any]:
        family, customer = families.get(BUDGETS), command.customer_pc_id
        upsert.upsert(
            family,
            family.listing.representation,
            command.connection,
            [dict(payload)],
            observed_at=at,
            parent=customer,
        )
        freshness.note(command.connection, BUDGETS, [(customer, at)])
        return {"budget": _budget(payload, command, at)}

    return save


def show(_field: str, value: Any) -> str:
    """An amount in words; Partner Center names no currency with it."""
    return formats.number(Decimal(value)) if value else pgettext("no value", "none")


def _summary(command: Command) -> str:
    before, after = command.before.get("budget"), command.after.get("budget")
    told = {"before": show("budget", before), "after": show("budget", after)}
    return str(_("Budget: %(before)s → %(after)s")) % told


def register() -> None:
    """Enter the verb; called from AppConfig.ready."""
    verbs.register(
        verbs.Verb(
            name=actions.SET_BUDGET,
            label=_("Set usage budget"),
            right=actions.RIGHT,
            target_type=TARGET,
            target=target,
            steps=(verbs.Step(name=UPDATE_SPENDING_BUDGET.name, deliver=send, settle=settle),),
            fields=FIELDS,
            target_url="customer_spending",
            show=show,
            summary=_summary,
        )
    )
