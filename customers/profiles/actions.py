"""Changing a customer's billing profile: what was seen, what is wanted, field by field."""

from typing import Any

from django.utils.translation import gettext as _

from customers.asking.submitting import Wish, must_be_there, submit
from customers.models import BillingProfile, Customer
from customers.profiles import mapping, rules
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command

CHANGE_BILLING_PROFILE = "customer.update_billing_profile"
RIGHT = "profiles.edit"


def may_update(customer: Customer) -> None:
    """Refuse where there is nothing to start from. Raises RefusedError."""
    must_be_there(customer)
    if profile_of(customer) is None:
        raise RefusedError("unread", _("The billing profile has not been read yet. Read it first."))


def update_billing_profile(
    actor: Actor, scope: Scope, customer: Customer, values: dict[str, Any], asked: Asked
) -> Command:
    """Ask for the profile with these fields; those that are not named stay as they are.

    Raises RefusedError, Http404, PermissionDenied, commands.KeyReusedError.
    """
    require(scope, RIGHT, customer)
    if found := commands.earlier(actor, CHANGE_BILLING_PROFILE, customer, asked.submission):
        return found
    before, after = difference(customer, values)
    wish = Wish(CHANGE_BILLING_PROFILE, before, after)
    return submit(actor, scope, customer, wish, asked)


def difference(customer: Customer, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """The fields that the change is about: as they are seen now, and as they are wanted."""
    payload = profile_of(customer)
    if payload is None:
        raise RefusedError("unread", _("The billing profile has not been read yet. Read it first."))
    seen = mapping.values(payload)
    wanted = seen | {name: str(value).strip() for name, value in values.items() if name in seen}
    after = {name: value for name, value in wanted.items() if value != seen[name]}
    if not after:
        raise RefusedError("unchanged", _("Nothing is different from what Partner Center has."))
    rules.check(wanted, mapping.country(payload))
    compared = set(after)
    if compared.intersection(mapping.ADDRESS):
        compared.update(mapping.ADDRESS)
    return {name: seen[name] for name in mapping.FIELDS if name in compared}, after


def profile_of(customer: Customer) -> dict[str, Any] | None:
    """The billing profile as last read, None while nobody has."""
    row = BillingProfile.objects.filter(customer=customer, gone_at=None).first()
    payload: dict[str, Any] | None = row.list_payload if row else None
    return payload
