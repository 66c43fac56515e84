"""Tokens from Microsoft's sign-in service: app-only, and App+User (Secure Application Model).

msal does the protocol. It accepts https authorities only, so it is given an HTTP client that sends
what is meant for the cloud's login host to the connection's ``login`` address, with the cloud's
host name in ``Host``. Nothing is cached here: tokens are shared and kept by whoever asks.
"""

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx
import msal
from msal.exceptions import MsalError

from portal.partnercenter import wire
from portal.partnercenter.clouds import CLOUDS, SALES_SCOPE, Endpoints
from portal.partnercenter.errors import (
    BadAnswer,
    ConsentNeeded,
    ForeignHost,
    PartnerError,
    TokenRefused,
    Unreachable,
    UpstreamUnavailable,
)
from portal.partnercenter.transport import utc_now

CLAIMS = ("tid", "oid", "preferred_username", "upn", "name", "amr")

# Only a person can mend these. Source: Microsoft's list of AADSTS codes.
CONSENT_CODES = {
    "AADSTS65001",  # consent was never given
    "AADSTS65004",  # consent was declined
    "AADSTS50076",  # multi-factor sign-in is needed
    "AADSTS50078",  # multi-factor sign-in has run out
    "AADSTS50079",  # the user must enrol for multi-factor sign-in
    "AADSTS50173",  # the grant was revoked
    "AADSTS54005",  # the code was already redeemed
    "AADSTS70000",  # the grant is not valid
    "AADSTS70008",  # the code or refresh token has expired
    "AADSTS700082",  # the refresh token was not used for 90 days
    "AADSTS700084",  # the refresh token has expired
}
CONSENT_ERRORS = {"interaction_required", "consent_required", "login_required", "access_denied"}
BUSY = {"temporarily_unavailable", "server_error"}


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token. ``expires_at`` is counted from ``expires_in`` on our own clock (UTC).

    ``claims`` tells who signed in: tenant, object id, names; empty for app-only.
    """

    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str | None = field(default=None, repr=False)
    scope: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Authenticator:
    """Gets tokens for one application registration in one tenant."""

    http: httpx.Client
    endpoints: Endpoints
    tenant: str
    client_id: str
    client_secret: str = field(repr=False)
    clock: Callable[[], datetime] = utc_now

    def app_token(self) -> Token:
        """Return an app-only token. Raises ``TokenRefused``, ``Unreachable``, ``BadAnswer``."""
        return self._ask(lambda app: app.acquire_token_for_client([self.scope]))

    def authorization_url(self, *, redirect_uri: str, state: str, verifier: str) -> str:
        """Return the address where a person signs in and consents; no call is made.

        ``verifier`` (``new_verifier``) and ``state`` stay with the browser's session until the
        answer comes back in the query of ``redirect_uri``.
        """
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "client_id": self.client_id,
            "response_type": "code",
            "response_mode": "query",
            "redirect_uri": redirect_uri,
            "scope": " ".join(["openid", "profile", "offline_access", self.scope]),
            "state": state,
            "nonce": hashlib.sha256(_nonce(verifier).encode()).hexdigest(),
            "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "prompt": "select_account",
        }
        where = f"{self.endpoints.login}/{self.tenant}/oauth2/v2.0/authorize"
        return f"{where}?{urlencode(query)}"

    def redeem(self, code: str, *, verifier: str, redirect_uri: str) -> Token:
        """Exchange the code of a consent for an App+User token with its refresh token.

        The caller has compared the state. Raises ``ConsentNeeded`` for a code that is spent or
        expired, ``TokenRefused``, ``Unreachable``, ``BadAnswer``.
        """
        flow = {
            "state": verifier,
            "redirect_uri": redirect_uri,
            "scope": ["openid", "profile", "offline_access", self.scope],
            "code_verifier": verifier,
            "nonce": _nonce(verifier),
        }
        answer = {"code": code, "state": verifier}
        return self._ask(
            lambda app: app.acquire_token_by_auth_code_flow(flow, answer, [self.scope])
        )

    def refresh(self, refresh_token: str, *, graph: bool = False, sales: bool = False) -> Token:
        """Exchange a refresh token for an access token; ``graph`` or ``sales``: of that audience.

        The answer mostly holds a new refresh token: keep that one. Raises ``ConsentNeeded`` where
        a person must consent again, ``TokenRefused``, ``Unreachable``, ``BadAnswer``.
        """
        scope = CLOUDS[self.endpoints.cloud].graph_scope if graph else self.scope
        scope = SALES_SCOPE if sales else scope
        return self._ask(lambda app: app.acquire_token_by_refresh_token(refresh_token, [scope]))

    @property
    def scope(self) -> str:
        """The scope asked for: everything the registration was granted on Partner Center."""
        return CLOUDS[self.endpoints.cloud].scope

    def _ask(self, question: Callable[[Any], Mapping[str, Any]]) -> Token:
        login = _LoginHttp(self.http, self.endpoints)
        try:
            app = msal.ConfidentialClientApplication(
                self.client_id,
                client_credential=self.client_secret,
                authority=f"https://{self.endpoints.login_host}/{self.tenant}",
                instance_discovery=False,
                http_client=login,
            )
            answer = question(app)
        except (MsalError, ValueError, KeyError, RuntimeError) as error:
            raise login.failure(error) from error
        if "access_token" not in answer:
            raise _refused(answer)
        return self._token(answer)

    def _token(self, answer: Mapping[str, Any]) -> Token:
        claims = answer.get("id_token_claims") or {}
        return Token(
            access_token=str(answer["access_token"]),
            expires_at=self.clock() + timedelta(seconds=int(answer.get("expires_in") or 0)),
            refresh_token=answer.get("refresh_token"),
            scope=str(answer.get("scope") or self.scope),
            claims={name: claims[name] for name in CLAIMS if name in claims},
        )


def new_verifier() -> str:
    """Return a fresh PKCE code verifier."""
    return secrets.token_urlsafe(48)


def _nonce(verifier: str) -> str:
    return hashlib.sha256(b"nonce " + verifier.encode()).hexdigest()


def _refused(answer: Mapping[str, Any]) -> PartnerError:
    """Return the error that a refusal of the token endpoint means."""
    kind = str(answer.get("error") or "")
    wording = str(answer.get("error_description") or "")
    found = re.search(r"AADSTS\d+", wording)
    code = found.group(0) if found else kind or None
    details = {"code": code, "correlation_id": answer.get("correlation_id"), "raw": wording}
    if kind in BUSY:
        return UpstreamUnavailable("the sign-in service is busy", **details)
    if code in CONSENT_CODES or kind in CONSENT_ERRORS:
        return ConsentNeeded("a person must sign in and consent again", **details)
    return TokenRefused("the sign-in service gave no token", **details)


class _LoginHttp:
    """The HTTP client that msal sees; it knows one host and remembers the last answer."""

    def __init__(self, http: httpx.Client, endpoints: Endpoints) -> None:
        self._http = http
        self._endpoints = endpoints
        self._last: httpx.Response | None = None

    def get(self, url: str, **kwargs: Any) -> httpx.Response:
        """GET for msal, which hands over ``params`` and ``headers`` at most."""
        return self._send("GET", url, kwargs)

    def post(self, url: str, **kwargs: Any) -> httpx.Response:
        """POST for msal: a form in ``data``."""
        return self._send("POST", url, kwargs)

    def close(self) -> None:
        """Do nothing: the httpx client is shared."""

    def _send(self, method: str, url: str, kwargs: dict[str, Any]) -> httpx.Response:
        parts = urlsplit(url)
        host = self._endpoints.login_host
        if parts.netloc.lower() != host:
            raise ForeignHost(f"the sign-in service points to {parts.netloc}")
        where = self._endpoints.login + urlunsplit(("", "", parts.path, parts.query, ""))
        headers = {**(kwargs.get("headers") or {}), "Host": host}
        wanted = {name: kwargs[name] for name in ("params", "data") if kwargs.get(name)}
        try:
            response = self._http.request(method, where, headers=headers, **wanted)
        except httpx.HTTPError as error:
            cause = str(error) or type(error).__name__
            raise Unreachable(f"the sign-in service: {cause}") from error
        self._last = response
        return response

    def failure(self, error: Exception) -> PartnerError:
        """Return what an exception of msal means, going by the last answer it saw."""
        if self._last is None:
            return TokenRefused(f"the tenant or application id is not valid: {error}")
        try:
            body = wire.decode(self._last.content)
        except ValueError:
            body = None
        status = self._last.status_code
        if isinstance(body, dict) and body.get("error"):
            return _refused(body)
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            return UpstreamUnavailable("the sign-in service failed", status=status)
        return BadAnswer("the sign-in service did not answer as one", status=status)
