"""The worker's side: count what is still active, end or delete, and let the mirror's row be gone."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from customers.asking.submitting import TARGET, target
from customers.models import ResellerLink
from customers.relationships import actions
from portal.connections.models import Environment
from portal.mirror import families, upsert
from portal.outbox import verbs
from portal.outbox.attempt import Attempt
from portal.outbox.models import Command
from portal.partnercenter.errors import NotFound
from portal.partnercenter.operations.customers import (
    DELETE_SANDBOX_CUSTOMER,
    GET_CUSTOMER,
    REMOVE_CUSTOMER_RELATIONSHIP,
)
from portal.partnercenter.operations.subscriptions import LIST_SUBSCRIPTIONS
from portal.partnercenter.transport import utc_now
from portal.ui import formats, statuses

if TYPE_CHECKING:
    from collections.abc import Callable

FIELDS = {
    "relationship": _("Relationship"),
    "active": _("Active subscriptions"),
    "others": _("Other resellers"),
    "sandbox": _("Sandbox"),
}
BARS = {
    "active": _("Suspend what is active first, then try again."),
    "sandbox": _("The connection is no sandbox any more."),
    "others": _("The customer buys through another reseller too. Only the provider can end it."),
}
_YES_NO = {True: _("yes"), False: _("no")}


def end(attempt: Attempt) -> verbs.Delivered:
    """Nothing is sent while a subscription is active, or for one of several resellers of a customer."""
    command = attempt.command
    reply = attempt.read(LIST_SUBSCRIPTIONS, customer_id=command.customer_pc_id)
    active = sum(
        1 for row in reply.body.get("items", []) if str(row.get("status", "")).lower() == "active"
    )
    if active:
        return verbs.Changed(difference={"active": (0, active)})
    if _has_others(command):
        return verbs.Changed(difference={"others": (False, True)})
    sent = attempt.write(
        REMOVE_CUSTOMER_RELATIONSHIP,
        body={
            "relationshipToPartner": actions.ENDED,
            "attributes": {"objectType": "Customer"},
        },
        customer_id=command.customer_pc_id,
    )
    return verbs.Applied(save=_saver(command), correlation_id=sent.correlation_id)


def _has_others(command: Command) -> bool:
    """Whether a reseller asks who is not the only one; the provider itself may always."""
    if command.reseller_id is None:
        return False
    links = ResellerLink.objects.filter(
        connection=command.connection, customer_pc_id=command.customer_pc_id, gone_at=None
    )
    return links.exclude(reseller=command.reseller_id).exists()


def delete(attempt: Attempt) -> verbs.Delivered:
    """Only where the connection still is one of a sandbox."""
    command = attempt.command
    if command.connection.environment != Environment.SANDBOX:
        return verbs.Changed(difference={"sandbox": (True, False)})
    sent = attempt.write(DELETE_SANDBOX_CUSTOMER, customer_id=command.customer_pc_id)
    return verbs.Applied(save=_saver(command), correlation_id=sent.correlation_id)


def settle(attempt: Attempt) -> verbs.Found:
    """After a lost answer: who is no longer there, or no longer related, is gone."""
    command = attempt.command
    try:
        reply = attempt.read(GET_CUSTOMER, customer_id=command.customer_pc_id)
    except NotFound:
        return verbs.Applied(save=_saver(command), correlation_id=attempt.step.correlation_id)
    related = str(reply.body.get("relationshipToPartner", "")).lower() != actions.ENDED
    if related:
        return verbs.NotApplied()
    return verbs.Applied(save=_saver(command), correlation_id=attempt.step.correlation_id)


def _saver(command: Command) -> verbs.Save:
    observed_at = utc_now()

    def save() -> dict[str, Any]:
        upsert.mark_gone(
            families.get("customers"),
            command.connection,
            [command.customer_pc_id],
            observed_at=observed_at,
        )
        return dict(command.after)

    return save


def show(field: str, value: Any) -> str:
    """One value in words."""
    if field == "active":
        return formats.count(value)
    if field in ("others", "sandbox"):
        return str(_YES_NO[bool(value)])
    if value == actions.DELETED:
        return str(_("deleted"))
    return str(statuses.status(value, "relationship").word)


def register() -> None:
    """Enter the verbs; called from AppConfig.ready."""
    told: tuple[tuple[str, Any, str, Callable[[Attempt], verbs.Delivered]], ...] = (
        (actions.END, _("End relationship"), REMOVE_CUSTOMER_RELATIONSHIP.name, end),
        (actions.DELETE, _("Delete sandbox customer"), DELETE_SANDBOX_CUSTOMER.name, delete),
    )
    for name, label, step, send in told:
        verbs.register(
            verbs.Verb(
                name=name,
                label=label,
                right=actions.RIGHT,
                target_type=TARGET,
                target=target,
                steps=(verbs.Step(name=step, deliver=send, settle=settle),),
                fields=FIELDS,
                bars=BARS,
                target_url="customer",
                show=show,
            )
        )
