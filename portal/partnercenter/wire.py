"""One call as it goes over the wire: its address, its body, and the reading of the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from portal.partnercenter.clouds import Endpoints
from portal.partnercenter.errors import ForeignHost
from portal.partnercenter.spec import Operation

BOM = b"\xef\xbb\xbf"
PREFIXES = ("/v1/", "/v1.0/", "/partner/", "/webhooks/")

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What one call says besides its operation.

    ``etag`` goes out as If-Match. ``request_id`` fixes MS-RequestId for every attempt of the call.
    ``link`` is a continuation link that replaces path and query; ``token`` a continuation token.
    ``raw`` leaves the rows of the answer as their bytes.
    """

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    etag: str | None = None
    request_id: str | None = None
    token: str | None = None
    link: str | None = None
    raw: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer that was accepted. ``sent_at`` is the moment before its request went out."""

    operation: str
    status: int
    body: Any
    request_id: str
    correlation_id: str
    sent_at: datetime
    location: str | None = None
    retry_after: float | None = None


def encode(body: Any) -> bytes:
    """Write JSON; a Decimal becomes a number with all its digits."""
    return _encoder.encode(body)


def decode(content: bytes) -> Any:
    """Read JSON bytes, with or without a byte-order mark; fractions become Decimal.

    Raises ``ValueError`` on anything else.
    """
    try:
        return _decoder.decode(content.removeprefix(BOM))
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error


class _RawPage(msgspec.Struct, rename="camel"):
    """The envelope of a listing around rows that are not read yet."""

    items: list[msgspec.Raw]
    continuation_token: Any = None
    links: Any = None
    total_count: Any = None


_raw_decoder = msgspec.json.Decoder(_RawPage)


def decode_page(content: bytes) -> dict[str, Any]:
    """Read a listing's envelope and leave its rows as ``msgspec.Raw``: bytes for a typed reader.

    An envelope of another form is read in full, its rows written anew. Raises ``ValueError``.
    """
    try:
        page = _raw_decoder.decode(content.removeprefix(BOM))
    except msgspec.ValidationError:
        return _loose_page(decode(content))
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return {
        "items": page.items,
        "continuationToken": page.continuation_token,
        "links": page.links,
        "totalCount": page.total_count,
    }


def _loose_page(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise ValueError(f"a listing is a JSON object, not a {type(body).__name__}")  # noqa: TRY004
    named = {name.lower(): value for name, value in body.items()}
    rows = named.get("items")
    return {
        "items": [msgspec.Raw(encode(row)) for row in rows] if isinstance(rows, list) else [],
        "continuationToken": named.get("continuationtoken"),
        "links": named.get("links"),
        "totalCount": named.get("totalcount"),
    }


def _segment(name: str, value: object) -> str:
    text = str(value)
    if not text or text in {".", ".."}:
        raise ValueError(f"{name} must be an id, not {text!r}")
    return quote(text, safe="")


def fill_path(operation: Operation[Any], values: Mapping[str, str]) -> str:
    """Return the path with its placeholders filled and quoted.

    Raises ``TypeError`` where a placeholder is missing or a value has none.
    """
    names = set(operation.path_names)
    if names != set(values):
        wrong = sorted(names.symmetric_difference(values))
        raise TypeError(f"{operation.name} takes {sorted(names)}: check {wrong}")
    quoted = {name: _segment(name, value) for name, value in values.items()}
    return operation.path.format(**quoted)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return encode(value).decode()
    return str(value)


def fill_query(operation: Operation[Any], values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the query as pairs: constants first, then the caller's in the declared order.

    None leaves a parameter out, a sequence repeats it, a mapping goes out as JSON (``filter``).
    Raises ``TypeError`` for an undeclared or a missing required name.
    """
    declared = {parameter.name.lower(): parameter for parameter in operation.query}
    given = {name.lower(): value for name, value in values.items() if value is not None}
    unknown = set(given) - set(declared)
    if unknown:
        raise TypeError(f"{operation.name} has no query parameter {sorted(unknown)}")
    pairs: list[tuple[str, str]] = []
    for key, parameter in declared.items():
        value = given.get(key, parameter.constant)
        if value is None and parameter.required:
            raise TypeError(f"{operation.name} needs the query parameter {parameter.name}")
        if value is None:
            continue
        many = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        pairs += [(parameter.name, _text(one)) for one in many]
    return pairs


def address(operation: Operation[Any], ask: Ask, at: Endpoints, extra: Mapping[str, str]) -> str:
    """Return the full URL of a call; ``extra`` holds what paging adds to the query."""
    base = at.base(operation.host)
    if ask.link is not None:
        return follow(ask.link, base)
    pairs = [*fill_query(operation, ask.query), *extra.items()]
    query = urlencode(pairs, quote_via=quote, safe="")
    return base + fill_path(operation, ask.path) + (f"?{query}" if query else "")


def follow(link: str, base: str) -> str:
    """Return the address of a continuation link on the same host.

    Partner Center's links are relative and mostly leave out ``/v1``. Raises ``ForeignHost`` for
    any other host, scheme or port: the token stays at home.
    """
    parts = urlsplit(link)
    home = urlsplit(base)
    if parts.scheme or parts.netloc:
        if (parts.scheme, parts.netloc.lower()) != (home.scheme, home.netloc.lower()):
            raise ForeignHost(f"a continuation link points to {parts.netloc or parts.scheme}")
        path = parts.path.removeprefix(home.path)
    else:
        path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
        path = path if path.startswith(PREFIXES) else f"/v1{path}"
    return base + path + (f"?{parts.query}" if parts.query else "")


def seconds(value: str | None, now: datetime) -> float | None:
    """Read a Retry-After header: seconds, or a date counted from ``now``."""
    if not value:
        return None
    try:
        return max(float(value), 0.0)
    except ValueError:
        moment = moment_of(value)
    return max((moment - now).total_seconds(), 0.0) if moment else None


def moment_of(value: str | None) -> datetime | None:
    """Read an HTTP date (UTC); None where it is missing or no date."""
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
