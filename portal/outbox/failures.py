"""Why a Command did not go through: what is kept on the row, and what the engine does about it.

The row keeps a kind, Partner Center's status, code, own wording and correlation id; the sentence
that people read is made from them in their language, by ``portal.outbox.wording``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.connections.tokens import ConnectionRetired
from portal.outbox import queue
from portal.outbox.plain import plain
from portal.partnercenter.errors import (
    Conflict,
    PartnerError,
    PreconditionFailed,
    TokenRefused,
    Unauthorized,
)

# Partner Center works on something else on the same resource; sooner is not better.
CONFLICT_WAIT = 60.0
# The etag went stale between our read and our write, or the token did: begin again at once, a few times.
AGAIN_WAIT = 1.0
SHORT_TRIES = 4


class Kind(StrEnum):
    REFUSED = "refused"  # Partner Center said no
    CHANGED = "changed"  # the target is not what the person saw
    FORBIDDEN = "forbidden"  # the person may no longer do this
    EXHAUSTED = "exhausted"  # passing troubles that did not pass
    SIGN_IN = "sign_in"  # the connection could not sign in
    RETIRED = "retired"  # the connection is retired
    GONE = "gone"  # the target is no longer here
    NO_ANSWER = "no_answer"  # the write left, no answer came
    UNKNOWN_VERB = "unknown_verb"  # this release does not know the verb
    INTERNAL = "internal"  # a fault of the portal


@dataclass(frozen=True)
class Failure:
    """What went wrong, as kept in ``Command.error``. ``meaning`` is the client's class for it."""

    kind: Kind
    status: int | None = None
    code: str = ""
    message: str = ""
    correlation_id: str = ""
    meaning: str = ""
    difference: Mapping[str, tuple[Any, Any]] | None = None

    def as_json(self) -> dict[str, Any]:
        """The row's form; empty parts are left out."""
        told: dict[str, Any] = {
            "kind": str(self.kind),
            "status": self.status,
            "code": self.code,
            "message": self.message,
            "correlation_id": self.correlation_id,
            "meaning": self.meaning,
            "difference": plain({k: list(v) for k, v in (self.difference or {}).items()}),
        }
        return {name: value for name, value in told.items() if value}

    @classmethod
    def of(cls, error: PartnerError, kind: Kind | None = None) -> "Failure":
        """The failure that an error of the client means."""
        kind = kind or _kind(error)
        return cls(
            kind,
            error.status,
            error.code or "",
            error.message,
            error.correlation_id or "",
            type(error).__name__,
        )


def _kind(error: PartnerError) -> Kind:
    if isinstance(error, ConnectionRetired):
        return Kind.RETIRED
    return Kind.SIGN_IN if isinstance(error, TokenRefused) else Kind.REFUSED


def wait_for(error: PartnerError, attempts: int) -> float | None:
    """Seconds until the next attempt; None if trying again is pointless or has been tried enough.

    Retry-After is never undercut.
    """
    if isinstance(error, PreconditionFailed | Unauthorized):
        return AGAIN_WAIT if attempts < SHORT_TRIES else None
    if not error.transient or attempts >= queue.MAX_ATTEMPTS:
        return None
    pause = max(queue.backoff(attempts), error.retry_after or 0.0)
    return max(pause, CONFLICT_WAIT) if isinstance(error, Conflict) else pause
