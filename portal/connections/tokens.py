"""Access tokens: one row per connection and kind, fetched once for all workers.

Whoever finds the row stale takes its lease with one conditional UPDATE and asks Microsoft outside any
transaction; the others wait for the row to change. A refusal is written on the connection and from
then on raised at once, until a person changes the credentials or consents again.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.connections.models import RETIRED, AccessToken, Connection, TokenKind
from portal.connections.secrets import WrongKey
from portal.partnercenter.errors import (
    ConsentNeeded,
    PartnerError,
    PermissionMissing,
    TokenRefused,
    Unreachable,
)

log = logging.getLogger(__name__)

LEEWAY = timedelta(minutes=5)
"""A token this close to its end (or in its last fifth) is renewed: a long page must not outlive it."""
LEASE = timedelta(seconds=45)
"""Longer than a sign-in may take; a killed worker's lease ends by itself."""
POLL = 0.05
APART = frozenset({TokenKind.GRAPH, TokenKind.SALES})
"""Other audiences than Partner Center's, in a person's name."""
MEMO = 5.0
"""Seconds for which a process believes the row it last read."""


@dataclass(frozen=True)
class Grant:
    """What the sign-in service gave. ``expires_in`` is in seconds; ``refresh_token`` if it rotated."""

    value: str
    expires_in: float
    refresh_token: str | None = None


SignIn = Callable[[Connection, TokenKind], Grant]


class TokenBusy(Unreachable):
    """Another worker is fetching the token and did not finish in time; nothing was sent."""


class ConnectionRetired(TokenRefused):
    """The connection was retired: it has no secret any more and nothing was sent."""

    def __init__(self) -> None:
        super().__init__("This connection is retired: nothing is read or sent.", code=RETIRED)


class Tokens:
    """The tokens of one connection.

    ``sign_in`` asks Microsoft and raises TokenRefused where it says no. ``wait`` blocks for the given
    seconds while another worker asks.
    """

    def __init__(
        self, connection_id: int, sign_in: SignIn, *, wait: Callable[[float], Any] | None = None
    ) -> None:
        self.connection_id = connection_id
        self._sign_in = sign_in
        self._wait = wait or threading.Event().wait
        self._memo: dict[TokenKind, tuple[str, float]] = {}

    def get(self, *, user: bool, graph: bool = False, sales: bool = False) -> str:
        """Give a token good for some minutes; ``user`` asks for App+User, ``graph``, ``sales`` for theirs.

        Raises TokenRefused at once if Microsoft refused the present credentials before, ConsentNeeded
        if no person has consented, TokenBusy or another transient PartnerError if it cannot be asked.
        """
        kind = _kind(user=user, graph=graph, sales=sales)
        value, believed_until = self._memo.get(kind, ("", 0.0))
        if time.monotonic() < believed_until:
            return value
        with borrowed_database():
            value = self._shared(kind)
        self._memo[kind] = (value, time.monotonic() + MEMO)
        return value

    def invalidate(self, token: str) -> None:
        """Drop a token that Partner Center did not accept, unless another took its place already."""
        self._memo.clear()
        with borrowed_database():
            for row in AccessToken.objects.filter(connection_id=self.connection_id):
                if _revealed(row) == token:
                    AccessToken.objects.filter(pk=row.pk, renew_at=row.renew_at).update(
                        renew_at=timezone.now()
                    )

    def _shared(self, kind: TokenKind) -> str:
        waited = 0.0
        while waited <= LEASE.total_seconds():
            connection = Connection.objects.get(pk=self.connection_id)
            refuse_known_problem(connection, kind)
            row, _ = AccessToken.objects.get_or_create(connection=connection, kind=kind)
            if value := _usable(row, connection):
                return value
            if lease := _take_lease(row):
                return self._fetch(connection, kind, lease)
            self._wait(POLL)
            waited += POLL
        raise TokenBusy("Another worker is still signing in.")

    def _fetch(self, connection: Connection, kind: TokenKind, lease: uuid.UUID) -> str:
        """Ask Microsoft as the one holder of the lease, and let the others know what came of it."""
        # The credentials may have been replaced between reading them and taking the lease.
        connection.refresh_from_db()
        try:
            refuse_known_problem(connection, kind)
            grant = self._ask(connection, kind)
        except BaseException:
            _release(lease)
            raise
        store_grant(connection, kind, grant, lease=lease)
        return grant.value

    def _ask(self, connection: Connection, kind: TokenKind) -> Grant:
        try:
            return self._sign_in(connection, kind)
        except TokenRefused as refusal:
            # Stored before the lease is free: whoever takes it next must find it. That another audience
            # is not granted must not stop Partner Center's own calls.
            if kind in APART:
                raise _ungranted(refusal) from refusal
            store_problem(connection, kind, refusal)
            raise


