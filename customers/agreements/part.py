"""What the tab "Agreements & qualifications" is read from, and the words of Partner Center for it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers import demand

AGREEMENTS = "agreements"
CLOUD_AGREEMENTS = "cloud_agreements"
SIGNATURES = "direct_signatures"
QUALIFICATIONS = "qualifications"
PART = demand.Part(
    "agreements",
    (AGREEMENTS, SIGNATURES, CLOUD_AGREEMENTS, QUALIFICATIONS),
    "customer_agreements",
)
CUSTOMER_AGREEMENT = "MicrosoftCustomerAgreement"
CLOUD_AGREEMENT = "MicrosoftCloudAgreement"

EDUCATION, GOVERNMENT, STATE_OWNED = "Education", "GovernmentCommunityCloud", "StateOwnedEntity"
KINDS = {
    EDUCATION: _("Education"),
    GOVERNMENT: _("Government Community Cloud"),
    STATE_OWNED: _("State-owned entity"),
}
SEGMENTS = {"K12": _("Primary or secondary school"), "HigherEducation": _("Higher education")}
# Names of a vetting's state, without regard to case.
IN_REVIEW = ("inreview", "underreview")
STATUSES = {
    "inreview": ("is-info", _("Under review")),
    "underreview": ("is-info", _("Under review")),
    "approved": ("is-ok", _("Approved")),
    "allowed": ("is-ok", _("Approved")),
    "denied": ("is-bad", _("Denied")),
    "notallowed": ("is-bad", _("Denied")),
    "expired": ("is-bad", _("Expired")),
}


def newest(templates: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The present template of an agreement: the one of the highest rank, None for none."""
    return max(templates, key=lambda one: one.get("versionRank") or 0, default=None)
