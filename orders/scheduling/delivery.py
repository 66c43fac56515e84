"""The worker's side of the verbs about a term: each is the resource just read with one thing changed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders import actions, delivery
from orders.scheduling import restoring, schedules
from portal.outbox import verbs
from portal.outbox.models import Command
from portal.partnercenter.operations.subscriptions import CANCEL_SUBSCRIPTION
from portal.partnercenter.operations.upgrades import (
    CHANGE_SUBSCRIPTION_CYCLE,
    CHANGE_SUBSCRIPTION_TERM,
    SCHEDULE_CHANGE,
)

NEXT_CHARGE = "nextChargeInstructions"


def scheduled(payload: dict[str, Any], command: Command) -> dict[str, Any]:
    """With what is asked for the next term, or without anything."""
    return schedules.wire(payload, command.after["schedule"])


def longer(payload: dict[str, Any], command: Command) -> dict[str, Any]:
    """With another term, which may be billed otherwise."""
    told = command.after
    return payload | {"termDuration": told["term_duration"], "billingCycle": told["billing_cycle"]}


def billed(payload: dict[str, Any], command: Command) -> dict[str, Any]:
    """With another billing cycle; leaving the next charge out takes back what was asked."""
    rest = {name: value for name, value in payload.items() if name != NEXT_CHARGE}
    wanted = command.after["next_cycle"]
    return rest | ({"billingCycle": wanted} if wanted else {})


def _words(command: Command, schedule: Mapping[str, Any] | None) -> str:
    """In words; the product only where it is another one."""
    return schedules.words(schedule, str(command.parameters.get("offer_id", "")))


def _scheduled(command: Command) -> str:
    told = {"schedule": _words(command, command.after["schedule"])}
    return str(_("Next term: %(schedule)s") % told)


def _unscheduled(command: Command) -> str:
    told = {"schedule": _words(command, command.before.get("schedule"))}
    return str(_("No longer scheduled: %(schedule)s") % told)


def register() -> None:
    """Enter the verbs; called from OrdersConfig.ready."""
    write = (delivery.step(SCHEDULE_CHANGE, scheduled, read_back=True),)
    term = (delivery.step(CHANGE_SUBSCRIPTION_TERM, longer, read_back=True), restoring.step())
    cycle = (delivery.step(CHANGE_SUBSCRIPTION_CYCLE, billed, read_back=True),)
    for made in (
        delivery.verb(actions.SCHEDULE_CHANGE, _("Schedule a change"), write, _scheduled),
        delivery.verb(actions.CANCEL_SCHEDULE, _("Cancel schedule"), write, _unscheduled),
        delivery.verb(actions.CHANGE_TERM, _("Change term"), term),
        delivery.verb(actions.CHANGE_CYCLE, _("Change billing"), cycle),
        delivery.verb(
            actions.CANCEL, _("Cancel subscription"), (delivery.step(CANCEL_SUBSCRIPTION),)
        ),
    ):
        verbs.register(made)
