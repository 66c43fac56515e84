"""The one pipeline that every call to Partner Center goes through.

Guard, budget, token, headers, attempt, reading, retry: in this order, for all operations alike.
"""

import logging
import ssl
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import Any, Protocol

import httpx

from portal.partnercenter import wire
from portal.partnercenter.clouds import Endpoints
from portal.partnercenter.errors import (
    BadAnswer,
    NoAnswer,
    NotReady,
    PartnerError,
    ReadOnlyBlocked,
    Throttled,
    Unauthorized,
    Unreachable,
    refusal,
)
from portal.partnercenter.resources.names import canonical
from portal.partnercenter.retry import RetryPolicy, Sleep, may_repeat, wait
from portal.partnercenter.spec import (
    Effect,
    Host,
    Method,
    Multipart,
    Operation,
    Paging,
    Throttle,
)
from portal.partnercenter.wire import Answer, Ask

log = logging.getLogger("portal.partnercenter")

CONNECTIONS = 16
"""Beyond this many requests in flight one httpx client gets slower, not faster."""

RAW_LIMIT = 2000
EMPTY = (HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT)
SEEK = {Paging.CONTINUATION: "seekOperation", Paging.SEEK: "seek_operation"}
# Hosts that do not take Partner Center's own token.
AUDIENCES = {Host.GRAPH: {"graph": True}, Host.SALES: {"sales": True}}
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Governor(Protocol):
    """Shares the request budget of a connection among everyone who uses it."""

    def acquire(self, throttle: Throttle, purpose: str) -> None:
        """Return when a request of this class may go out; may raise ``Throttled`` instead."""

    def penalise(self, throttle: Throttle, retry_after: float) -> None:
        """Learn that Partner Center answered 429: nothing of this class for so many seconds."""


class TokenSource(Protocol):
    """Gives access tokens, and is told when one was not accepted."""

    def get(self, *, user: bool, graph: bool = False, sales: bool = False) -> str:
        """Return an access token; ``user``: App+User, ``graph``, ``sales``: theirs. Raises ``TokenRefused``."""

    def invalidate(self, token: str) -> None:
        """Forget this token: it got a 401."""


class Unlimited:
    """A governor that lets everything pass."""

    def acquire(self, throttle: Throttle, purpose: str) -> None:
        """Return at once."""

    def penalise(self, throttle: Throttle, retry_after: float) -> None:
        """Do nothing."""


def utc_now() -> datetime:
    """Return the local clock's time in UTC; the default clock."""
    return datetime.fromtimestamp(time.time(), UTC)


