"""Tokens of the emulated sign-in service: what they say, when they end, who took them back.

A token carries its own claims, signed with a key that only depends on the tenant. So a refresh
token outlives a restart of the emulator, as it would outlive one of the portal.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from threading import Lock
from typing import Any

import msgspec

from portal.emulator.model import JSON

ACCESS_SECONDS = 3599
CODE_SECONDS = 600
REFRESH_SECONDS = 90 * 86_400
_REMEMBERED = 5_000


class ExpiredError(Exception):
    """The token was good once."""


class RevokedError(Exception):
    """The token was taken back by the control plane."""


class MalformedError(Exception):
    """The text is no token of this service, or one of another kind."""


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unbase64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Tokens:
    """Mints and reads tokens of the kinds ``access``, ``refresh`` and ``code``."""

    def __init__(self, tenant_id: str) -> None:
        self._key = hashlib.sha256(f"emulated sign-in of {tenant_id}".encode()).digest()
        self._lock = Lock()
        self._seen: dict[str, JSON] = {}
        self._redeemed: set[str] = set()
        self._generation = {"access": 0, "refresh": 0, "code": 0}
        self._serial = 0

    def mint(self, kind: str, claims: JSON, now: datetime, seconds: int) -> str:
        """Return a token of ``kind`` that ends after ``seconds``; each one is unique."""
        with self._lock:
            self._serial += 1
            content = {
                **claims,
                "kind": kind,
                "generation": self._generation[kind],
                "serial": f"{now.timestamp():.6f}-{self._serial}",
                "expires": now.timestamp() + seconds,
            }
        body = base64url(msgspec.json.encode(content))
        return f"{body}.{self._signature(body)}"

    def _signature(self, body: str) -> str:
        return base64url(hmac.digest(self._key, body.encode(), "sha256"))

    def read(self, kind: str, token: str, now: datetime) -> JSON:
        """Return the claims of a token. Raise MalformedError, RevokedError or ExpiredError."""
        claims = self._seen.get(token) or self._verified(token)
        if claims.get("kind") != kind:
            raise MalformedError
        if claims["generation"] < self._generation[kind]:
            raise RevokedError
        if claims["expires"] <= now.timestamp():
            raise ExpiredError
        return claims

    def _verified(self, token: str) -> JSON:
        body, _, signature = token.partition(".")
        if not hmac.compare_digest(self._signature(body).encode(), signature.encode()):
            raise MalformedError
        claims: Any = msgspec.json.decode(_unbase64url(body))
        with self._lock:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            self._seen[token] = claims
        return dict(claims)

    def redeem(self, code: str) -> bool:
        """Mark an authorization code as used; False if it was used before."""
        with self._lock:
            is_first = code not in self._redeemed
            self._redeemed.add(code)
            return is_first

    def revoke(self, kind: str) -> None:
        """Take back every token of ``kind`` minted so far."""
        with self._lock:
            self._generation[kind] += 1
