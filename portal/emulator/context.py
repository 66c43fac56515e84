"""One call on its way through the emulator, and the answer it gets."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from werkzeug.wrappers import Request

from portal.emulator import render
from portal.emulator.errors import Refusal, graph_shape, shape
from portal.emulator.model import JSON, Actor
from portal.emulator.store import Store
from portal.partnercenter.spec import Operation

if TYPE_CHECKING:
    from portal.emulator.app import Emulator

MAX_BODY = 5_000_000
GRAPH_PATH = "/v1.0/tenantrelationships/"
SALES_PATH = "/v1.0/sales/"
JSON_TYPE = "application/json; charset=utf-8"


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = JSON_TYPE


def ok(content: Any, status: int = 200) -> Answer:
    return Answer(status, render.encode(content))


def encoded(body: bytes) -> Answer:
    """Return an answer whose JSON is encoded already."""
    return Answer(200, body)


def refused(refusal: Refusal) -> Answer:
    return Answer(refusal.status, render.encode(refusal.body), dict(refusal.headers))


def refused_by_graph(refusal: Refusal, call: "Call") -> Answer:
    """Return the refusal in Microsoft Graph's shape."""
    body = graph_shape(refusal, call.request_id)
    return Answer(refusal.status, render.encode(body), dict(refusal.headers))


def plain_refusal(status: int, code: int, description: str) -> Answer:
    return Answer(status, render.encode(shape(code, description)))


@dataclass
class Call:
    """A request to the API. ``params`` are the path's placeholders, ``claims`` the token's."""

    request: Request
    emulator: "Emulator"
    path: str
    request_id: str
    correlation_id: str
    params: dict[str, str] = field(default_factory=dict)
    operation: Operation[Any] | None = None
    claims: JSON = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.emulator.store

    @property
    def is_graph(self) -> bool:
        """Whether the call is meant for Microsoft Graph, which has another audience and other errors."""
        return self.path.lower().startswith(GRAPH_PATH)

    @property
    def is_sales(self) -> bool:
        """Whether the call is meant for the host of price sheets, which has an audience of its own."""
        return self.path.lower().startswith(SALES_PATH)

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def operation_name(self) -> str:
        return self.operation.name if self.operation else ""

    @cached_property
    def query(self) -> dict[str, str]:
        """Query parameters by lower-case name; the last of a repeated name wins."""
        if not self.request.query_string:
            return {}
        return {name.lower(): value for name, value in self.request.args.items()}

    @cached_property
    def content(self) -> bytes:
        return self.request.get_data()

    @property
    def body(self) -> Any:
        """Return the JSON of the body. Raise ``Refusal`` (400, 800002) if it is none."""
        try:
            return msgspec.json.decode(self.content.removeprefix(b"\xef\xbb\xbf"))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Refusal(800002, "The body is not valid JSON.") from error

    @property
    def filter(self) -> JSON | None:
        """Return the ``filter`` parameter with lower-case names, None without one.

        Raise ``Refusal`` if it is no JSON object.
        """
        text = self.query.get("filter")
        if not text:
            return None
        try:
            content = msgspec.json.decode(text)
        except msgspec.DecodeError as error:
            raise Refusal(3000, "The filter is not valid JSON.") from error
        if not isinstance(content, dict):
            raise Refusal(3000, "The filter is not a JSON object.")
        return {str(name).lower(): value for name, value in content.items()}

    def size(self, *, default: int, largest: int) -> int:
        """Return the page size asked for; 0 and nothing mean the default. Raise ``Refusal``."""
        text = self.query.get("size", "")
        if text in {"", "0"}:
            return default
        if not text.isascii() or not text.isdigit():
            raise Refusal(3000, "The size must be a whole number.")
        return min(int(text), largest)

    @property
    def actor(self) -> Actor:
        return Actor(self.claims.get("upn"), self.claims.get("appid", ""), self.correlation_id)
