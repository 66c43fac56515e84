"""The only way to a Partner Center client, and never inside a web request.

httpx clients are kept per process, connection and purpose, so that a sync never takes the sockets of a
question; after a fork the child starts with none. Everything else is put together anew for each caller,
because mode, secret and limits may have changed.
"""

import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Literal, TypeAlias

import httpx
from django.utils import timezone

from portal.connections import clocks
from portal.connections.governor import Governor
from portal.connections.middleware import HttpInWebRequest, in_web_request
from portal.connections.models import Connection, TokenKind
from portal.connections.secrets import Secret, WrongKey
from portal.connections.tokens import ConnectionRetired, Grant, Tokens, borrowed_database
from portal.connections.validators import is_loopback
from portal.partnercenter.auth import Authenticator
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.clouds import CLOUDS, Endpoints, endpoints
from portal.partnercenter.errors import ConsentNeeded, PartnerError
from portal.partnercenter.retry import RetryPolicy
from portal.partnercenter.spec import Cloud
from portal.partnercenter.transport import Transport, http_client, utc_now

Purpose: TypeAlias = Literal["sync", "write", "bulk", "question"]

# A person waits for a question; a write is short so that its lease outlives it.
RETRIES: dict[str, RetryPolicy] = {
    "sync": RetryPolicy(attempts=5, longest=60.0),
    "write": RetryPolicy(attempts=3, longest=30.0),
    "bulk": RetryPolicy(attempts=3, longest=30.0),
    "question": RetryPolicy(attempts=3, longest=15.0),
}
TIMEOUTS: dict[str, float] = {
    "sync": 60.0,
    "write": 60.0,
    "bulk": 60.0,
    "question": 20.0,
    "sign-in": 12.0,
}
WRITING = ("write", "bulk")
"""Bulk is the outbox at work on a batch: it writes, and like a sync leaves the kept share alone."""
CLOCK_EVERY = 60.0
"""Seconds between two notes of Partner Center's clock, unless it jumps."""
CLOCK_JUMP = 2.0


class _Clients:
    """The httpx clients of this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.open: dict[tuple[int, str, int], httpx.Client] = {}

    def get(self, connection_id: int, purpose: str, lane: int = 0) -> httpx.Client:
        with self.lock:
            key = (connection_id, purpose, lane)
            if key not in self.open:
                self.open[key] = http_client(timeout=TIMEOUTS[purpose])
            return self.open[key]

    def close(self) -> None:
        """Close every client of this process (a worker's end, a test's end)."""
        with self.lock:
            for client in self.open.values():
                client.close()
            self.open.clear()

    def forget(self) -> None:
        """Leave the parent's sockets alone: the child opens its own."""
        self.lock = threading.Lock()
        self._parents = self.open
        self.open = {}


_clients = _Clients()
os.register_at_fork(after_in_child=_clients.forget)
close_all = _clients.close


def get_client(connection: Connection, purpose: Purpose, lane: int = 0) -> PartnerClient:
    """Give a client for ``connection``: "sync" and "question" only read, "write" and "bulk" are the outbox's.

    An httpx client carries 16 requests at once; a sync that wants more takes several lanes.
    Writes raise ReadOnlyBlocked unless the purpose is one of those and the mode, read afresh, allows them.
    Raises HttpInWebRequest inside a web request, ConnectionRetired once the connection is retired.
    """
    if in_web_request():
        raise HttpInWebRequest
    if connection.is_retired:
        raise ConnectionRetired
    return PartnerClient(
        Transport(
            http=_clients.get(connection.pk, purpose, lane),
            endpoints=endpoints_of(connection),
            tokens=Tokens(connection.pk, sign_in),
            read_only=not (purpose in WRITING and _writes_allowed_now(connection)),
            purpose=purpose,
            governor=governor(connection),
            retry=RETRIES[purpose],
            on_clock=_clock_of(connection.pk),
        )
    )


