"""Asking for a new customer: the right at its place, what can be known here, then the Command."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from customers.asking.submitting import Asked, RefusedError
from customers.creating.places import RIGHT, Place
from customers.models import Customer, NewCustomer
from portal.access.guard import require
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import KeyReusedError
from portal.outbox.models import Command
from portal.outbox.states import OPEN

CREATE = "customer.create"
TARGET = "new_customer"
FREE, TAKEN = "free", "taken"
COLUMNS = ("company_name", "domain", "country")


def create(
    actor: Actor, scope: Scope, place: Place, values: Mapping[str, str], asked: Asked
) -> Command:
    """Ask for a customer with these values of the form.

    Raises RefusedError for a domain that is in use or under way, Http404, PermissionDenied, KeyReusedError.
    """
    require(scope, RIGHT, place.row)
    if found := _earlier(actor, values, asked.submission):
        return found
    check_domain(place, values["domain"])
    details = {name: value for name, value in values.items() if name not in COLUMNS}
    with transaction.atomic():
        row = NewCustomer.objects.create(
            connection=place.connection,
            reseller=place.reseller,
            details=details,
            **{name: values[name] for name in COLUMNS},
        )
        return commands.submit(actor, scope, _draft(place, row, asked), row)


def _draft(place: Place, row: NewCustomer, asked: Asked) -> commands.Draft:
    after = {"name": row.company_name, "domain": row.domain, "country": row.country}
    if place.reseller is not None:
        after["reseller"] = place.reseller.name
    return commands.Draft(
        verb=CREATE,
        connection=place.connection,
        reseller_id=place.reseller.pk if place.reseller else None,
        customer_pc_id="",
        customer_name=row.company_name,
        target_pc_id=row.domain,
        target_label=row.company_name,
        before={"availability": FREE},
        after=after,
        reason=asked.reason,
        submission=asked.submission,
        batch_id=asked.batch_id,
    )


def _earlier(actor: Actor, values: Mapping[str, str], submission: str) -> Command | None:
    """The Command that this key has made; its target is a row of its own, so the domain tells."""
    if not submission:
        return None
    found = Command.objects.filter(actor_id=actor.user_id, submission=submission).first()
    if found is not None and (found.verb, found.target_pc_id) != (CREATE, values["domain"]):
        raise KeyReusedError(_("This key has already been used for another change."))
    return found


def check_domain(place: Place, domain: str) -> None:
    """Refuse a domain that a customer of this connection has, or that another request is about."""
    here = {"connection": place.connection, "gone_at": None}
    if Customer.objects.filter(domain__iexact=domain, **here).exists():
        raise RefusedError("domain_taken", _("One of your customers has this domain."), "domain")
    open_ones = Command.objects.filter(
        connection=place.connection, verb=CREATE, target_pc_id=domain, state__in=OPEN
    )
    if open_ones.exists():
        told = _("A customer with this domain is being created.")
        raise RefusedError("domain_asked", told, "domain")
