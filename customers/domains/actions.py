"""Adding a verified domain, with its federation settings where sign-in is federated."""

import re
from typing import Any

from django.utils.translation import gettext as _

from customers.asking.submitting import Wish, must_be_there, submit
from customers.models import Customer
from portal.access.guard import require
from portal.access.refusing import RefusedError
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import Asked
from portal.outbox.models import Command

ADD_DOMAIN = "customer.add_domain"
RIGHT = "profiles.edit"
MANAGED, FEDERATED = "Managed", "Federated"
NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
# What a federated domain needs (add-a-verified-domain-for-a-customer).
NEEDED = ("issuer_uri", "passive_log_on_uri", "log_off_uri", "signing_certificate")
SETTINGS = (*NEEDED, "active_log_on_uri", "metadata_exchange_uri", "brand_name", "protocol")


def add_domain(
    actor: Actor, scope: Scope, customer: Customer, values: dict[str, Any], asked: Asked
) -> Command:
    """Ask for the domain. Raises RefusedError, Http404, PermissionDenied, commands.KeyReusedError."""
    require(scope, RIGHT, customer)
    if found := commands.earlier(actor, ADD_DOMAIN, customer, asked.submission):
        return found
    must_be_there(customer)
    wish = Wish(ADD_DOMAIN, {"domain": None}, wanted(customer, values))
    return submit(actor, scope, customer, wish, asked)


def wanted(customer: Customer, values: dict[str, Any]) -> dict[str, Any]:
    """The domain and how people sign in to it. Raises RefusedError."""
    name = str(values["domain"]).strip().lower()
    if not NAME.fullmatch(name) or name.endswith(".onmicrosoft.com"):
        raise RefusedError("domain", _("Write a domain of its own, as contoso.com."), "domain")
    if name in known(customer):
        raise RefusedError("there", _("The customer has this domain already."), "domain")
    after = {"domain": name, "authentication": values["authentication"]}
    if values["authentication"] != FEDERATED:
        return after
    for field in NEEDED:
        if not values.get(field):
            raise RefusedError("missing", _("A federated domain needs this."), field)
    return after | {field: values[field] for field in SETTINGS if values.get(field)}


def known(customer: Customer) -> list[str]:
    """The domains of the customer as far as they were read, the first one first."""
    detail = customer.detail_payload or {}
    more = [str(name).lower() for name in detail.get("customDomains") or []]
    return list(dict.fromkeys(filter(None, [customer.domain.lower(), *more])))