def endpoints_of(connection: Connection) -> Endpoints:
    """Give the connection's hosts; an empty address is the cloud's own."""
    return endpoints(
        Cloud(connection.cloud),
        api=connection.api_url,
        login=connection.login_url,
        graph=connection.graph_url,
    )


def governor(connection: Connection) -> Governor:
    """Give the shared request budget. A page may read it; only a client spends it."""
    return Governor(connection.pk, connection.limits, free=_is_test_bed(connection))


def authenticator(connection: Connection) -> Authenticator:
    """Give the sign-in of the connection's application. Raises HttpInWebRequest inside a web request."""
    if in_web_request():
        raise HttpInWebRequest
    return Authenticator(
        http=_clients.get(connection.pk, "sign-in"),
        endpoints=endpoints_of(connection),
        tenant=connection.tenant_id,
        client_id=connection.client_id,
        client_secret=_reveal(connection.client_secret),
    )


def authorization_url(
    connection: Connection, *, redirect_uri: str, state: str, verifier: str
) -> str:
    """Give the address of Microsoft's consent page. Nothing is sent, so a page may ask for it."""
    with http_client(transport=httpx.MockTransport(_no_http)) as http:
        return Authenticator(
            http=http,
            endpoints=endpoints_of(connection),
            tenant=connection.tenant_id,
            client_id=connection.client_id,
            client_secret="",
        ).authorization_url(redirect_uri=redirect_uri, state=state, verifier=verifier)


def _no_http(_request: httpx.Request) -> httpx.Response:
    raise HttpInWebRequest


def sign_in(connection: Connection, kind: TokenKind) -> Grant:
    """Ask Microsoft for a token of one kind. Raises TokenRefused or a transient PartnerError."""
    person = authenticator(connection)
    if kind == TokenKind.APP:
        token = person.app_token()
    elif connection.refresh_token:
        token = person.refresh(
            _reveal(connection.refresh_token),
            graph=kind == TokenKind.GRAPH,
            sales=kind == TokenKind.SALES,
        )
    else:
        raise ConsentNeeded("No person has given consent for this connection yet.")
    lifetime = (token.expires_at - utc_now()).total_seconds()
    return Grant(token.access_token, lifetime, token.refresh_token)


class SecretUnreadable(PartnerError):  # noqa: N818 - named after what is wrong
    """The stored secret was sealed with a key that is lost; nothing was sent."""


def _reveal(secret: Secret) -> str:
    try:
        return secret.reveal()
    except WrongKey as error:
        raise SecretUnreadable(str(error), code="wrong_key") from None


def _writes_allowed_now(connection: Connection) -> bool:
    """Read the mode from the database: a switch to read only holds from the next write on."""
    with borrowed_database():
        return Connection.objects.only("mode").get(pk=connection.pk).writes_allowed


def _is_test_bed(connection: Connection) -> bool:
    """Tell whether Microsoft's documented budget does not apply, because this is not Microsoft.

    A production connection through some other host is taken for a proxy in front of Microsoft.
    """
    host = httpx.URL(connection.api_url).host
    if is_loopback(host):
        return True
    theirs = httpx.URL(CLOUDS[Cloud(connection.cloud)].api).host
    return host != theirs and not connection.is_production


_noted: dict[int, tuple[float, float]] = {}


def _clock_of(connection_id: int) -> Callable[[timedelta], None]:
    def note(ahead: timedelta) -> None:
        # A Date header is cut to the second, so half a second is missing on average.
        offset = ahead.total_seconds() + 0.5
        if abs(offset) < CLOCK_JUMP:
            offset = 0.0
        at, last = _noted.get(connection_id, (0.0, float("inf")))
        now = time.monotonic()
        if now - at < CLOCK_EVERY and abs(offset - last) < CLOCK_JUMP:
            return
        _noted[connection_id] = (now, offset)
        with borrowed_database():
            Connection.objects.filter(pk=connection_id).update(
                clock_offset=offset, clock_checked_at=timezone.now()
            )
        clocks.forget()

    return note
