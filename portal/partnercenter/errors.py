# ruff: noqa: N818  # the names say what happened; that they are errors shows in ``except``
"""What can go wrong with a call, as one tree of exceptions.

``refusal`` turns an answer into the class that the closed table ``RULES`` names. Every error says
whether the same call may work later (``transient``) and whether the outcome is known
(``answered``); a write is in doubt exactly where ``answered`` is false.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any


class PartnerError(Exception):
    """A call failed.

    ``status`` and ``code`` are Partner Center's, ``code`` as text (also ``AADSTS…`` for tokens);
    ``message`` is its own wording, for people who search it. ``raw`` is the start of the body.
    ``retry_after`` is in seconds.

    ``answered`` is false where a write may or may not have happened. It is true where nothing was
    sent at all, because then the outcome is known: nothing happened.
    """

    transient = False
    answered = True

    def __init__(self, message: str = "", **details: Any) -> None:
        """Keep the details of the call: the attributes below, by name."""
        self.message = message
        self.status: int | None = details.get("status")
        self.code: str | None = details.get("code")
        self.correlation_id: str | None = details.get("correlation_id")
        self.request_id: str | None = details.get("request_id")
        self.retry_after: float | None = details.get("retry_after")
        self.operation: str | None = details.get("operation")
        self.raw: str = details.get("raw", "")
        super().__init__(self._text())

    def _text(self) -> str:
        parts = [type(self).__name__, *(str(part) for part in (self.status, self.code) if part)]
        text = " ".join(parts) + (f": {self.message}" if self.message else "")
        return f"{text} (correlation {self.correlation_id})" if self.correlation_id else text


class ReadOnlyBlocked(PartnerError):
    """The connection is read only; nothing was built or sent. ``body`` is what would have gone."""

    def __init__(
        self, message: str = "", *, path: str = "", body: Any = None, **details: Any
    ) -> None:
        """Keep the path and body that were withheld."""
        super().__init__(message, **details)
        self.path = path
        self.body = body


class Unreachable(PartnerError):
    """No connection came about, so nothing was sent."""

    transient = True


class NoAnswer(PartnerError):
    """The request went out and no whole answer came back: time-out, reset, cut short."""

    transient = True
    answered = False


class BadAnswer(PartnerError):
    """An answer that is not Partner Center's: HTML, broken JSON, nothing where something is due."""

    transient = True
    answered = False


class ForeignHost(PartnerError):
    """An answer pointed to a host that is not the connection's; it was not followed."""


class NotReady(PartnerError):
    """204 with Retry-After: the data are being put together."""

    transient = True


class Unauthorized(PartnerError):
    """401: the token was not accepted."""


class TokenRefused(PartnerError):
    """The sign-in service gave no token; ``code`` is its AADSTS number where it names one."""


class ConsentNeeded(TokenRefused):
    """Only a person can mend it: consent was never given, was withdrawn, or has run out."""


class Forbidden(PartnerError):
    """403: the account may not do this."""


class PermissionMissing(Forbidden):
    """403 with a code that names a missing right: GDAP role, App+User token, conditional access."""


class NotFound(PartnerError):
    """404, or an id that Partner Center does not know."""


class Conflict(PartnerError):
    """409: another operation on the same resource is still running."""

    transient = True


class PreconditionFailed(PartnerError):
    """The resource has changed since it was read."""


class Throttled(PartnerError):
    """429: wait ``retry_after`` seconds at least."""

    transient = True


class InvalidInput(PartnerError):
    """400 and its kin: the request cannot be carried out as it stands."""


class QuantityNotAllowed(InvalidInput):
    """The number of seats is out of range, or seats are past their reduction window."""


class UpstreamUnavailable(PartnerError):
    """5xx: something failed at Microsoft, and a write may have got through before it did."""

    transient = True
    answered = False


class NotOffered(PartnerError):
    """501: the call does not exist there."""


@dataclass(frozen=True)
class Rule:
    """One row of the table: which class an answer means, and who says so."""

    status: int | None
    code: str | None
    meaning: type[PartnerError]
    reason: str


def _codes(status: int, meaning: type[PartnerError], reason: str, codes: str) -> tuple[Rule, ...]:
    return tuple(Rule(status, code, meaning, reason) for code in codes.split())