def http_client(
    *, timeout: float = 60.0, transport: httpx.BaseTransport | None = None
) -> httpx.Client:
    """Return a client that threads may share: 16 connections, no redirects, no cookies kept.

    ``timeout`` is in seconds, for each of writing and reading; connecting gets 10 at most. Calls
    to the loopback never go through a proxy.
    """
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    times = httpx.Timeout(timeout, connect=min(timeout, 10.0))
    if transport is not None:
        return httpx.Client(transport=transport, timeout=times, follow_redirects=False)
    direct: dict[str, httpx.BaseTransport | None] = dict.fromkeys(
        ("all://127.0.0.1", "all://localhost", "all://[::1]")
    )
    return httpx.Client(
        limits=limits, timeout=times, follow_redirects=False, mounts=direct, verify=_trusted()
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that every client trusts: reading them takes longer than making a client."""
    return httpx.create_ssl_context()


@dataclass(frozen=True, kw_only=True)
class Transport:
    """The pipeline of one connection for one purpose.

    ``read_only`` stops every operation with effect write before a request is built. ``on_clock``
    gets how far Partner Center's clock is ahead of ours, after each answer that tells.
    """

    http: httpx.Client
    endpoints: Endpoints
    tokens: TokenSource
    read_only: bool = True
    purpose: str = "sync"
    application: str = "csp-portal"
    locale: str = "en-US"
    governor: Governor = field(default_factory=Unlimited)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Sleep = wait
    clock: Callable[[], datetime] = utc_now
    on_clock: Callable[[timedelta], None] | None = None

    def send(self, operation: Operation[Any], ask: Ask) -> Answer:
        """Carry out one call, with as many attempts as its effect and the policy allow.

        Raises a ``PartnerError``; ``ReadOnlyBlocked`` before anything else.
        """
        self._guard(operation, ask)
        call = _Call(
            operation=operation,
            ask=ask,
            url=wire.address(operation, ask, self.endpoints, _seek(operation, ask)),
            correlation_id=str(uuid.uuid4()),
            request_id=ask.request_id or str(uuid.uuid4()),
        )
        attempt = 0
        renewed = False
        while True:
            attempt += 1
            try:
                return self._attempt(call, attempt)
            except PartnerError as error:
                fresh = isinstance(error, Unauthorized) and not renewed and ask.request_id is None
                pause = 0.0 if fresh else self._pause(call, attempt, error)
                if pause is None:
                    raise
                renewed = renewed or fresh
                call.after(error)
            self.sleep(pause)

    def _guard(self, operation: Operation[Any], ask: Ask) -> None:
        if self.read_only and operation.effect is Effect.WRITE:
            raise ReadOnlyBlocked(
                "the connection is read only",
                operation=operation.name,
                path=wire.fill_path(operation, ask.path),
                body=ask.body.told() if isinstance(ask.body, Multipart) else ask.body,
            )

    def _pause(self, call: "_Call", attempt: int, error: PartnerError) -> float | None:
        if isinstance(error, Throttled) and error.status is not None:
            self.governor.penalise(call.operation.throttle, error.retry_after or self.retry.first)
        if not may_repeat(call.operation, error, owns_id=call.ask.request_id is not None):
            return None
        return self.retry.delay(attempt, error)

    def _attempt(self, call: "_Call", attempt: int) -> Answer:
        self.governor.acquire(call.operation.throttle, self.purpose)
        audience = AUDIENCES.get(call.operation.host, {})
        token = self.tokens.get(user=call.operation.needs_user, **audience)
        request = self._request(call, token)
        sent_at = self.clock()
        started = time.perf_counter()
        status: object = "-"
        try:
            response = self._exchange(request, call)
            status = response.status_code
            return self._read(response, call, sent_at)
        except Unauthorized:
            self.tokens.invalidate(token)
            raise
        except PartnerError as error:
            status = f"{status} {type(error).__name__}"
            raise
        finally:
            log.info(
                "%s %s %s: %s in %.0f ms, attempt %d, request %s, correlation %s",
                call.operation.name,
                request.method,
                request.url.raw_path.partition(b"?")[0].decode("ascii"),
                status,
                (time.perf_counter() - started) * 1000,
                attempt,
                call.request_id,
                call.correlation_id,
            )

    def _request(self, call: "_Call", token: str) -> httpx.Request:
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "MS-RequestId": call.request_id,
            "MS-CorrelationId": call.correlation_id,
            "MS-Contract-Version": "v1",
            "MS-PartnerCenter-Application": self.application,
            "X-Locale": self.locale,
        }
        if call.operation.host is not Host.API:
            headers["client-request-id"] = call.request_id
        if call.ask.etag is not None:
            headers["If-Match"] = f'"{call.ask.etag.strip(chr(34))}"'
        if call.ask.token is not None:
            headers["MS-ContinuationToken"] = call.ask.token
        content, files = None, None
        if isinstance(call.ask.body, Multipart):
            files = [
                (one.name, (one.filename or None, one.content, one.content_type))
                for one in call.ask.body.parts
            ]
        elif call.ask.body is not None:
            headers["Content-Type"] = "application/json"
            content = wire.encode(call.ask.body)
        return self.http.build_request(
            str(call.operation.method), call.url, headers=headers, content=content, files=files
        )

    def _exchange(self, request: httpx.Request, call: "_Call") -> httpx.Response:
        try:
            return self.http.send(request)
        except NOT_SENT as error:
            raise Unreachable(_cause(error), **call.details()) from error
        except httpx.DecodingError as error:
            raise BadAnswer(_cause(error), **call.details()) from error
        except httpx.HTTPError as error:
            raise NoAnswer(_cause(error), **call.details()) from error

    def _read(self, response: httpx.Response, call: "_Call", sent_at: datetime) -> Answer:
        now = self.clock()
        moment = wire.moment_of(response.headers.get("Date"))
        if moment is not None and self.on_clock is not None:
            self.on_clock(moment - now)
        correlation_id = response.headers.get("MS-CorrelationId") or call.correlation_id
        retry_after = wire.seconds(response.headers.get("Retry-After"), now)
        details = {
            **call.details(),
            "correlation_id": correlation_id,
            "retry_after": retry_after,
            "raw": response.content[:RAW_LIMIT].decode("utf-8", "replace"),
        }
        if not response.is_success and response.status_code not in call.operation.success:
            if _is_foreign(response):
                status = response.status_code
                raise BadAnswer("the answer is an HTML page", status=status, **details)
            raise refusal(response.status_code, _lenient(response.content), **details)
        return Answer(
            operation=call.operation.name,
            status=response.status_code,
            body=_body(response, call, {**details, "status": response.status_code}),
            request_id=call.request_id,
            correlation_id=correlation_id,
            sent_at=sent_at,
            location=response.headers.get("Location"),
            retry_after=retry_after,
        )


@dataclass(kw_only=True)
class _Call:
    """The state of one call over its attempts."""

    operation: Operation[Any]
    ask: Ask
    url: str
    correlation_id: str
    request_id: str

    def after(self, error: PartnerError) -> None:
        """Take a new request id where the last one was answered; keep it where it was not."""
        if error.status is not None:
            self.request_id = str(uuid.uuid4())

    def details(self) -> dict[str, Any]:
        return {
            "operation": self.operation.name,
            "request_id": self.request_id,
            "correlation_id": self.correlation_id,
        }


def _seek(operation: Operation[Any], ask: Ask) -> dict[str, str]:
    name = SEEK.get(operation.paging)
    return {name: "Next"} if name and ask.token is not None else {}


def _cause(error: Exception) -> str:
    return str(error) or type(error).__name__


def _is_html(response: httpx.Response) -> bool:
    return "text/html" in response.headers.get("Content-Type", "").lower()


def _is_foreign(response: httpx.Response) -> bool:
    """Tell whether a refusal comes from somebody else: Partner Center refuses in JSON or without a body.

    A 404 from a wrong host must not pass for a record that is gone. A 5xx may be a gateway's of
    Microsoft, and 401 and 429 are minded whoever says them.
    """
    minded = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)
    return _is_html(response) and response.is_client_error and response.status_code not in minded


def _lenient(content: bytes) -> Any:
    try:
        return wire.decode(content)
    except ValueError:
        return None


def _body(response: httpx.Response, call: "_Call", details: dict[str, Any]) -> Any:
    """Return the answer's body as the operation declares it; raise ``BadAnswer`` otherwise."""
    operation = call.operation
    if operation.method is Method.HEAD:
        return response.is_success
    if _is_html(response):
        raise BadAnswer("the answer is an HTML page", **details)
    if operation.returns is type(None):
        return None
    if operation.returns is bytes:
        return response.content
    if response.status_code == HTTPStatus.NO_CONTENT and operation.effect is Effect.READ:
        raise NotReady("the data are not ready", **details)
    return _page(response, details) if call.ask.raw else _json(response, operation, details)


def _page(response: httpx.Response, details: dict[str, Any]) -> Any:
    try:
        return wire.decode_page(response.content)
    except ValueError as error:
        raise BadAnswer(f"the answer is no listing: {error}", **details) from error


def _json(response: httpx.Response, operation: Operation[Any], details: dict[str, Any]) -> Any:
    wanted = getattr(operation.returns, "__origin__", operation.returns)
    kind = wanted if wanted in (str, list) else dict
    if not response.content.removeprefix(wire.BOM).strip():
        if response.status_code in EMPTY or operation.may_be_empty:
            return kind()
        raise BadAnswer("the answer is empty", **details)
    try:
        body = wire.decode(response.content)
    except ValueError as error:
        raise BadAnswer(f"the answer is not JSON: {error}", **details) from error
    if not isinstance(body, kind):
        raise BadAnswer(f"the answer is a JSON {type(body).__name__}", **details)
    return canonical(body, operation.returns)
