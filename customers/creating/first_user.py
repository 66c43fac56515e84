"""The first user of a new customer, besides the account that comes with its tenant: what is typed, and its role."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from customers.permissions import words
from customers.users import rules
from portal.access.refusing import RefusedError

ACCOUNT = "admin"
"""The user name of the account that comes with the tenant."""
PREFIX = "user_"
TYPED = ("display_name", "first_name", "last_name", "name", "role")
ROLES = {
    key: words.ROLES[key]
    for key in (
        "729827e3-9c14-49f7-bb1b-9608f156bbb8",
        words.USER_ADMINISTRATOR,
        "b0f54661-2d74-4c50-afa3-1ec803f12efe",
        words.SERVICE_SUPPORT,
        words.GLOBAL_ADMINISTRATOR,
    )
}
"""What is offered, by the id that a role has in every directory (set-user-roles-for-a-customer)."""


@dataclass(frozen=True)
class FirstUser:
    """``after`` are the fields of the user as its verb sends them, ``role`` the id of a role or ""."""

    after: dict[str, str]
    must_change: bool = True
    role: str = ""


def wanted(told: Mapping[str, Any], domain: str, country: str) -> FirstUser | None:
    """What was typed (names without ``PREFIX``), None for nothing. Raises RefusedError with the form's field."""
    typed = {name: str(told.get(name) or "").strip() for name in TYPED}
    if not any(typed.values()):
        return None
    after = {name: typed[name] for name in ("display_name", "first_name", "last_name")}
    if not after["display_name"]:
        raise RefusedError("missing", _("Write the name to show."), f"{PREFIX}display_name")
    after["user_principal_name"] = user_name(typed["name"], domain)
    after["usage_location"] = str(told.get("location") or "") or country
    return FirstUser(after, bool(told.get("must_change", True)), typed["role"])


def user_name(typed: str, domain: str) -> str:
    """The whole user name in the customer's domain. Raises RefusedError."""
    field = f"{PREFIX}name"
    local, at, own = typed.partition("@")
    if not rules.LOCAL.fullmatch(local):
        told = _("Write it like an e-mail address: letters, digits, dots and hyphens before the @.")
        raise RefusedError("user_name", told, field)
    if at and own.lower() != domain:
        told = _("%(domain)s is no known domain of this customer. Known: %(known)s.")
        raise RefusedError("domain", told % {"domain": own, "known": domain}, field)
    if local.lower() == ACCOUNT:
        told = _("The tenant comes with an account of this name. Choose another one.")
        raise RefusedError("taken", told, field)
    return f"{local}@{domain}"
