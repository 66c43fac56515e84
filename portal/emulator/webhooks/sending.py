"""Delivery of webhooks: one thread, a bounded queue, few tries, and targets on this machine only."""

import http.client
import queue
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread
from urllib.parse import urlsplit

from portal.emulator.clock import pause
from portal.emulator.webhooks.certificates import GENUINE, Authority
from portal.emulator.webhooks.hooks import ATTEMPTS, Message, Registration

QUEUED = 2_000
TIMEOUT = 10.0
WAIT = 0.5
ALGORITHM = "rsa-sha256"

Tried = Callable[[Message, int, bool], None]


def signed(authority: Authority, registration: Registration, body: bytes) -> dict[str, str]:
    """Return the headers of a genuine webhook."""
    token = authority.pair(GENUINE, registration.base).sign(body)
    return headers(registration, token, authority.url(GENUINE, registration.base))


def headers(registration: Registration, token: str, certificate_url: str) -> dict[str, str]:
    name, value = ("Authorization", f"Signature {token}")
    if registration.ms_signature:
        name, value = "x-ms-signature", token
    return {
        "Content-Type": "application/json",
        name: value,
        "X-MS-Certificate-Url": certificate_url,
        "X-MS-Signature-Algorithm": ALGORITHM,
    }


def post(url: str, body: bytes, sent: dict[str, str]) -> int:
    """POST once and return the status, 0 if nobody answered. Redirects are not followed."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
    try:
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", path, body, sent)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


class Sender:
    """Delivers what is put in, in order; the thread begins with the first message."""

    def __init__(self, authority: Authority, tried: Tried) -> None:
        self._authority = authority
        self._tried = tried
        self._queue: queue.Queue[Message] = queue.Queue(QUEUED)
        self._lock = Lock()
        self._thread: Thread | None = None

    def put(self, message: Message) -> None:
        """Queue a message; above the bound it is dropped, as a hint may be."""
        with suppress(queue.Full):
            self._queue.put_nowait(message)
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="webhooks", daemon=True)
                self._thread.start()

    def settle(self) -> None:
        """Return when everything that was queued has been tried."""
        self._queue.join()

    def _run(self) -> None:
        while True:
            message = self._queue.get()
            try:
                self._deliver(message)
            finally:
                self._queue.task_done()

    def _deliver(self, message: Message) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            registration = message.registration
            sent = signed(self._authority, registration, message.body)
            status = post(registration.url, message.body, sent)
            last = attempt == ATTEMPTS
            self._tried(message, status, last)
            if 200 <= status < 300 or last:
                return
            pause(WAIT * attempt)
