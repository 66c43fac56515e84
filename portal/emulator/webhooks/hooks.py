"""What a partner registered for webhooks, the events that fall due, and how each delivery went."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlsplit

import msgspec

from portal.emulator.errors import Refusal
from portal.emulator.model import JSON

SUPPORTED = (
    "subscription-updated",
    "test-created",
    "usagerecords-thresholdExceeded",
    "referral-created",
    "referral-updated",
    "invoice-ready",
    "reseller-relationship-accepted-by-customer",
)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ATTEMPTS = 3
TESTS_A_MINUTE = 2
KEPT_TESTS = 200
KEPT_DELIVERIES = 200


class Registration(msgspec.Struct, kw_only=True):
    """``base`` is the emulator's own address as the registering caller reached it."""

    subscriber_id: str
    url: str
    events: list[str]
    ms_signature: bool = False
    base: str = ""

    def wire(self) -> JSON:
        return {
            "SubscriberId": self.subscriber_id,
            "WebhookUrl": self.url,
            "WebhookEvents": self.events,
            "SignatureTokenToMsSignatureHeader": self.ms_signature,
        }


@dataclass(frozen=True, slots=True)
class Message:
    """One event on its way to the registered address."""

    registration: Registration
    body: bytes
    test_id: str = ""


@dataclass(slots=True)
class Test:
    """A test event and the tries to deliver it."""

    asked_at: datetime
    url: str
    status: str = "pending"
    results: list[JSON] = field(default_factory=list)


class Hooks:
    """The state of one emulated partner; ``send`` takes a message away to be delivered."""

    def __init__(self, send: Callable[[Message], None], allowed: frozenset[str]) -> None:
        self._send = send
        self._allowed = LOOPBACK | allowed
        self._lock = Lock()
        self.registration: Registration | None = None
        self.tests: dict[str, Test] = {}
        self.deliveries: deque[JSON] = deque(maxlen=KEPT_DELIVERIES)

    def register(self, body: object, subscriber_id: str, base: str) -> JSON:
        """Take over a registration. Raise ``Refusal`` (400) for one that makes no sense."""
        values = {str(k).lower(): v for k, v in body.items()} if isinstance(body, dict) else {}
        url, events = values.get("webhookurl"), values.get("webhookevents")
        if not isinstance(url, str) or not isinstance(events, list):
            raise Refusal(800002, "WebhookUrl and WebhookEvents are required.")
        self._check_target(url)
        unknown = [str(name) for name in events if name not in SUPPORTED]
        if unknown:
            raise Refusal(800002, f"These events are not supported: {', '.join(unknown)}.")
        self.registration = Registration(
            subscriber_id=subscriber_id,
            url=url,
            events=[str(name) for name in events],
            ms_signature=values.get("signaturetokentomssignatureheader") is True,
            base=base,
        )
        return self.registration.wire()

    def _check_target(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or (parts.hostname or "") not in self._allowed:
            raise Refusal(
                800002, "The emulator sends webhooks to this machine only (--webhook-hosts)."
            )

    def registered(self) -> Registration:
        """Return the registration. Raise ``Refusal`` (404) without one."""
        if self.registration is None:
            raise Refusal(1000, "No webhook is registered.")
        return self.registration

    def changed(self, name: str, resource: str, uri: str, moment: datetime) -> None:
        """Send an event about a resource, if somebody registered for it."""
        found = self.registration
        if found is not None and name in found.events:
            self._send(Message(found, event(name, resource, f"{found.base}{uri}", moment)))

    def test(self, test_id: str, moment: datetime) -> JSON:
        """Send a test event. Raise ``Refusal``: not registered for it (400), a third one (429)."""
        found = self.registered()
        if "test-created" not in found.events:
            raise Refusal(800002, "The registration does not have test-created.")
        with self._lock:
            recent = [t for t in self.tests.values() if t.asked_at > moment - timedelta(minutes=1)]
            if len(recent) >= TESTS_A_MINUTE:
                raise Refusal(
                    429, "Two test events a minute.", status=429, headers={"Retry-After": "60"}
                )
            self.tests[test_id] = Test(moment, found.url)
            while len(self.tests) > KEPT_TESTS:
                self.tests.pop(next(iter(self.tests)))
        uri = f"{found.base}/webhooks/v1/registration/validationEvents/{test_id}"
        self._send(Message(found, event("test-created", "test", uri, moment), test_id))
        return {"correlationId": test_id}

    def tried(self, message: Message, status: int, moment: datetime, *, last: bool) -> None:
        """Note one try of a delivery; status 0 means that nobody answered."""
        done = 200 <= status < 300
        with self._lock:
            note = {"at": moment.isoformat(), "url": message.registration.url, "status": status}
            self.deliveries.append(note | {"event": msgspec.json.decode(message.body)})
            found = self.tests.get(message.test_id)
            if found is None:
                return
            found.results.append(
                {
                    "responseCode": "OK" if done else str(status or "NoAnswer"),
                    "responseMessage": "",
                    "systemError": status == 0,
                    "dateTimeUtc": moment.isoformat(),
                }
            )
            if done or last:
                found.status = "completed" if done else "failed"

    def result(self, test_id: str, partner_id: str) -> JSON:
        """Return how a test event went. Raise ``Refusal`` (404) for an unknown id."""
        found = self.tests.get(test_id.lower())
        if found is None:
            raise Refusal(1000, "No test event has this id.")
        return {
            "correlationId": test_id,
            "partnerId": partner_id,
            "status": found.status,
            "callbackUrl": found.url,
            "results": list(found.results),
        }


def event(name: str, resource: str, uri: str, moment: datetime) -> bytes:
    """Return the JSON of an event as Partner Center sends it."""
    return msgspec.json.encode(
        {
            "EventName": name,
            "ResourceUri": uri,
            "ResourceName": resource,
            "AuditUri": None,
            "ResourceChangeUtcDate": moment.isoformat(timespec="microseconds").replace(
                "+00:00", "0+00:00"
            ),
        }
    )
