"""Every state that a record or a change can be in: a shape, a word, a colour.

A closed table by Partner Center's own value, matched without regard to case. A value that is not
in it is shown verbatim with the open square, so that one new value never breaks a list.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

OK, INFO, WARN, BAD, OFF = "is-ok", "is-info", "is-warn", "is-bad", "is-off"


class Status(NamedTuple):
    """A CSS class of the status palette and the word beside its shape."""

    css: str
    word: str | Promise


RECORD: dict[str, Status] = {
    "active": Status(OK, _("Active")),
    "enabled": Status(OK, _("Enabled")),
    "warning": Status(WARN, _("In grace")),
    "completed": Status(OK, _("Completed")),
    "complete": Status(OK, _("Completed")),
    "fulfilled": Status(OK, _("Fulfilled")),
    "success": Status(OK, _("Succeeded")),
    "succeeded": Status(OK, _("Succeeded")),
    "finished": Status(OK, _("Finished")),
    "allowed": Status(OK, _("Allowed")),
    "closed": Status(OK, pgettext_lazy("state", "Closed")),
    "verified": Status(OK, _("Verified")),
    "registered": Status(OK, _("Registered")),
    "reseller": Status(OK, _("Reseller relationship")),
    "done": Status(OK, _("Done")),
    "works": Status(OK, _("Works")),
    "live": Status(OK, _("Live")),
    "pending": Status(INFO, _("Pending")),
    "open": Status(INFO, pgettext_lazy("state", "Open")),
    "progress": Status(INFO, _("In progress")),
    "inprogress": Status(INFO, _("In progress")),
    "running": Status(INFO, _("Running")),
    "unfulfilled": Status(INFO, _("Not fulfilled yet")),
    "prefulfillmentpending": Status(INFO, _("Waiting for fulfilment")),
    "queued": Status(INFO, _("Queued")),
    "processing": Status(INFO, _("Processing")),
    "underreview": Status(INFO, _("Under review")),
    "registering": Status(INFO, _("Registering")),
    "trial": Status(INFO, pgettext_lazy("state", "Trial")),
    "production": Status(OK, _("Production")),
    "sandbox": Status(INFO, _("Sandbox")),
    "ask": Status(INFO, _("Every change needs approval")),
    "suspended": Status(WARN, _("Suspended")),
    "attention_needed": Status(WARN, _("Attention needed")),
    "finished_with_errors": Status(WARN, _("Finished with errors")),
    "partial_success": Status(WARN, _("Partly succeeded")),
    "pending_review": Status(WARN, _("Waiting for review")),
    "pending_po_upload": Status(WARN, _("Waits for the purchase order")),
    "po_upload_complete": Status(INFO, _("Purchase order handed in")),
    "pendingdeletion": Status(WARN, _("Waiting for deletion")),
    "unverified": Status(WARN, _("Not verified")),
    "stale": Status(WARN, _("Out of date")),
    "stopped": Status(WARN, _("Stopped, waits for a person")),
    "expired": Status(BAD, _("Expired")),
    "disabled": Status(BAD, _("Disabled")),
    "failed": Status(BAD, _("Failed")),
    "error": Status(BAD, _("Error")),
    "notallowed": Status(BAD, _("Not allowed")),
    "po_review_rejected": Status(BAD, _("Purchase order refused")),
    "missing": Status(BAD, _("Missing")),
    "deleted": Status(OFF, _("Deleted")),
    "cancelled": Status(OFF, _("Cancelled")),
    "rejected": Status(OFF, _("Rejected")),
    "none": Status(OFF, pgettext_lazy("state", "None")),
    "inactive": Status(OFF, _("Inactive")),
    "gone": Status(OFF, _("Gone")),
    "read_only": Status(OFF, _("Read only")),
    "not_permitted": Status(OFF, _("Not permitted")),
    "unknown": Status(OFF, _("Unknown")),
}

CHANGE: dict[str, Status] = {
    "confirmed": Status(OK, _("Confirmed")),
    "succeeded": Status(OK, _("Confirmed")),
    "approved": Status(OK, _("Approved")),
    "awaiting_approval": Status(INFO, _("Awaiting approval")),
    "scheduled": Status(INFO, _("Scheduled")),
    "waiting": Status(INFO, _("Waiting for another change")),
    "queued": Status(INFO, _("Waiting")),
    "requested": Status(INFO, _("Requested")),
    "sending": Status(INFO, _("Sending")),
    "in_doubt": Status(WARN, _("In doubt")),
    "not_by_us": Status(WARN, _("Not by us")),
    "failed": Status(BAD, _("Failed")),
    "cancelled": Status(OFF, _("Cancelled")),
    "left_out": Status(OFF, _("Left out")),
    "withheld": Status(OFF, _("Withheld, read only")),
}

# A customer's relationshipToPartner.
RELATIONSHIP: dict[str, Status] = {
    "reseller": Status(OK, _("Reseller relationship")),
    "advisor": Status(OK, _("Advisor relationship")),
    "syndication": Status(OK, _("Syndication relationship")),
    "microsoft_support": Status(OK, _("Microsoft support")),
    "none": Status(OFF, _("No relationship")),
    "unknown": Status(OFF, _("Unknown")),
}

TABLES = {"record": RECORD, "change": CHANGE, "relationship": RELATIONSHIP}


def status(value: str | None, kind: str = "record") -> Status:
    """Look a value up; ``kind`` is "record" (Partner Center's), "change" (a Command's) or "relationship"."""
    if not value:
        return Status(OFF, "–")
    return TABLES[kind].get(value.lower().replace("-", "_"), Status(OFF, value))
