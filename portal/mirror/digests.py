"""What of a payload counts as a change: everything but links and etags, which move by themselves."""

import hashlib
from typing import Any

import msgspec

VOLATILE = frozenset({"links", "etag"})
SIZE = 16

_encoder = msgspec.json.Encoder(order="sorted", decimal_format="number")
_plain = msgspec.json.Encoder(decimal_format="number")


def digest(payload: Any, version: int) -> bytes:
    """Return 16 bytes that differ when the payload or the mapping's ``version`` differs."""
    seen = _encoder.encode(_lasting(payload))
    return hashlib.blake2b(seen, digest_size=SIZE, salt=version.to_bytes(2, "big")).digest()


def encoded(payload: Any) -> str:
    """Return the payload as JSON text that jsonb accepts: NUL characters are marked."""
    found = _plain.encode(payload).decode()
    return found.replace("\\u0000", "\\ufffd") if "\\u0000" in found else found


def _lasting(value: Any) -> Any:
    if type(value) is dict:
        return {
            name: _lasting(item) if type(item) in (dict, list) else item
            for name, item in value.items()
            if name not in VOLATILE
        }
    if type(value) is list:
        return [_lasting(item) if type(item) in (dict, list) else item for item in value]
    return value
