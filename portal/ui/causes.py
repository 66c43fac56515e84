"""Causes of our own making in the reader's language; what Microsoft or a library said stays as it is.

The client is plain Python and names causes in English; rows keep them so. They are translated here, when shown.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.reference import errors as reference

# The code of a question for which no worker came in time.
TOO_LATE = "too_late"
CAUSES = {
    "the sign-in service is busy": _("the sign-in service is busy"),
    "a person must sign in and consent again": _("a person must sign in and consent again"),
    "the sign-in service gave no token": _("the sign-in service gave no token"),
    "the sign-in service failed": _("the sign-in service failed"),
    "the sign-in service did not answer as one": _("the sign-in service did not answer as one"),
    "the sign-in service points to %(host)s": _("the sign-in service points to %(host)s"),
    "the sign-in service: %(cause)s": _("the sign-in service: %(cause)s"),
    "the tenant or application id is not valid: %(error)s": _(
        "the tenant or application id is not valid: %(error)s"
    ),
    "the answer is an HTML page": _("the answer is an HTML page"),
    "the data are not ready": _("the data are not ready"),
    "the answer is empty": _("the answer is empty"),
    "the answer is no listing: %(error)s": _("the answer is no listing: %(error)s"),
    "the answer is not JSON: %(error)s": _("the answer is not JSON: %(error)s"),
    "the answer is a JSON %(kind)s": _("the answer is a JSON %(kind)s"),
    "the listing does not move on": _("the listing does not move on"),
    "a continuation link points to %(host)s": _("a continuation link points to %(host)s"),
    "the connection is read only": _("the connection is read only"),
    "Another worker is still signing in.": _("Another worker is still signing in."),
    "No person has given consent for this connection yet.": _(
        "No person has given consent for this connection yet."
    ),
    "Only a person's consent opens this list.": _("Only a person's consent opens this list."),
    "The portal's own request budget for %(throttle)s is spent for %(seconds)s s.": _(
        "The portal's own request budget for %(throttle)s is spent for %(seconds)s s."
    ),
    "A stored secret cannot be decrypted: FIELD_KEYS does not hold the key it was written "
    "with. Put the former key back behind the new one, or enter the secret again.": _(
        "A stored secret cannot be decrypted: FIELD_KEYS does not hold the key it was written "
        "with. Put the former key back behind the new one, or enter the secret again."
    ),
    "%(gone)s of %(known)s would be removed": _("%(gone)s of %(known)s would be removed"),
}


def worded(message: str) -> str:
    """The cause in words for the reader; what is not ours is returned as it is."""
    if message in CAUSES:
        return str(CAUSES[message])
    for pattern, words in _patterns():
        if found := pattern.fullmatch(message):
            return str(words) % found.groupdict()
    return message


def explained(error: Mapping[str, Any]) -> str:
    """What went wrong with a call, in the reader's language, from an error as a row keeps it."""
    if error.get("code") == TOO_LATE:
        return gettext("No worker took the request.")
    code = error.get("code") or None
    # Where Partner Center gave no number the class of the error stands for it.
    kind = error.get("meaning") or error.get("kind") or code or ""
    told = reference.explain(code, status=error.get("status"), kind=kind)
    return gettext(told)


@cache
def _patterns() -> list[tuple[re.Pattern[str], object]]:
    """Those of the causes that name something, as patterns."""
    return [
        (re.compile(_pattern(text), re.DOTALL), words)
        for text, words in CAUSES.items()
        if "%(" in text
    ]


def _pattern(text: str) -> str:
    parts = re.split(r"%\((\w+)\)s", text)
    return "".join(
        f"(?P<{part}>.+)" if number % 2 else re.escape(part) for number, part in enumerate(parts)
    )
