"""The worker's side: read the Azure subscription, compare, send, and count what a read finds as confirmed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.entitled import actions
from orders.entitled.models import AzureSubscription
from orders.entitled.part import ACTIVE, AZURE, TARGET
from portal.mirror import families, upsert
from portal.mirror.values import text
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.operations.after_sale import (
    CANCEL_AZURE_ENTITLEMENT,
    GET_AZURE_ENTITLEMENT,
    REACTIVATE_AZURE_ENTITLEMENT,
)
from portal.partnercenter.spec import Operation
from portal.ui import statuses

FIELDS = {"status": _("Status")}
# The documented body; bringing it back takes none.
BODIES: dict[str, Any] = {actions.CANCEL: {"cancellationReason": actions.REASON}}


@dataclass(frozen=True)
class Fresh:
    """The Azure subscription as Partner Center has it."""

    payload: dict[str, Any]
    observed_at: dt.datetime

    @property
    def status(self) -> str:
        """As the mirror keeps it."""
        return text(self.payload.get("status")).lower()

    def reached(self, command: Command) -> bool:
        """Whether it is active or not, as asked: what cancelled ones are called is not documented."""
        return (self.status == ACTIVE) is (command.after["status"] == ACTIVE)

    def saver(self, command: Command) -> verbs.Save:
        """Bring the mirror's row up to this."""

        def save() -> dict[str, Any]:
            family = families.get(AZURE)
            upsert.upsert(
                family,
                family.listing.representation,
                command.connection,
                [self.payload],
                observed_at=self.observed_at,
                parent=command.customer_pc_id,
            )
            return {"status": self.status}

        return save


def deliver(operation: Operation[Any]) -> Callable[[Attempt], verbs.Delivered]:
    """How a step that is this POST is sent."""

    def send(attempt: Attempt) -> verbs.Delivered:
        command, fresh = attempt.command, _read(attempt)
        if fresh.reached(command):
            if attempt.may_have_left:
                return verbs.Applied(save=fresh.saver(command))
            seen = (command.before["status"], fresh.status)
            return verbs.Changed(difference={"status": seen}, save=fresh.saver(command))
        reply = attempt.write(operation, body=BODIES.get(command.verb), **_ids(command))
        again = _read(attempt)
        if not again.reached(command):
            return verbs.Accepted(correlation_id=reply.correlation_id)
        return verbs.Applied(save=again.saver(command), correlation_id=reply.correlation_id)

    return send


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says about a write whose answer was lost or is still being worked on."""
    command, fresh = attempt.command, _read(attempt)
    if not fresh.reached(command):
        return verbs.NotApplied()
    return verbs.Applied(save=fresh.saver(command), correlation_id=attempt.step.correlation_id)


def _ids(command: Command) -> dict[str, str]:
    return {
        "customer_id": command.customer_pc_id,
        "subscription_id": command.parameters["plan_pc_id"],
        "entitlement_id": command.target_pc_id,
    }


def _read(attempt: Attempt) -> Fresh:
    command = attempt.command
    reply = attempt.read(GET_AZURE_ENTITLEMENT, **_ids(command))
    plan = {"subscriptionId": command.parameters["plan_pc_id"]}
    return Fresh(dict(reply.body) | plan, reply.observed_at)


def target(command: Command) -> AzureSubscription | None:
    """The row, None once Partner Center no longer has it."""
    return AzureSubscription.objects.filter(pk=command.target_id, gone_at=None).first()


def register() -> None:
    """Enter the verbs; called from AppConfig.ready."""
    told: tuple[tuple[str, Any, Operation[Any]], ...] = (
        (actions.CANCEL, _("Cancel Azure subscription"), CANCEL_AZURE_ENTITLEMENT),
        (actions.REACTIVATE, _("Reactivate Azure subscription"), REACTIVATE_AZURE_ENTITLEMENT),
    )
    for name, label, operation in told:
        step = verbs.Step(name=operation.name, deliver=deliver(operation), settle=settle)
        verbs.register(
            verbs.Verb(
                name=name,
                label=label,
                right=actions.RIGHT,
                target_type=TARGET,
                target=target,
                steps=(step,),
                fields=FIELDS,
                target_url="azure_subscription",
                show=lambda _field, value: str(statuses.status(value).word),
            )
        )
