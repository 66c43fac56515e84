"""Asking a customer for its permission, and ending one.

A relationship is made and locked, then its link goes to the customer; an active one can be ended by us, too.
"""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.asking.submitting import Wish, must_be_there, submit
from customers.models import AdminRelationship, Customer
from customers.models.permission import STANDING
from customers.permissions import words
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.mirror import freshness
from portal.mirror import refresh as mirror_refresh
from portal.mirror.models import Freshness
from portal.outbox import clouds, commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.partnercenter.operations.permissions import CREATE_ADMIN_RELATIONSHIP

REQUEST = "customer.request_permission"
END = "customer.end_permission"
RIGHT = "customer_users.manage"
REFRESH = "mirror.refresh"
ENDED = "terminated"
LONGEST = 730
EXTENSION, NO_EXTENSION = "P180D", "PT0S"
CLOSED = {
    "consent": gettext_lazy(
        "Only a person's consent opens this. An administrator gives it under Settings, Connections."
    ),
    "not_permitted": gettext_lazy(
        "The application lacks the permission to read this at Microsoft Graph. An administrator sees the step under Settings, Connections, Test connection."
    ),
}
_NAME = 40
"""Of the customer's name; with the mark behind it a name has 50 signs at most (facts gdap)."""


def may_request(customer: Customer) -> None:
    """Raise RefusedError where Graph does not have this, or does not let us."""
    must_be_there(customer)
    if error := barred(customer, freshness.whole(words.FAMILY, customer.connection_id)):
        raise error


def barred(customer: Customer, read: Freshness | None = None) -> RefusedError | None:
    """Why Graph cannot be asked about this customer at all ("cloud", or a key of ``CLOSED``), None where it can.

    ``read`` is how the list stands: without it nothing is said of the application's own permission.
    """
    try:
        clouds.must_have(customer.connection, CREATE_ADMIN_RELATIONSHIP.name)
    except RefusedError as error:
        return error
    why = "not_permitted" if read is not None and read.barred else ""
    if customer.connection.consented_at is None:
        why = "consent"
    return RefusedError(why, str(CLOSED[why])) if why else None


def request(
    actor: Actor, scope: Scope, customer: Customer, values: dict[str, Any], asked: Asked
) -> Command:
    """Ask for a relationship with ``roles`` (template ids) for ``days``, ``extended`` by itself or not.

    Raises RefusedError, Http404, PermissionDenied, commands.KeyReusedError.
    """
    require(scope, RIGHT, customer)
    if found := commands.earlier(actor, REQUEST, customer, asked.submission):
        return found
    may_request(customer)
    after = wanted(customer, values)
    # Names are unique, so that a request whose answer was lost is found by its name.
    name = f"{customer.name[:_NAME].strip()} {uuid.uuid4().hex[:8]}"
    wish = Wish(REQUEST, {}, after, {"name": name})
    return submit(actor, scope, customer, wish, asked)


def wanted(customer: Customer, values: dict[str, Any]) -> dict[str, Any]:
    """What is asked for. Raises RefusedError for unknown roles, and for what waits already."""
    roles = sorted(set(values["roles"]))
    if not roles or set(roles) - set(words.OFFERED):
        raise RefusedError("roles", _("Choose at least one of the roles."), "roles")
    days = int(values["days"])
    if not 1 <= days <= LONGEST:
        raise RefusedError("days", _("Between 1 and 730 days."), "days")
    waiting = AdminRelationship.objects.filter(
        customer=customer, gone_at=None, status=words.PENDING
    )
    if any(set(roles) <= set(row.role_ids) for row in waiting):
        told = _(
            "A request with these roles waits already. Its link stands on the customer's page."
        )
        raise RefusedError("pending", told, "roles")
    return {"roles": roles, "days": days, "extended": bool(values["extended"])}


def end(
    actor: Actor, scope: Scope, customer: Customer, values: dict[str, Any], asked: Asked
) -> Command:
    """End the active relationship ``relationship`` (its id); nobody can take that back. Raises as ``request``."""
    require(scope, RIGHT, customer)
    if found := commands.earlier(actor, END, customer, asked.submission):
        return found
    may_request(customer)
    row = endable(customer, str(values["relationship"]))
    parameters = {"relationship": row.pc_id, "name": row.name}
    wish = Wish(END, {"state": row.status}, {"state": ENDED}, parameters)
    return submit(actor, scope, customer, wish, asked)


def endable(customer: Customer, key: str) -> AdminRelationship:
    """A relationship of the customer that is in effect. Raises RefusedError for any other."""
    row = in_effect(customer).filter(pc_id=key.lower()).first()
    if row is None:
        told = _("Only a permission that is in effect can be ended.")
        raise RefusedError("not_in_effect", told, "relationship")
    return row


def in_effect(customer: Customer) -> QuerySet[AdminRelationship]:
    """What can be ended."""
    rows = AdminRelationship.objects.filter(customer=customer, gone_at=None, status__in=STANDING)
    return rows.order_by("-created_at", "pk")


def refresh(scope: Scope, customer: Customer) -> None:
    """Have the workers read the list again, as after an approval. It is one for all customers."""
    require(scope, REFRESH, customer)
    if customer.gone_at or customer.connection.is_retired or barred(customer):
        return
    mirror_refresh.request(customer.connection, words.FAMILY, "")
