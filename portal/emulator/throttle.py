"""The limit a minute: as many calls of one class as ``--rpm`` says in any 60 seconds."""

from collections import deque
from math import ceil
from threading import Lock

WINDOW = 60.0


class Throttle:
    """Counts accepted calls in a sliding window, one for each throttle class."""

    def __init__(self, rpm: int) -> None:
        self.rpm = rpm
        self._lock = Lock()
        self._accepted: dict[str, deque[float]] = {}

    def wait(self, name: str, now: float) -> int:
        """Accept a call at ``now`` and return 0, or return the seconds to wait, at least 1."""
        if self.rpm <= 0:
            return 0
        with self._lock:
            accepted = self._accepted.setdefault(name, deque())
            while accepted and accepted[0] <= now - WINDOW:
                accepted.popleft()
            if len(accepted) < self.rpm:
                accepted.append(now)
                return 0
            return max(1, ceil(accepted[0] + WINDOW - now))
