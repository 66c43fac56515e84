"""Asking for a new customer: the right at its place, what can be known here, then the Command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from customers.creating import following, permission
from customers.creating.following import More
from customers.creating.places import RIGHT, Place
from customers.models import Customer, NewCustomer
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.outbox import commands
from portal.outbox.commands import Asked, KeyReusedError
from portal.outbox.models import Command
from portal.outbox.states import OPEN

CREATE = "customer.create"
TARGET = following.TARGET
FREE, TAKEN = "free", "taken"
COLUMNS = ("company_name", "domain", "country")


Domain = tuple[int, str]
"""The id of a connection, and a domain in it."""


@dataclass(frozen=True)
class Used:
    """Domains in small letters: those of customers, and those that open requests are about."""

    held: frozenset[Domain]
    asked: frozenset[Domain]


@dataclass(frozen=True)
class Wish:
    """The values of the form, and what is to happen once the customer is there."""

    values: Mapping[str, str]
    more: More = field(default_factory=More)


def create(actor: Actor, scope: Scope, place: Place, wish: Wish, asked: Asked) -> Command:
    """Ask for a customer; the Command of its creation, which the others follow.

    Raises RefusedError for a domain that is in use or under way, Http404, PermissionDenied, KeyReusedError.
    """
    values = wish.values
    require(scope, RIGHT, place.row)
    if found := _earlier(actor, values, asked.submission):
        return found
    check_domain(place.connection, values["domain"])
    try:
        with transaction.atomic():
            row = request_of(place, values)
            row.save()
            command = commands.submit(actor, scope, _draft(row, asked), row)
            following.follow(actor, scope, row, wish.more, command)
    except KeyReusedError:
        # Two clicks at once: the first one's request, which is a row of its own, is there now.
        if again := _earlier(actor, values, asked.submission):
            return again
        raise
    return command


def create_row(actor: Actor, scope: Scope, row: NewCustomer, asked: Asked) -> Command:
    """Ask for one line of a file, which has its row already. Raises as ``create``."""
    require(scope, RIGHT, row)
    if found := commands.earlier(actor, CREATE, row, asked.submission):
        return found
    check_domain(row.connection, row.domain)
    return commands.submit(actor, scope, _draft(row, asked), row)


def request_of(place: Place, values: Mapping[str, str]) -> NewCustomer:
    """The row of a request, not kept yet."""
    return NewCustomer(
        connection=place.connection,
        reseller=place.reseller,
        details={name: value for name, value in values.items() if name not in COLUMNS},
        **{name: values[name] for name in COLUMNS},
    )


def after_of(row: NewCustomer) -> dict[str, str]:
    """What will be there."""
    after = {"name": row.company_name, "domain": row.domain, "country": row.country}
    if permission.flag(row.connection, row.details) is not None:
        after |= {permission.FIELD: row.details[permission.FIELD]}
    return after | ({"reseller": row.reseller.name} if row.reseller else {})


def _draft(row: NewCustomer, asked: Asked) -> commands.Draft:
    return commands.Draft(
        verb=CREATE,
        connection=row.connection,
        reseller_id=row.reseller_id,
        customer_pc_id="",
        customer_name=row.company_name,
        target_pc_id=row.domain,
        target_label=row.company_name,
        before={"availability": FREE},
        after=after_of(row),
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
        raise KeyReusedError
    return found


def check_domain(connection: Connection, domain: str) -> None:
    """Refuse a domain that a customer of this connection has, or that another request is about."""
    place = (connection.pk, domain)
    check_domain_among(place, used([place]))


def check_domain_among(place: Domain, among: Used) -> None:
    """As ``check_domain`` where what is used was read for many at once."""
    place = (place[0], place[1].lower())
    if place in among.held:
        raise RefusedError("domain_taken", _("One of your customers has this domain."), "domain")
    if place in among.asked:
        told = _("A customer with this domain is being created.")
        raise RefusedError("domain_asked", told, "domain")


def used(places: Iterable[Domain]) -> Used:
    """Which of these domains customers and open requests have. Two queries for all of them."""
    wanted = [(connection_id, domain.lower()) for connection_id, domain in places]
    connections, domains = {one for one, _domain in wanted}, {domain for _one, domain in wanted}
    held = Customer.objects.filter(connection__in=connections, gone_at=None)
    asked = Command.objects.filter(connection__in=connections, verb=CREATE, state__in=OPEN)
    found = [
        rows.annotate(wanted=Lower(field)).filter(wanted__in=domains)
        for rows, field in ((held, "domain"), (asked, "target_pc_id"))
    ]
    return Used(*(frozenset(rows.values_list("connection_id", "wanted")) for rows in found))
