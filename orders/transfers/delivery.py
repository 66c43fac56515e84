"""The worker's side of transfers: ask and find it in the list, answer and read it back."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.asking.submitting import TARGET as CUSTOMER
from customers.asking.submitting import target as customer_of
from orders.transfers import actions, limits
from orders.transfers.models import Transfer
from orders.transfers.part import DONE, MANAGE, PENDING, TARGET, TRANSFERS
from portal.mirror import families, upsert
from portal.mirror.values import children, identifier, moment, text
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.operations.after_sale import (
    CREATE_TRANSFER,
    GET_TRANSFER,
    LIST_TRANSFERS,
    UPDATE_TRANSFER,
)
from portal.ui import statuses

FIELDS = {"transfer": _("Asked of"), "status": _("Status")}
# What a transfer that was answered may be called by then.
REACHED = {
    actions.ACCEPT: frozenset({"inprogress", "accepted", "accept"}) | DONE,
    actions.REJECT: frozenset({"rejected", "reject"}),
    actions.CANCEL: frozenset({"cancelled", "canceled", "cancel"}),
}
# A clock of theirs may be behind ours.
SLACK = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Fresh:
    """A transfer as Partner Center has it."""

    payload: dict[str, Any]
    observed_at: dt.datetime

    @property
    def status(self) -> str:
        """As the mirror keeps it."""
        return text(self.payload.get("status")).lower()

    def saver(self, command: Command, told: dict[str, Any]) -> verbs.Save:
        """Bring the mirror's row up to this."""

        def save() -> dict[str, Any]:
            family = families.get(TRANSFERS)
            upsert.upsert(
                family,
                family.listing.representation,
                command.connection,
                [self.payload],
                observed_at=self.observed_at,
                parent=command.customer_pc_id,
            )
            return told

        return save


def create(attempt: Attempt) -> verbs.Delivered:
    """Ask, unless an earlier attempt has."""
    command, told = attempt.command, attempt.command.parameters
    if attempt.may_have_left and (found := _made(attempt)):
        return verbs.Applied(save=found.saver(command, dict(command.after)))
    reply = attempt.write(
        CREATE_TRANSFER,
        body={
            "sourcePartnerTenantId": told["source_tenant"],
            "sourcePartnerName": command.after["transfer"],
            "customerEmailId": told["email"],
            "customerName": command.customer_name,
            "customerTenantId": command.customer_pc_id,
            "targetProductTypes": told["kinds"] or None,
            "partnerOnRecord": told["partner"] or None,
            "transferType": limits.transfer_type(),
            "attributes": {"objectType": "TransferEntity"},
        },
        customer_id=command.customer_pc_id,
    )
    made = Fresh(dict(reply.body), reply.observed_at)
    save = made.saver(command, dict(command.after))
    return verbs.Applied(save=save, correlation_id=reply.correlation_id)


def find_created(attempt: Attempt) -> verbs.Found:
    """After a lost answer: whether the customer's list has it."""
    found = _made(attempt)
    if found is None:
        return verbs.NotApplied()
    save = found.saver(attempt.command, dict(attempt.command.after))
    return verbs.Applied(save=save, correlation_id=attempt.step.correlation_id)


def _made(attempt: Attempt) -> Fresh | None:
    command = attempt.command
    reply = attempt.read(LIST_TRANSFERS, customer_id=command.customer_pc_id)
    since = command.created_at - SLACK
    for one in children(reply.body, "items"):
        at = moment(one.get("createdTime"))
        asked = identifier(one.get("sourcePartnerTenantId")) == command.parameters["source_tenant"]
        if asked and at is not None and at >= since:
            return Fresh(dict(one), reply.observed_at)
    return None


def answer(attempt: Attempt) -> verbs.Delivered:
    """Accept, reject or cancel while it is pending."""
    command, fresh = attempt.command, _read(attempt)
    if fresh.status in REACHED[command.verb] and attempt.may_have_left:
        return verbs.Applied(save=fresh.saver(command, {"status": fresh.status}))
    if fresh.status not in PENDING:
        seen = (command.before["status"], fresh.status)
        return verbs.Changed(difference={"status": seen}, save=fresh.saver(command, {}))
    body = fresh.payload | {"status": actions.SAYS[command.verb]}
    if given := command.parameters.get("given"):
        body["lineItems"] = [_line(one) for one in given]
    reply = attempt.write(UPDATE_TRANSFER, body=body, **_ids(command))
    again = _read(attempt)
    if again.status not in REACHED[command.verb]:
        return verbs.Accepted(correlation_id=reply.correlation_id)
    save = again.saver(command, {"status": again.status})
    return verbs.Applied(save=save, correlation_id=reply.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """What a read says about an answer of ours whose own answer was lost."""
    command, fresh = attempt.command, _read(attempt)
    if fresh.status in REACHED[command.verb]:
        save = fresh.saver(command, {"status": fresh.status})
        return verbs.Applied(save=save, correlation_id=attempt.step.correlation_id)
    if fresh.status not in PENDING:
        seen = (command.before["status"], fresh.status)
        return verbs.Changed(difference={"status": seen}, save=fresh.saver(command, {}))
    return verbs.NotApplied()


def _line(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": one["subscription_id"],
        "subscriptionId": one["subscription_id"],
        "offerId": one["offer_id"],
        "friendlyName": one["name"],
        "quantity": one["quantity"],
        "billingCycle": one["billing_cycle"],
        "partnerIdOnRecord": one["partner_mpn_id"] or None,
        "addonItems": [],
    }


def _ids(command: Command) -> dict[str, str]:
    return {"customer_id": command.customer_pc_id, "transfer_id": command.target_pc_id}


def _read(attempt: Attempt) -> Fresh:
    reply = attempt.read(GET_TRANSFER, **_ids(attempt.command))
    return Fresh(dict(reply.body), reply.observed_at)


def target(command: Command) -> Transfer | None:
    """The transfer, None once Partner Center no longer has it."""
    return Transfer.objects.filter(pk=command.target_id, gone_at=None).first()


def show(field: str, value: Any) -> str:
    """One value in words."""
    return str(statuses.status(value).word) if field == "status" else str(value) or "–"


def register() -> None:
    """Enter the verbs; called from AppConfig.ready."""
    step = verbs.Step(name=CREATE_TRANSFER.name, deliver=create, settle=find_created)
    verbs.register(
        verbs.Verb(
            name=actions.CREATE,
            label=_("Ask for a transfer"),
            right=MANAGE,
            target_type=CUSTOMER,
            target=customer_of,
            steps=(step,),
            fields=FIELDS,
            target_url="customer_transfers",
            show=show,
        )
    )
    for name, label in (
        (actions.ACCEPT, _("Approve transfer")),
        (actions.REJECT, _("Reject transfer")),
        (actions.CANCEL, _("Cancel transfer")),
    ):
        step = verbs.Step(name=UPDATE_TRANSFER.name, deliver=answer, settle=settle)
        verbs.register(
            verbs.Verb(
                name=name,
                label=label,
                right=MANAGE,
                target_type=TARGET,
                target=target,
                steps=(step,),
                fields=FIELDS,
                target_url="transfer",
                show=show,
            )
        )
