"""What was asked of the API: for tests that count, and for people who wonder."""

from collections import Counter, deque
from dataclasses import asdict, dataclass
from threading import Lock

from portal.emulator.model import JSON

KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Entry:
    """``status`` is 0 where the connection was dropped; ``token`` is app, app+user or none."""

    at: str
    method: str
    path: str
    query: str
    operation: str
    request_id: str
    correlation_id: str
    status: int
    token: str
    fault: str


class RequestLog:
    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._operations: Counter[str] = Counter()
        self._statuses: Counter[int] = Counter()

    def add(self, entry: Entry) -> None:
        with self._lock:
            self._entries.append(entry)
            self._operations[entry.operation or "(none)"] += 1
            self._statuses[entry.status] += 1

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._operations.clear()
            self._statuses.clear()

    def dump(self, *, limit: int) -> JSON:
        """Return the counts since the last clearing and the newest ``limit`` requests in order."""
        with self._lock:
            newest = list(self._entries)[-limit:] if limit else []
            return {
                "count": self._operations.total(),
                "by_operation": dict(sorted(self._operations.items())),
                "by_status": {str(status): n for status, n in sorted(self._statuses.items())},
                "requests": [asdict(entry) for entry in newest],
            }
