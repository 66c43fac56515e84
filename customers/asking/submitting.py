"""From what somebody asks of a customer to the Command that carries it out."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Customer, ResellerLink
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import Asked, Draft
from portal.outbox.models import Command

TARGET = "customer"


@dataclass(frozen=True)
class Wish:
    """A verb with what the person sees now and what is wanted, field by field."""

    verb: str
    before: dict[str, Any]
    after: dict[str, Any]
    parameters: dict[str, Any] = field(default_factory=dict)


def submit(actor: Actor, scope: Scope, customer: Customer, wish: Wish, asked: Asked) -> Command:
    """Keep the Command. Raises as ``commands.submit``."""
    draft = _draft(customer, wish, asked, customer.name, customer.pc_id)
    whose = replace(draft, reseller_id=reseller_of(scope, customer), target_label=customer.name)
    return commands.submit(actor, scope, whose, customer)


def submit_for(actor: Actor, scope: Scope, row: Any, wish: Wish, asked: Asked) -> Command:
    """The same for a row that is a customer's: a subscription, an order, a transfer. Its reseller is the row's."""
    customer = row.customer.name if row.customer else ""
    return commands.submit(
        actor, scope, _draft(row, wish, asked, customer, row.customer_pc_id), row
    )


def _draft(row: Any, wish: Wish, asked: Asked, customer: str, customer_pc_id: str) -> Draft:
    return Draft(
        verb=wish.verb,
        connection=row.connection,
        reseller_id=getattr(row, "reseller_id", None),
        customer_pc_id=customer_pc_id,
        customer_name=customer,
        target_pc_id=row.pc_id,
        target_label=f"{row} · {customer}" if customer else str(row),
        parameters=wish.parameters,
        before=wish.before,
        after=wish.after,
        reason=asked.reason,
        submission=asked.submission,
        batch_id=asked.batch_id,
        follows_id=asked.follows_id,
    )


def reseller_of(scope: Scope, customer: Customer) -> int | None:
    """The one reseller in whose name this person acts; None for the partner's own.

    A customer may buy through several: then it is the person's own one, and the partner's where the
    person sees more than one of them.
    """
    links = scope.filter(
        ResellerLink.objects.filter(customer=customer, gone_at=None, reseller__isnull=False)
    )
    found = set(links.values_list("reseller_id", flat=True).distinct()[:2])
    return found.pop() if len(found) == 1 else None


def target(command: Command) -> Customer | None:
    """The customer of a Command, None once it is gone."""
    return Customer.objects.filter(pk=command.target_id, gone_at=None).first()


def must_be_there(customer: Customer) -> None:
    """Refuse for a customer that Partner Center no longer has, or a connection that is no longer used."""
    if customer.gone_at is not None or customer.connection.is_retired:
        raise RefusedError("gone", _("This customer is no longer in Partner Center."))
