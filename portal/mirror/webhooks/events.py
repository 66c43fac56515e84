"""What an event says, and which mirrored resources it makes worth a second look.

An event is a hint: nothing of it reaches a row, and the address that it names is never opened. Ids are
read out of that address, and the resource is then asked for by the portal's own operation.
"""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from portal.mirror import families
from portal.mirror.values import identifier, moment, text
from portal.mirror.webhooks.reasons import UNREADABLE, RefusedError

_ID = r"([A-Za-z0-9-]{1,64})"
# The most telling form first: (family, pattern of the path's end, group of the parent, group of the key).
_FORMS: tuple[tuple[str, re.Pattern[str], int, int], ...] = (
    ("subscriptions", re.compile(rf"/customers/{_ID}/subscriptions/{_ID}$", re.IGNORECASE), 1, 2),
    ("invoices", re.compile(rf"/invoices/{_ID}$", re.IGNORECASE), 0, 1),
    ("customers", re.compile(rf"/customers/{_ID}$", re.IGNORECASE), 0, 1),
)
Touched = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event as its body tells it. ``changed`` is the text of ResourceChangeUtcDate."""

    name: str
    resource_uri: str
    changed: str

    @property
    def changed_at(self) -> dt.datetime | None:
        return moment(self.changed)

    @property
    def digest(self) -> str:
        """The same for two deliveries of one event."""
        parts = [self.name, self.resource_uri.lower(), self.changed]
        return hashlib.blake2b(msgspec.json.encode(parts), digest_size=16).hexdigest()


def parse(body: bytes) -> Event:
    """Read the body of a webhook. Raises RefusedError if it is no event."""
    try:
        content: Any = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusedError(UNREADABLE) from None
    if not isinstance(content, dict):
        raise RefusedError(UNREADABLE)
    values = {str(name).lower(): text(value)[:500] for name, value in content.items()}
    if not values.get("eventname"):
        raise RefusedError(UNREADABLE)
    return Event(
        name=values["eventname"][:100],
        resource_uri=values.get("resourceuri", ""),
        changed=values.get("resourcechangeutcdate", "")[:60],
    )


def touched(event: Event) -> list[Touched]:
    """Which resources to read again: (family, parent, key); none for what the mirror does not keep."""
    try:
        path = urlsplit(event.resource_uri).path.rstrip("/")
    except ValueError:
        return []
    for family, pattern, parent, key in _FORMS:
        found = pattern.search(path)
        if found and family in families.names():
            return [(family, identifier(found[parent]) if parent else "", identifier(found[key]))]
    return []
