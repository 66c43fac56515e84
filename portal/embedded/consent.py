"""Give consent in the emulator as its administrator would in a browser.

The demo has nobody to click: it walks the authorize page and keeps the refresh token that a person's
consent leads to (the Secure Application Model).
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

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
    """Walk authorize, consent and token endpoint; raises EmbeddedError with the refusal."""
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
        with httpx.Client(timeout=20, trust_env=False) as client:
            code = _consented(client, client.get(f"{base}/authorize", params=asked))
            grant = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": REDIRECT,
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "code_verifier": verifier,
                "scope": SCOPE,
            }
            answer = client.post(f"{base}/token", data=grant)
            return str(answer.json()["refresh_token"])
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise EmbeddedError(f"The emulator gave no consent: {error!r}") from error


def _consented(client: httpx.Client, page: httpx.Response) -> str:
    """Return the code of the redirect that follows the page's first button, at most a few pages on."""
    for _ in range(4):
        if page.is_redirect:
            target = urljoin(str(page.url), page.headers["location"])
            found = parse_qs(urlsplit(target).query)
            if "code" in found:
                return found["code"][0]
            if "error" in found:
                raise EmbeddedError(f"The emulator refused consent: {found['error'][0]}")
            page = client.get(target)
            continue
        form = _Form()
        form.feed(page.text)
        if page.is_error or form.action is None:
            raise EmbeddedError(f"The emulator's consent page answers {page.status_code}.")
        target = urljoin(str(page.url), form.action)
        page = client.request(form.method, target, data=form.fields)
    raise EmbeddedError("The emulator's consent page leads nowhere.")


class _Form(HTMLParser):
    """The first form of a page: where it goes, what it carries, its first button pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.method = "POST"
        self.fields: dict[str, str] = {}
        self._pressed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None:
            self.action = given.get("action", "")
            self.method = given.get("method", "get").upper()
        elif tag in {"input", "button"} and given.get("name"):
            self._carry(tag, given)

    def _carry(self, tag: str, given: dict[str, str]) -> None:
        presses = tag == "button" or given.get("type") == "submit"
        if presses and self._pressed:
            return
        self._pressed = self._pressed or presses
        self.fields[given["name"]] = given.get("value", "")
