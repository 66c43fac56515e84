"""What "test connection" asks, and which step mends what comes back: data, and the reading of it.

One question for each family of calls, since a connection may well read customers and yet lack a
person's consent. The texts say the step first; Partner Center's code and correlation ID stand beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One family: the operation asked for it. ``needs_customer`` puts a mirrored customer's id in its path.

    ``permit`` is the step that gives a permission which this family alone takes.
    """

    slug: str
    title: Text
    operation: str
    query: Mapping[str, Any] = field(default_factory=dict)
    needs_customer: bool = False
    permit: Text = ""


# By family of the mirror: what lets it be read where the application lacks a permission of its own.
PERMITS: dict[str, Text] = {
    "admin_relationships": _(
        "Only the permissions of customers wait for it. Add the Microsoft Graph permission DelegatedAdminRelationship.Read.All to the application, to request permissions DelegatedAdminRelationship.ReadWrite.All, have an administrator grant it, then give consent again."
    ),
}

PROBES: tuple[Probe, ...] = (
    Probe(slug="customers", title=_("Customers"), operation="LIST_CUSTOMERS", query={"size": 1}),
    Probe(
        slug="subscriptions",
        title=_("Subscriptions"),
        operation="LIST_SUBSCRIPTIONS",
        needs_customer=True,
    ),
    Probe(slug="activity", title=_("Partner Center activity"), operation="LIST_AUDIT_RECORDS"),
    Probe(
        slug="resellers",
        title=_("Indirect resellers"),
        operation="LIST_RELATIONSHIPS",
        query={"relationship_type": "IsIndirectCloudSolutionProviderOf"},
    ),
    Probe(
        slug="organisation",
        title=_("Organisation profile"),
        operation="GET_ORGANIZATION_PROFILE",
    ),
    Probe(
        slug="network", title=_("Partner network profile"), operation="GET_PARTNER_NETWORK_PROFILE"
    ),
    Probe(
        slug="permissions",
        title=_("Permissions of customers"),
        operation="LIST_ADMIN_RELATIONSHIPS",
        query={"$top": 1},
        permit=PERMITS["admin_relationships"],
    ),
)


@dataclass(frozen=True, kw_only=True)
class Mend:
    """A step, and the errors that it mends: by AADSTS or Partner Center code, error class or status.

    ``code`` may be the beginning of a code. The first that fits wins.
    """

    step: Text
    code: str = ""
    kind: str = ""
    status: int | None = None

    def fits(self, error: Mapping[str, Any]) -> bool:
        if self.code:
            return str(error.get("code") or "").startswith(self.code)
        if self.kind:
            return bool(error.get("kind") == self.kind)
        return bool(error.get("status") == self.status)


GIVE_CONSENT = _("Give consent: a person of the partner tenant signs in at Microsoft once.")

MENDS: tuple[Mend, ...] = (
    Mend(
        code="AADSTS7000215",
        step=_(
            "Enter the secret's value, not its ID. Microsoft shows the value only once: create a new secret if it is lost."
        ),
    ),
    Mend(
        code="AADSTS7000222",
        step=_("The secret has expired. Create a new one and enter its value."),
    ),
    Mend(
        code="AADSTS700016",
        step=_(
            "Check the application ID and the tenant: this tenant does not know the application."
        ),
    ),
    Mend(code="AADSTS90002", step=_("Check the tenant: Microsoft does not know it.")),
    Mend(code="AADSTS900023", step=_("Check the tenant: Microsoft does not know it.")),
    Mend(
        code="AADSTS50076",
        step=_("Give consent again and pass the second step of the sign-in."),
    ),
    Mend(
        code="AADSTS50079",
        step=_(
            "The person must enrol for the second step of the sign-in, then give consent again."
        ),
    ),
    Mend(code="AADSTS65001", step=GIVE_CONSENT),
    Mend(
        code="AADSTS500011", step=_("Add the Partner Center API to the application's permissions.")
    ),
    Mend(kind="ConsentNeeded", step=GIVE_CONSENT),
    Mend(
        kind="TokenRefused",
        step=_("Check tenant, application ID and secret; the code says which of them."),
    ),
    Mend(
        code="900329",
        step=_("This call does not accept an application alone. Give consent."),
    ),
    Mend(
        code="900308",
        step=_(
            "The person who consented lacks the role in Partner Center: Admin agent, or a GDAP role of the customer."
        ),
    ),
    Mend(
        code="900309",
        step=_(
            "A conditional access policy bars the person who consented. Except the application or consent as somebody else."
        ),
    ),
    Mend(
        kind="Unauthorized",
        step=_(
            "Partner Center did not accept the token. Register the application in Partner Center under App management, with this tenant."
        ),
    ),
    Mend(
        kind="PermissionMissing",
        step=_(
            "The person who consented lacks a role in Partner Center. Give them Admin agent, then give consent again."
        ),
    ),
    Mend(
        kind="Forbidden",
        step=_(
            "Partner Center forbids it to this account. Check the partner type of the account and the roles of the person who consented."
        ),
    ),
    Mend(
        kind="Unreachable",
        step=_(
            "No connection came about. Check the addresses, and that the firewall lets the worker out to them."
        ),
    ),
    Mend(
        kind="NoAnswer",
        step=_(
            "The request went out and nothing came back. Test again; if it stays so, look at proxy and firewall."
        ),
    ),
    Mend(
        kind="BadAnswer",
        step=_(
            "Something else than Partner Center answered. Check the field API address of the connection; a proxy or a sign-in page of the network may stand in between."
        ),
    ),
    Mend(kind="Throttled", step=_("Partner Center asks to slow down. Test again in a minute.")),
    Mend(
        kind="BudgetSpent",
        step=_("The portal's own request budget is spent. Test again in a minute."),
    ),
    Mend(kind="UpstreamUnavailable", step=_("Microsoft has trouble of its own. Test again later.")),
    Mend(kind="NotOffered", step=_("This cloud does not offer it. Nothing to mend.")),
    Mend(
        kind="SecretUnreadable",
        step=_(
            "FIELD_KEYS has lost the key of the stored secret. Put it back, or enter the secret again."
        ),
    ),
)
UNKNOWN = _(
    "Look the code up in Microsoft's documentation, with the correlation ID at hand for their support."
)


FOREIGN_SIGN_IN = _(
    "Something else than Microsoft's sign-in service answered. Check the field Sign-in address of the connection; a proxy or a sign-in page of the network may stand in between."
)


LACKING = ("Forbidden", "PermissionMissing")
"""Kinds of errors that say that a permission lacks."""


def permit_for(family: str, error: Mapping[str, Any]) -> Text:
    """Give the step that lets a family be read which lacks a permission of its own."""
    fitting = PERMITS.get(family, "") if error.get("kind") in LACKING else ""
    return fitting or step_for(error)


def step_for(error: Mapping[str, Any]) -> Text:
    """Give the step that mends an error as a Question keeps it.

    An error without an operation came from the sign-in, ahead of the call.
    """
    if error.get("kind") == "BadAnswer" and not error.get("operation"):
        return FOREIGN_SIGN_IN
    return next((mend.step for mend in MENDS if mend.fits(error)), UNKNOWN)
