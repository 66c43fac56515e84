"""The link with which a customer's administrator approves, and the mail that brings it."""

from urllib.parse import quote

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from customers.models import AdminRelationship, Customer
from customers.permissions import words

APPROVAL = (
    "https://admin.microsoft.com/AdminPortal/Home"
    "#/partners/invitation/granularAdminRelationships/{key}"
)


def link(row: AdminRelationship) -> str:
    """Where the customer approves (facts gdap approval_link)."""
    return APPROVAL.format(key=row.pc_id)


def language(customer: Customer, wanted: str = "") -> str:
    """The language of the mail: the one asked for, else the customer's, else English."""
    known = dict(settings.LANGUAGES)
    for found in (wanted, customer.language[:2].lower()):
        if found in known:
            return found
    return "en"


def letter(row: AdminRelationship, spoken: str) -> tuple[str, str]:
    """Subject and text in that language."""
    with translation.override(spoken):
        lines = (
            _("Hello,"),
            _("to look after your users and licences, we need your permission with these roles:"),
            "\n".join(f"- {name}" for name in words.role_names(row.role_ids)),
            _("A global administrator of your company opens this link and approves:"),
            link(row),
            _("You can end the permission at any time in the Microsoft 365 admin center."),
            _("Kind regards"),
        )
        return _("Our permission to look after your Microsoft services"), "\n\n".join(lines)


def mailto(customer: Customer, subject: str, body: str) -> str:
    """The address that opens a mail program with it."""
    return f"mailto:{quote(customer.email)}?subject={quote(subject)}&body={quote(body)}"
