"""Continuation tokens: where a listing goes on, and of which listing it is one."""

import base64
import binascii
from typing import Any

import msgspec

from portal.emulator import render
from portal.emulator.context import Call
from portal.emulator.errors import Refusal
from portal.emulator.model import JSON

HEADER = "MS-ContinuationToken"


def continuation(call: Call, kind: str) -> int | None:
    """Return the position at which this call goes on, None for a first page.

    Raise ``Refusal`` (400) for a token of another listing or of none.
    """
    token = call.request.headers.get(HEADER)
    if not token:
        return None
    try:
        content: Any = msgspec.json.decode(base64.b64decode(token, validate=True))
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise invalid() from error
    if not isinstance(content, dict) or content.get("of") != _listing(call, kind):
        raise invalid()
    return int(content["at"])


def invalid() -> Refusal:
    return Refusal(800002, "The continuation token is not valid or has expired.")


def _listing(call: Call, kind: str) -> str:
    return f"{kind}:{call.query.get('filter', '')}"


def links(call: Call, kind: str, uri: str, next_at: int | None) -> JSON:
    """Return the ``links`` and ``continuationToken`` of a page."""
    query = call.request.query_string.decode("latin-1")
    own = f"{uri}?{query}" if query else uri
    if next_at is None:
        return {"links": {"self": render.link(own)}}
    token = base64.b64encode(render.encode({"of": _listing(call, kind), "at": next_at})).decode()
    following = (
        own
        if "seekoperation=" in own.lower()
        else f"{own}{'&' if query else '?'}seekOperation=Next"
    )
    header = {"key": HEADER, "value": token}
    return {
        "continuationToken": token,
        "links": {
            "self": render.link(own),
            "next": {"uri": following, "method": "GET", "headers": [header]},
        },
    }
