"""Give consent in the emulator as its administrator would in a browser.

The demo has nobody to click: it walks the authorize page and keeps the refresh token that a person's
consent leads to (the Secure Application Model).
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx

from portal.embedded.errors import EmbeddedError

REDIRECT = "http://localhost/settings/connections/consent/callback/"


@dataclass(frozen=True)
class App:
    """The application that the emulator knows; its ids never change."""

    tenant_id: str
    client_id: str
    client_secret: str


EMULATED = App(
    tenant_id="7c1d3a52-9f4e-4b0a-8e21-5d6f0c2b9a10",
    client_id="2f8b6e04-1a7d-4c39-b5e2-90d3c7a4f681",
    client_secret="emulator-secret-not-for-production",  # noqa: S106 - opens the emulator only
)
SCOPE = "https://api.partnercenter.microsoft.com/user_impersonation offline_access openid"


def refresh_token(login_url: str, app: App) -> str:
    """Press "approve" on the authorize page and redeem the code; raises EmbeddedError with the refusal."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    base = f"{login_url}/{app.tenant_id}/oauth2/v2.0"
    asked = {
        "client_id": app.client_id,
        "response_type": "code",
        "response_mode": "query",
        "redirect_uri": REDIRECT,
        "scope": SCOPE,
        "state": "demo",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    try:
        with httpx.Client(base_url=base, timeout=20, trust_env=False) as client:
            pressed = client.post("/authorize", data={**asked, "decision": "approve"})
            grant = {
                "grant_type": "authorization_code",
                "code": _code(pressed),
                "redirect_uri": REDIRECT,
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "code_verifier": verifier,
                "scope": SCOPE,
            }
            token: str = client.post("/token", data=grant).json()["refresh_token"]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise EmbeddedError(f"The emulator gave no consent: {error!r}") from error
    return token


def _code(answer: httpx.Response) -> str:
    """Return the code that the emulator's redirect carries back."""
    back = parse_qs(urlsplit(answer.headers.get("location", "")).query)
    if "code" not in back:
        refusal = back.get("error_description", [f"status {answer.status_code}"])[0]
        raise EmbeddedError(f"The emulator gave no consent: {refusal}")
    return str(back["code"][0])
