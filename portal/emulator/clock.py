"""The emulator's own time: real unless somebody sets, advances or stops it."""

import time
from datetime import UTC, datetime, timedelta
from threading import Event

_NEVER = Event()


def pause(seconds: float) -> None:
    """Hold this worker thread, as a slow service would. No lock may be held meanwhile."""
    if seconds > 0:
        _NEVER.wait(seconds)


class Clock:
    """A clock that can be moved. Reads are lock-free: the three values are replaced at once."""

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        self._state = (start or datetime.now(UTC), time.monotonic(), frozen)  # noqa: TID251
        self._skipped = 0.0

    def now(self) -> datetime:
        base, mark, frozen = self._state
        return base if frozen else base + timedelta(seconds=time.monotonic() - mark)

    @property
    def is_frozen(self) -> bool:
        return self._state[2]

    def monotonic(self) -> float:
        """Return seconds that never run backwards and include what ``advance`` skipped."""
        return time.monotonic() + self._skipped

    def set(self, moment: datetime) -> None:
        self._state = (moment, time.monotonic(), self.is_frozen)

    def advance(self, seconds: float) -> None:
        self.set(self.now() + timedelta(seconds=seconds))
        self._skipped += max(seconds, 0.0)

    def freeze(self, *, frozen: bool) -> None:
        self._state = (self.now(), time.monotonic(), frozen)


def iso(moment: datetime) -> str:
    """Write a moment as Partner Center does: UTC, ``Z``, seven decimals unless they are zero."""
    text = moment.isoformat()[:-6]
    return f"{text}{1 + moment.microsecond % 9}Z" if moment.microsecond else f"{text}Z"


def http_date(moment: datetime) -> str:
    """Write a moment for the ``Date`` header (RFC 9110, whatever the locale)."""
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]
    month = (
        *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
        *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    )[moment.month - 1]
    return (
        f"{day}, {moment.day:02d} {month} {moment.year} "
        f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d} GMT"
    )


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 moment; one without a zone is UTC. Raise ValueError for anything else."""
    moment = datetime.fromisoformat(text.strip())
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
