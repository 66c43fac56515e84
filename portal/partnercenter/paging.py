"""How each kind of listing goes on after a page: pure functions over the answer's body.

A continuation is a small dict of JSON values, so that a pass can be saved and resumed by another
process: ``{"token": …}``, ``{"offset": …}`` or ``{"link": …}``.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from portal.partnercenter.spec import Operation, Paging

Continuation: TypeAlias = dict[str, Any]

TOKEN_HEADER = "ms-continuationtoken"  # noqa: S105  # the name of a header
LINKS = ("@odata.nextLink", "@nextLink", "nextLink")


def items_of(body: Any) -> list[Any]:
    """Return the rows of a page, whatever envelope it came in; a bare array is its own rows."""
    if isinstance(body, list):
        return body
    for name in ("items", "value", "Value"):
        if isinstance(body.get(name), list):
            rows: list[Any] = body[name]
            return rows
    return []


def next_link(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return ``links.next`` where it leads anywhere."""
    link = (body.get("links") or {}).get("next")
    return link if isinstance(link, Mapping) and (link.get("uri") or link.get("headers")) else None


def token_of(body: Mapping[str, Any]) -> str | None:
    """Return the continuation token: from the headers of the next link, else from the body."""
    link = next_link(body)
    for header in (link or {}).get("headers") or ():
        if str(header.get("key", "")).lower() == TOKEN_HEADER and header.get("value"):
            return str(header["value"])
    return str(body["continuationToken"]) if body.get("continuationToken") else None


def _by_token(body: Mapping[str, Any], _sent: Mapping[str, Any]) -> Continuation | None:
    token = token_of(body)
    return {"token": token} if token else _by_link(body, _sent)


def _by_link(body: Mapping[str, Any], _sent: Mapping[str, Any]) -> Continuation | None:
    link = next_link(body)
    if link is not None and link.get("uri"):
        return {"link": str(link["uri"])}
    for name in LINKS:
        if body.get(name):
            return {"link": str(body[name])}
    return None


def _by_offset(body: Mapping[str, Any], sent: Mapping[str, Any]) -> Continuation | None:
    link = next_link(body)
    if link is not None:
        query = {name.lower(): value for name, value in parse_qsl(urlsplit(link["uri"]).query)}
        if query.get("offset", "").isdecimal():
            return {"offset": int(query["offset"])}
        return _by_link(body, sent)
    seen = int(sent.get("offset") or 0) + len(items_of(body))
    total = body.get("totalCount")
    more = isinstance(total, int) and seen < total and bool(items_of(body))
    return {"offset": seen} if more else None


STYLES: dict[Paging, Callable[[Mapping[str, Any], Mapping[str, Any]], Continuation | None]] = {
    Paging.NONE: _by_link,  # an undeclared next link is followed all the same: no row is lost
    Paging.CONTINUATION: _by_token,
    Paging.HEADER: _by_token,
    Paging.SEEK: _by_token,
    Paging.OFFSET: _by_offset,
    Paging.NEXT_LINK: _by_link,
}


def following(operation: Operation[Any], body: Any, sent: Mapping[str, Any]) -> Continuation | None:
    """Return where the listing goes on, or None at its end. ``sent`` is the query that was sent."""
    if not isinstance(body, Mapping):
        return None
    return STYLES[operation.paging](body, sent)
