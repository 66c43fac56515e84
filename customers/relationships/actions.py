"""Ending the relationship with a customer, and deleting one of an integration sandbox.

Partner Center ends a relationship once no subscription is active (scenario
remove-a-reseller-relationship-with-a-customer). What the mirror knows of them is asked of the apps that
have them (``customers.hooks``); the worker counts again at Partner Center.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers import hooks
from customers.asking.submitting import Wish, must_be_there, submit
from customers.models import Customer
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.connections.models import Environment
from portal.outbox import clouds, commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command
from portal.partnercenter.operations.customers import REMOVE_CUSTOMER_RELATIONSHIP

END = "customer.end_relationship"
DELETE = "customer.delete_from_sandbox"
RIGHT = "customers.remove"
ENDED, DELETED = "none", "deleted"
NAMED = 5


def may_end(customer: Customer) -> None:
    """Refuse in a cloud without the call, and while something is active; says what."""
    must_be_there(customer)
    clouds.must_have(customer.connection, REMOVE_CUSTOMER_RELATIONSHIP.name)
    if names := hooks.active_subscriptions(customer):
        raise RefusedError("active_subscriptions", _active(names))


def _active(names: list[str]) -> str:
    shown = ", ".join(names[:NAMED])
    told = ngettext(
        "%(n)s subscription is active: %(names)s. Suspend it first.",
        "%(n)s subscriptions are active: %(names)s. Suspend them first.",
        len(names),
    )
    return told % {"n": len(names), "names": shown + (" …" if len(names) > NAMED else "")}


def may_delete(customer: Customer) -> None:
    """Refuse outside an integration sandbox."""
    must_be_there(customer)
    if customer.connection.environment != Environment.SANDBOX:
        raise RefusedError("no_sandbox", _("Only customers of a sandbox can be deleted."))


def end(
    actor: Actor, scope: Scope, customer: Customer, _values: dict[str, Any], asked: Asked
) -> Command:
    """Ask to end the relationship. Raises RefusedError, Http404, PermissionDenied, KeyReusedError."""
    require(scope, RIGHT, customer)
    if found := commands.earlier(actor, END, customer, asked.submission):
        return found
    may_end(customer)
    before = {"relationship": customer.relationship_to_partner, "active": 0, "others": False}
    return submit(actor, scope, customer, Wish(END, before, {"relationship": ENDED}), asked)


def delete(
    actor: Actor, scope: Scope, customer: Customer, _values: dict[str, Any], asked: Asked
) -> Command:
    """Ask to delete it with everything in its tenant. Raises as ``end``."""
    require(scope, RIGHT, customer)
    if found := commands.earlier(actor, DELETE, customer, asked.submission):
        return found
    may_delete(customer)
    before = {"relationship": customer.relationship_to_partner, "sandbox": True}
    return submit(actor, scope, customer, Wish(DELETE, before, {"relationship": DELETED}), asked)
