"""What staff do about transfers: ask another partner as the target, approve or reject as the source, cancel.

A transfer is asked for at its customer; what is asked of another partner exists once Partner Center has it.
"""

from typing import Any

from django.utils.translation import gettext as _

from customers.asking.submitting import Wish, must_be_there, submit_for
from customers.models import Customer, ResellerLink
from orders.transfers import queries
from orders.transfers.models import Transfer
from orders.transfers.part import MANAGE, MOVING, PENDING
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror.values import GUID
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command

CREATE = "transfer.create"
ACCEPT = "transfer.accept"
REJECT = "transfer.reject"
CANCEL = "transfer.cancel"
# What the PATCH says, and what is then the case (update-a-transfer).
SAYS = {ACCEPT: "Accept", REJECT: "Reject", CANCEL: "Cancel"}
AFTER = {ACCEPT: "inprogress", REJECT: "rejected", CANCEL: "cancelled"}


def may_create(customer: Customer) -> None:
    """Refuse for a customer that is gone."""
    must_be_there(customer)


def partners_of_record(customer: Customer) -> list[tuple[str, str]]:
    """Whom the transferred subscriptions can be given to: the customer's indirect resellers, by PartnerID."""
    links = ResellerLink.objects.filter(customer=customer, gone_at=None).exclude(mpn_id="")
    rows = links.order_by("reseller__name").values_list("mpn_id", "reseller__name").distinct()
    return [(mpn, f"{name} ({mpn})" if name else mpn) for mpn, name in rows]


def source_of(customer: Customer, values: dict[str, Any]) -> str:
    """The tenant of the partner that is asked. Raises RefusedError for what is none, and for one's own."""
    source: str = values["source_tenant"].strip().lower()
    if not GUID.fullmatch(source):
        message = _("A tenant ID looks like 6a8f3c9e-….")
        raise RefusedError("no_tenant", message, "source_tenant")
    if source == customer.connection.tenant_id.lower():
        message = _("This is your own tenant. Write the one of the partner that gives away.")
        raise RefusedError("same_partner", message, "source_tenant")
    asked = Transfer.objects.filter(customer=customer, other_pc_id=source, is_source=False)
    if asked.filter(gone_at=None, status__in=[*PENDING, *MOVING]).exists():
        message = _("This partner has been asked already. Its answer is awaited.")
        raise RefusedError("asked_already", message, "source_tenant")
    return source


def create(
    actor: Actor, scope: Scope, customer: Customer, values: dict[str, Any], asked: Asked
) -> Command:
    """Ask another partner. ``values``: source_tenant, source_name, email, partner, kinds (all for none).

    Raises RefusedError, Http404, PermissionDenied, KeyReusedError.
    """
    require(scope, MANAGE, customer)
    if found := commands.earlier(actor, CREATE, customer, asked.submission):
        return found
    may_create(customer)
    parameters = {
        "source_tenant": source_of(customer, values),
        "email": values["email"],
        "partner": values["partner"],
        "kinds": list(values["kinds"]),
    }
    draft = commands.Draft(
        verb=CREATE,
        connection=customer.connection,
        reseller_id=None,
        customer_pc_id=customer.pc_id,
        customer_name=customer.name,
        target_pc_id=customer.pc_id,
        target_label=customer.name,
        parameters=parameters,
        before={"transfer": ""},
        after={"transfer": values["source_name"]},
        reason=asked.reason,
        submission=asked.submission,
        batch_id=asked.batch_id,
        follows_id=asked.follows_id,
    )
    return commands.submit(actor, scope, draft, customer)


def may(row: Transfer, verb: str) -> None:
    """Refuse what is not for this side, and a transfer that is no longer pending."""
    if row.gone_at is not None or row.connection.is_retired:
        raise RefusedError("gone", _("Partner Center no longer has this transfer."))
    if (verb == CANCEL) is row.is_source:
        told = _("Only the partner that asked can cancel it, and only the other one answer it.")
        raise RefusedError("other_side", told)
    if row.status not in PENDING:
        raise RefusedError("not_pending", _("This transfer is no longer pending."))


def accept(
    actor: Actor, scope: Scope, row: Transfer, values: dict[str, Any], asked: Asked
) -> Command:
    """Give the chosen subscriptions away. ``values``: subscriptions, by their ids here. Raises as ``create``."""
    require(scope, MANAGE, row)
    if found := commands.earlier(actor, ACCEPT, row, asked.submission):
        return found
    may(row, ACCEPT)
    wanted = set(values["subscriptions"])
    chosen = [one for one in queries.movable(scope, row) if one.pk in wanted]
    if not chosen or len(chosen) != len(wanted):
        message = _("Choose active subscriptions of new commerce.")
        raise RefusedError("not_movable", message, "subscriptions")
    given = [
        {
            "subscription_id": one.pc_id,
            "offer_id": one.offer_id,
            "name": str(one),
            "quantity": one.quantity,
            "billing_cycle": one.billing_cycle,
            "partner_mpn_id": one.partner_mpn_id,
        }
        for one in chosen
    ]
    return submit_for(actor, scope, row, _wish(row, ACCEPT, {"given": given}), asked)


def reject(
    actor: Actor, scope: Scope, row: Transfer, _values: dict[str, Any], asked: Asked
) -> Command:
    """Keep the subscriptions. Raises as ``create``."""
    return _answer(actor, scope, row, REJECT, asked)


def cancel(
    actor: Actor, scope: Scope, row: Transfer, _values: dict[str, Any], asked: Asked
) -> Command:
    """Take back what was asked of another partner. Raises as ``create``."""
    return _answer(actor, scope, row, CANCEL, asked)


def _answer(actor: Actor, scope: Scope, row: Transfer, verb: str, asked: Asked) -> Command:
    require(scope, MANAGE, row)
    if found := commands.earlier(actor, verb, row, asked.submission):
        return found
    may(row, verb)
    return submit_for(actor, scope, row, _wish(row, verb, {}), asked)


def _wish(row: Transfer, verb: str, parameters: dict[str, Any]) -> Wish:
    return Wish(verb, {"status": row.status}, {"status": AFTER[verb]}, parameters)
