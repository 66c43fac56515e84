"""What an operation is: one REST scenario of Partner Center as data.

The client, the emulator, the coverage command and the parametrised tests all walk the same
constants, so a fact about a call is written once, here in its shape and in ``operations`` by name.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from string import Formatter
from typing import Any, Generic, TypeVar

R = TypeVar("R")


class Method(StrEnum):
    GET = "GET"
    HEAD = "HEAD"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"


class Effect(StrEnum):
    """What the call does upstream; the read-only guard looks at nothing else."""

    READ = "read"
    WRITE = "write"


class Auth(StrEnum):
    """Which token a call accepts (scenarios.json ``auth``)."""

    APP = "app"
    APP_USER = "app+user"


class Paging(StrEnum):
    """How a listing goes on after its first page."""

    NONE = "none"
    CONTINUATION = "continuation"  # MS-ContinuationToken header + seekOperation=Next
    OFFSET = "offset"  # size + offset
    HEADER = "header"  # MS-ContinuationToken header alone (devices)
    SEEK = "seek"  # seek_operation (utilization)
    NEXT_LINK = "nextLink"  # @nextLink / @odata.nextLink / links.next


class Throttle(StrEnum):
    """Buckets that Microsoft documents separately (500 a minute per tenant for each named one)."""

    CUSTOMERS = "customers"
    ORDERS = "orders"
    SUBSCRIPTIONS = "subscriptions"
    OTHER = "other"


class Host(StrEnum):
    API = "api"
    REFERRALS = "referrals"
    GRAPH = "graph"
    SALES = "sales"


class Cloud(StrEnum):
    PUBLIC = "public"
    CHINA = "china"
    GERMANY = "germany"
    US_GOV = "us-gov"


@dataclass(frozen=True)
class Part:
    """One field of a form: a text, or a file where it has a ``filename``."""

    name: str
    content: bytes
    filename: str = ""
    content_type: str = "application/json"


@dataclass(frozen=True)
class Multipart:
    """A body that goes out as ``multipart/form-data``."""

    parts: tuple[Part, ...]

    def told(self) -> list[dict[str, str | int]]:
        """What it holds, without the bytes."""
        return [
            {"name": one.name, "filename": one.filename, "size": len(one.content)}
            for one in self.parts
        ]


@dataclass(frozen=True, kw_only=True)
class Query:
    """One query parameter. ``constant`` is a value that the call always carries."""

    name: str
    required: bool = False
    constant: str | None = None


@dataclass(frozen=True, kw_only=True)
class Operation(Generic[R]):
    """One REST scenario.

    ``path`` holds ``{placeholders}``; ``scenario`` is the slug of Microsoft's page, the source of
    every fact here. ``returns`` is the TypedDict of the answer's JSON (``type(None)`` for none,
    ``bytes`` for a document, ``bool`` for a HEAD: whether it was found). ``may_be_empty`` marks a
    200 that documents allow without a body.
    """

    name: str
    method: Method
    path: str
    scenario: str
    returns: type[R]
    effect: Effect
    auth: frozenset[Auth] = frozenset({Auth.APP, Auth.APP_USER})
    query: tuple[Query, ...] = ()
    headers: tuple[str, ...] = ()
    body: Any = None
    paging: Paging = Paging.NONE
    throttle: Throttle = Throttle.OTHER
    host: Host = Host.API
    clouds: frozenset[Cloud] = frozenset({Cloud.PUBLIC, Cloud.CHINA, Cloud.GERMANY, Cloud.US_GOV})
    success: tuple[int, ...] = (200,)
    etag: bool = False
    may_be_empty: bool = False
    retired: str | None = None
    national_gaps: dict[str, str] = field(default_factory=dict, hash=False, compare=False)

    @property
    def path_names(self) -> tuple[str, ...]:
        """The placeholders of the path, in order."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.path) if name)

    @property
    def needs_user(self) -> bool:
        """Whether only an App+User token is accepted (74 of the 146 calls)."""
        return Auth.APP not in self.auth
