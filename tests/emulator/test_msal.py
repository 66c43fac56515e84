"""msal itself, over plain http: it is satisfied by what the emulator answers."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx
import msal
import pytest

from portal.emulator import serve

TENANT = "7c1d3a52-9f4e-4b0a-8e21-5d6f0c2b9a10"
CLIENT = "2f8b6e04-1a7d-4c39-b5e2-90d3c7a4f681"
SECRET = "emulator-secret-not-for-production"
SCOPES = ["https://api.partnercenter.microsoft.com/.default"]
BACK = "http://localhost/callback/"


class OverHttp:
    """What msal calls its http_client: sends what is meant for the login host to the emulator."""

    def __init__(self, base: str, host: str) -> None:
        self._client = httpx.Client(base_url=base, headers={"Host": host}, trust_env=False)
        self.asked: list[str] = []

    def _send(self, method: str, url: str, **given: Any) -> httpx.Response:
        assert url.startswith("https://")
        self.asked.append(url)
        parts = urlsplit(url)
        path = urlunsplit(("", "", parts.path, parts.query, ""))
        wanted = {name: given[name] for name in ("params", "data", "headers") if given.get(name)}
        return self._client.request(method, path, **wanted)

    def get(self, url: str, **given: Any) -> httpx.Response:
        return self._send("GET", url, **given)

    def post(self, url: str, **given: Any) -> httpx.Response:
        return self._send("POST", url, **given)

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def over_http(server: serve.Running) -> Iterator[Callable[[str], OverHttp]]:
    made: list[OverHttp] = []

    def to(host: str) -> OverHttp:
        made.append(OverHttp(server.url, host))
        return made[-1]

    yield to
    for http in made:
        http.close()


def application(http: OverHttp, host: str, secret: str = SECRET) -> Any:
    return msal.ConfidentialClientApplication(
        CLIENT, client_credential=secret, authority=f"https://{host}/{TENANT}", http_client=http
    )


@pytest.mark.parametrize(
    "host", ["login.microsoftonline.com", "login.chinacloudapi.cn", "login.microsoftonline.us"]
)
def test_msal_gets_an_app_only_token_in_every_cloud(
    server: serve.Running, over_http: Callable[[str], OverHttp], host: str
) -> None:
    http = over_http(host)
    answer = application(http, host).acquire_token_for_client(SCOPES)
    assert "access_token" in answer, answer
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert httpx.get(f"{server.url}/v1/customers", headers=headers).status_code == 200


def test_msal_says_that_a_secret_is_wrong(
    server: serve.Running, over_http: Callable[[str], OverHttp]
) -> None:
    host = "login.microsoftonline.com"
    http = over_http(host)
    answer = application(http, host, "wrong").acquire_token_for_client(SCOPES)
    assert answer["error"] == "invalid_client"
    assert "AADSTS7000215" in answer["error_description"]


def test_msal_signs_a_person_in_and_refreshes(
    server: serve.Running, over_http: Callable[[str], OverHttp]
) -> None:
    host = "login.microsoftonline.com"
    http = over_http(host)
    app = application(http, host)
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK, response_mode="form_post")
    page = urlsplit(flow["auth_uri"])
    form = {name: values[0] for name, values in parse_qs(page.query).items()}
    pressed = httpx.post(
        f"{server.url}{page.path}", data={**form, "response_mode": "query", "decision": "approve"}
    )
    back = parse_qs(urlsplit(pressed.headers["location"]).query)
    answer = app.acquire_token_by_auth_code_flow(
        flow, {name: values[0] for name, values in back.items()}
    )
    assert "access_token" in answer, answer
    assert answer["id_token_claims"]["tid"] == TENANT
    assert len(app.get_accounts()) == 1
    renewed = app.acquire_token_by_refresh_token(answer["refresh_token"], SCOPES)
    assert renewed["access_token"] != answer["access_token"]
    assert (
        httpx.post(f"{server.url}/_emulator/tokens", json={"action": "revoke"}).status_code == 200
    )
    refused = app.acquire_token_by_refresh_token(answer["refresh_token"], SCOPES)
    assert refused["error"] == "invalid_grant"
