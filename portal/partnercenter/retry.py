"""How often to try again, and how long to wait before it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TypeAlias

from portal.partnercenter.errors import PartnerError, Throttled, Unreachable
from portal.partnercenter.spec import Effect, Operation

Sleep: TypeAlias = Callable[[float], object]
"""Waits the given seconds. Tests pass one that only counts."""


def wait(seconds: float) -> None:
    """Wait without holding anything; the default ``Sleep``."""
    Event().wait(seconds)


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """Bounds of the retries of one call; times in seconds.

    ``longest`` is the longest wait worth holding a worker for: a longer Retry-After ends the call,
    and whoever asked comes back later.
    """

    attempts: int = 5
    first: float = 0.5
    cap: float = 20.0
    longest: float = 90.0

    def delay(self, attempt: int, error: PartnerError) -> float | None:
        """Return how long to wait after a failed attempt (counted from 1), or None to give up.

        Retry-After is never undercut: jitter only lengthens it. Without it the wait doubles, at
        between half and the whole of the step.
        """
        if attempt >= self.attempts:
            return None
        step: float = min(self.cap, self.first * 2 ** (attempt - 1))
        pause = step * random.uniform(0.5, 1.0)  # noqa: S311  # spreads load, guards nothing
        if error.retry_after is not None:
            pause = max(error.retry_after, 0.0) + pause * 0.2
        return pause if pause <= self.longest else None


def may_repeat(operation: Operation[object], error: PartnerError, *, owns_id: bool) -> bool:
    """Return whether the same call may go out again by itself.

    Reads may after any passing failure. A write may only where it is certain that nothing happened:
    no connection, or 429. After a 429 the request id must change, so a caller who fixed the id
    (``owns_id``) gets the error instead and decides.
    """
    if not error.transient:
        return False
    if operation.effect is Effect.READ:
        return True
    if isinstance(error, Unreachable):
        return True
    return isinstance(error, Throttled) and not owns_id