def _kind(*, user: bool, graph: bool, sales: bool) -> TokenKind:
    """The kind of a call; Graph and price sheets are called in a person's name only."""
    if graph or sales:
        return TokenKind.GRAPH if graph else TokenKind.SALES
    return TokenKind.APP_USER if user else TokenKind.APP


def _ungranted(refusal: TokenRefused) -> PermissionMissing:
    """What such a refusal means to a call: it alone cannot be made, everything else can."""
    return PermissionMissing(
        wording(refusal),
        code=refusal.code,
        correlation_id=refusal.correlation_id,
        raw=refusal.raw,
    )


def refuse_known_problem(connection: Connection, kind: TokenKind) -> None:
    """Raise what Microsoft said last time, or ConsentNeeded, without asking again.

    A refused application spoils both kinds; a refused person only App+User; retirement everything.
    """
    if connection.is_retired:
        raise ConnectionRetired
    kinds = {TokenKind.APP, kind}
    if kind in APART:
        kinds.add(TokenKind.APP_USER)
    if connection.is_paused and connection.problem_kind in kinds:
        # A person's refusal is mended by consent, an application's by its secret or its hosts.
        refusal = ConsentNeeded if connection.problem_kind == TokenKind.APP_USER else TokenRefused
        raise refusal(
            connection.problem_text,
            code=connection.problem_code or None,
            correlation_id=connection.problem_correlation_id or None,
        )
    if kind != TokenKind.APP and not connection.has_consent:
        raise ConsentNeeded("No person has given consent for this connection yet.")


def store_problem(connection: Connection, kind: TokenKind, refusal: PartnerError) -> None:
    """Keep a refusal on the connection, unless its credentials have changed since they were sent."""
    changed = Connection.objects.filter(
        pk=connection.pk, credentials_version=connection.credentials_version
    ).update(
        problem_kind=kind,
        problem_code=refusal.code or "",
        problem_text=wording(refusal),
        problem_correlation_id=refusal.correlation_id or "",
        problem_at=timezone.now(),
    )
    if changed:
        log.warning(
            "sign-in refused",
            extra={
                "connection": connection.name,
                "kind": str(kind),
                "code": refusal.code,
                "correlation_id": refusal.correlation_id,
            },
        )


def wording(error: PartnerError) -> str:
    """Give Microsoft's own sentence, without the trace lines that follow it, else ours."""
    first = error.raw.splitlines()[0] if error.raw else ""
    return first.partition(" Trace ID:")[0].strip() or error.message


def store_grant(
    connection: Connection, kind: TokenKind, grant: Grant, *, lease: uuid.UUID | None = None
) -> None:
    """Save a token and a rotated refresh token together; both or neither.

    If the credentials changed meanwhile, nothing is saved: the grant belongs to the former ones. A
    worker that lost its lease keeps its own token but leaves the row to the new holder.
    """
    now = timezone.now()
    with transaction.atomic():
        current = Connection.objects.select_for_update().get(pk=connection.pk)
        if current.credentials_version != connection.credentials_version:
            _release(lease)
            return
        if grant.refresh_token:
            current.refresh_token = grant.refresh_token
            current.save(update_fields=["refresh_token"])
        rows = AccessToken.objects.filter(connection=current, kind=kind)
        if lease:
            rows = rows.filter(lease=lease)
        for row in rows:
            row.value = grant.value
            row.expires_at = now + timedelta(seconds=grant.expires_in)
            row.renew_at = row.expires_at - min(LEEWAY, timedelta(seconds=grant.expires_in / 5))
            row.credentials_version = current.credentials_version
            row.lease = row.lease_until = None
            row.save()


def _usable(row: AccessToken, connection: Connection) -> str:
    """Give the token if it is fresh and of the present credentials, else ""."""
    current = row.credentials_version == connection.credentials_version
    fresh = row.renew_at is not None and row.renew_at > timezone.now()
    return _revealed(row) if current and fresh else ""


def _revealed(row: AccessToken) -> str:
    """Open the token; one that was sealed with a lost key is as good as none."""
    try:
        return str(row.value.reveal())
    except WrongKey:
        return ""


def _take_lease(row: AccessToken) -> uuid.UUID | None:
    """Become the one worker that fetches this token; None if there is one already.

    The condition repeats what was read: if the row was filled meanwhile, nobody fetches again.
    """
    lease = uuid.uuid4()
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    taken = AccessToken.objects.filter(
        free,
        pk=row.pk,
        renew_at=row.renew_at,
        credentials_version=row.credentials_version,
    )
    return lease if taken.update(lease=lease, lease_until=now + LEASE) else None


def _release(lease: uuid.UUID | None) -> None:
    if lease:
        AccessToken.objects.filter(lease=lease).update(lease=None, lease_until=None)


@contextmanager
def borrowed_database() -> Iterator[None]:
    """Close the thread's database connection afterwards if it was opened here.

    A client's threads come and go; nobody else would close what they opened.
    """
    was_open = database.connection is not None
    try:
        yield
    finally:
        if not was_open:
            database.close()
