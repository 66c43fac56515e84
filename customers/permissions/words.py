"""Microsoft's names of directory roles, what each need takes, and the states of a relationship."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FAMILY = "admin_relationships"
"""The mirror's name for the list."""

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
DIRECTORY_READERS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
DIRECTORY_WRITERS = "9360feb5-f418-4baa-8175-e2a00bac4301"
USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"
LICENSE_ADMINISTRATOR = "4d6ac14f-3453-41d0-bef9-a3e0c569773a"
PRIVILEGED_ROLES = "e8611ab8-c189-46e8-94e1-60213ab1f814"
PRIVILEGED_AUTHENTICATION = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"
SERVICE_SUPPORT = "f023fd81-a637-4b56-95fd-791ac0226033"

# By the id of the template, which is alike in every tenant.
ROLES = {
    USER_ADMINISTRATOR: _("User Administrator"),
    LICENSE_ADMINISTRATOR: _("License Administrator"),
    DIRECTORY_READERS: _("Directory Readers"),
    DIRECTORY_WRITERS: _("Directory Writers"),
    GLOBAL_READER: _("Global Reader"),
    PRIVILEGED_ROLES: _("Privileged Role Administrator"),
    PRIVILEGED_AUTHENTICATION: _("Privileged Authentication Administrator"),
    SERVICE_SUPPORT: _("Service Support Administrator"),
    "729827e3-9c14-49f7-bb1b-9608f156bbb8": _("Helpdesk Administrator"),
    "29232cdf-9323-42fd-ade2-1d097af3e4de": _("Exchange Administrator"),
    "f28a1f50-f6e7-4571-818b-6a12f2af6b6c": _("SharePoint Administrator"),
    "69091246-20e8-4a56-aa4d-066075b2a7a8": _("Teams Administrator"),
    "3a2c62db-5318-420d-8d74-23affee5d9d5": _("Intune Administrator"),
    "fdd7a751-b60b-444a-984c-02652fe8fa1c": _("Groups Administrator"),
    "8329153b-31d0-4727-b945-745eb3bc5f31": _("Domain Name Administrator"),
    "b0f54661-2d74-4c50-afa3-1ec803f12efe": _("Billing Administrator"),
    "194ae4cb-b126-40b2-bd5b-6091b380977d": _("Security Administrator"),
    "5d6b6bb7-de71-4623-b4af-96380a352509": _("Security Reader"),
    "4a5d8f65-41da-4de4-8968-e035b65339cf": _("Reports Reader"),
    "790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b": _("Message Center Reader"),
    GLOBAL_ADMINISTRATOR: _("Global Administrator"),
}
# A relationship with this role cannot be extended by itself, and nothing here needs it.
OFFERED = {key: name for key, name in ROLES.items() if key != GLOBAL_ADMINISTRATOR}
# Together they open all that the portal does in a tenant.
USUAL = (USER_ADMINISTRATOR, LICENSE_ADMINISTRATOR, PRIVILEGED_ROLES)


class Need(StrEnum):
    """What a page or a change takes of the customer's permission (facts gdap roles_by_call)."""

    READ = "read"
    USERS = "users"
    LICENCES = "licences"
    PASSWORDS = "passwords"
    ROLES = "roles"


# Each is opened by one of these roles; the global administrator opens all.
OPENED_BY = {
    Need.READ: (DIRECTORY_READERS, GLOBAL_READER, USER_ADMINISTRATOR),
    Need.USERS: (USER_ADMINISTRATOR, DIRECTORY_WRITERS),
    Need.LICENCES: (LICENSE_ADMINISTRATOR, USER_ADMINISTRATOR, DIRECTORY_WRITERS),
    Need.PASSWORDS: (USER_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION),
    Need.ROLES: (PRIVILEGED_ROLES,),
}
NEEDS = {
    Need.READ: _("Read users, roles and licences"),
    Need.USERS: _("Create, change and delete users"),
    Need.LICENCES: _("Assign licences"),
    Need.PASSWORDS: _("Reset passwords"),
    Need.ROLES: _("Give roles"),
}

STATES = {
    "created": ("is-off", _("Draft")),
    "approvalpending": ("is-info", _("Waiting for the customer")),
    "approved": ("is-info", pgettext_lazy("permission", "Approved")),
    "activating": ("is-info", _("Being set up")),
    "active": ("is-ok", pgettext_lazy("permission", "Active")),
    "expiring": ("is-warn", _("Expiring")),
    "expired": ("is-bad", pgettext_lazy("permission", "Expired")),
    "terminationrequested": ("is-warn", _("Being ended")),
    "terminating": ("is-warn", _("Being ended")),
    "terminated": ("is-off", pgettext_lazy("permission", "Ended")),
}
PENDING = "approvalpending"
ENDED = ("terminationrequested", "terminating", "terminated")
"""States from the moment on at which somebody has asked for the end."""


def opens(role_ids: Iterable[str], need: Need) -> bool:
    """Whether one of these roles is enough."""
    return bool({*OPENED_BY[need], GLOBAL_ADMINISTRATOR} & set(role_ids))


def role_names(role_ids: Iterable[str]) -> list[str]:
    """The roles by name, an unknown one by its id."""
    return sorted(str(ROLES.get(one, one)) for one in role_ids)


def state(status: str) -> tuple[str, str]:
    """Mark and word of a state."""
    css, word = STATES.get(status.lower(), ("is-off", status))
    return css, str(word)
