"""The control door for webhooks: look at them, and send genuine and forged ones on command."""

import base64
from typing import TYPE_CHECKING

from portal.emulator.clock import parse_moment
from portal.emulator.model import JSON
from portal.emulator.webhooks import sending
from portal.emulator.webhooks.certificates import GENUINE
from portal.emulator.webhooks.certificates import KINDS as CERTIFICATES
from portal.emulator.webhooks.hooks import Registration, event

if TYPE_CHECKING:
    from portal.emulator.app import Emulator

FOREIGN = "https://certificates.attacker.example/forged.cer"
KINDS = (
    "genuine",
    "altered",
    "forged",
    "foreign-host",
    "unsigned",
    "algorithm",
    "wrong-chain",
    "wrong-organisation",
    "expired",
)


def look(emulator: "Emulator") -> JSON:
    """Return the registration and the latest deliveries, after what is queued was tried."""
    emulator.sender.settle()
    hooks = emulator.store.hooks
    found = hooks.registration
    return {
        "registration": found.wire() if found else None,
        "deliveries": list(hooks.deliveries),
    }


def send(emulator: "Emulator", content: JSON) -> JSON:
    """Send events now, in this thread, and return the statuses. Raise ValueError, ``Refusal``.

    ``kind`` is one of KINDS; ``at`` the moments of change, one event for each, sent in that order
    (an older one after a newer one is a reordered webhook, an equal one a duplicate).
    """
    kind = content.get("kind", "genuine")
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; known are {', '.join(KINDS)}")
    registration = emulator.store.hooks.registered()
    moments = [parse_moment(text) for text in content.get("at", [])]
    statuses = []
    for moment in moments or [emulator.clock.now()]:
        body = event(
            content.get("event", "subscription-updated"), *_resource(registration, content), moment
        )
        sent, body = _dressed(emulator, registration, kind, body)
        statuses.append(sending.post(registration.url, body, sent))
    return {"statuses": statuses}


def _resource(registration: Registration, content: JSON) -> tuple[str, str]:
    customer, item = content.get("customer", ""), content.get("subscription", "")
    uri = f"{registration.base}/webhooks/v1/customers/{customer}/subscriptions/{item}"
    return "subscription", uri


def _dressed(
    emulator: "Emulator", registration: Registration, kind: str, body: bytes
) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of an event of some kind."""
    authority, base = emulator.authority, registration.base
    if kind in CERTIFICATES:
        token = authority.pair(kind, base).sign(body)
        return sending.headers(registration, token, authority.url(kind, base)), body
    if kind == "forged":
        token = base64.b64encode(bytes(256)).decode()
        return sending.headers(registration, token, authority.url(GENUINE, base)), body
    sent = sending.signed(authority, registration, body)
    match kind:
        case "altered":
            body = body.replace(b'"ResourceName"', b'"resourcename"')
        case "foreign-host":
            sent["X-MS-Certificate-Url"] = FOREIGN
        case "algorithm":
            sent["X-MS-Signature-Algorithm"] = "none"
        case "unsigned":
            del sent["x-ms-signature" if registration.ms_signature else "Authorization"]
        case _:
            pass
    return sent, body