# The first rule that fits wins: status and code, then status alone. Sources: error-codes page
# (2021), new-commerce facts (2021 to 2026), api-throttling-guidance, handle conflicts in facts.
RULES: tuple[Rule, ...] = (
    *_codes(400, PreconditionFailed, "stale etag: error-codes, facts attributes.etag", "2055"),
    *_codes(417, PreconditionFailed, "precondition failed: error-codes", "800036"),
    *_codes(
        400,
        QuantityNotAllowed,
        "seat count or reduction window: error-codes, facts seat_increase and seat_decrease",
        "2001 2002 800090 800092 800095 900214 900257 900275",
    ),
    *_codes(403, QuantityNotAllowed, "seat limits: error-codes", "800027 800067 800088"),
    *_codes(
        403,
        PermissionMissing,
        "no GDAP role, conditional access, app-only token refused, role: facts auth and gdap",
        "900308 900309 900329 900150",
    ),
    *_codes(400, PermissionMissing, "permissions: facts error codes", "900316"),
    *_codes(401, Unauthorized, "audience of the retired directory: facts auth", "900420"),
    *_codes(400, NotFound, "an id that is not known: error-codes", "900118 800021"),
    *_codes(400, Conflict, "not ready for a change yet: facts pending_operation", "800082"),
    Rule(400, None, InvalidInput, "http_statuses"),
    Rule(401, None, Unauthorized, "http_statuses"),
    Rule(403, None, Forbidden, "http_statuses"),
    Rule(404, None, NotFound, "http_statuses"),
    Rule(405, None, InvalidInput, "http_statuses"),
    Rule(406, None, InvalidInput, "http_statuses"),
    Rule(408, None, UpstreamUnavailable, "time-out at Microsoft: facts error code 900225"),
    Rule(409, None, Conflict, "http_statuses; facts pending_operation"),
    Rule(410, None, NotFound, "partner-rest http_statuses"),
    Rule(412, None, PreconditionFailed, "http_statuses"),
    Rule(417, None, InvalidInput, "http_statuses"),
    Rule(422, None, InvalidInput, "partner-rest http_statuses"),
    Rule(429, None, Throttled, "api-throttling-guidance"),
    Rule(500, None, UpstreamUnavailable, "http_statuses"),
    Rule(501, None, NotOffered, "http_statuses"),
    Rule(502, None, UpstreamUnavailable, "http_statuses"),
    Rule(503, None, UpstreamUnavailable, "http_statuses"),
    Rule(504, None, UpstreamUnavailable, "http_statuses"),
)

_TABLE = {(rule.status, rule.code): rule.meaning for rule in RULES}


def meaning(status: int, code: str | None) -> type[PartnerError]:
    """Return the class of an answer; a status that no rule names falls back to its hundred."""
    found = _TABLE.get((status, code)) or _TABLE.get((status, None))
    if found is not None:
        return found
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return UpstreamUnavailable
    return InvalidInput if status >= HTTPStatus.BAD_REQUEST else BadAnswer


def read_body(body: Any) -> tuple[str | None, str]:
    """Return code and wording of an error body in any of its three shapes.

    Partner Center says ``{code, description}``, a 429 ``{statusCode, message}``, referrals and
    Graph ``{"error": {code, message}}``. Names are matched without regard to case.
    """
    if not isinstance(body, dict):
        return None, ""
    fields = {str(name).lower(): value for name, value in body.items()}
    if isinstance(fields.get("error"), dict):
        return read_body(fields["error"])
    code = fields.get("code")
    text = fields.get("description") or fields.get("message") or fields.get("error_description")
    return (None if code is None else str(code)), str(text or "")


def refusal(status: int, body: Any, **details: Any) -> PartnerError:
    """Return the error that an answer with this status and parsed body means.

    A 429 without Retry-After says in its text how many seconds to wait.
    """
    code, message = read_body(body)
    if status == HTTPStatus.TOO_MANY_REQUESTS and details.get("retry_after") is None:
        said = re.search(r"(\d+) seconds", message)
        details["retry_after"] = float(said.group(1)) if said else None
    return meaning(status, code)(message, status=status, code=code, **details)
