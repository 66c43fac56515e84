"""Tokens: what goes to the sign-in service, and what its refusals mean."""

import base64
import hashlib
import json
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from portal.partnercenter.auth import Authenticator, new_verifier
from portal.partnercenter.clouds import endpoints
from portal.partnercenter.errors import (
    BadAnswer,
    ConsentNeeded,
    ForeignHost,
    TokenRefused,
    Unreachable,
    UpstreamUnavailable,
)
from portal.partnercenter.spec import Cloud
from tests.partnercenter.tools import NOW

LOGIN = "http://127.0.0.1:9000"
BACK = "http://localhost:8000/back/"


def part(claims):
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()


class SignIn:
    """A sign-in service: discovery with the cloud's https names, one scripted token answer."""

    def __init__(self, token, status=200, discovery=None):
        self.token = token
        self.status = status
        self.discovery = discovery
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        host = request.headers["Host"]
        if "openid-configuration" in request.url.path:
            if self.discovery is not None:
                return self.discovery
            base = f"https://{host}/tenant-1"
            return httpx.Response(
                200,
                json={
                    "issuer": f"{base}/v2.0",
                    "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{base}/oauth2/v2.0/token",
                },
            )
        token = self.token(request) if callable(self.token) else self.token
        if isinstance(token, bytes):
            return httpx.Response(self.status, content=token)
        return httpx.Response(self.status, json=token)

    @property
    def form(self):
        return dict(parse_qsl(self.requests[-1].content.decode()))


def authenticator(service, cloud=Cloud.PUBLIC):
    return Authenticator(
        http=httpx.Client(transport=httpx.MockTransport(service)),
        endpoints=endpoints(cloud, login=LOGIN),
        tenant="tenant-1",
        client_id="client-1",
        client_secret="secret-canary",
        clock=lambda: NOW,
    )


def refusal(code, error="invalid_grant"):
    return {
        "error": error,
        "error_description": f"{code}: Something.\r\nTrace ID: 1",
        "error_codes": [int(code.removeprefix("AADSTS"))],
        "correlation_id": "corr-1",
    }


GRANT = {"token_type": "Bearer", "expires_in": 3599, "access_token": "at"}


@pytest.mark.parametrize(
    ("cloud", "host", "scope"),
    [
        (Cloud.PUBLIC, "login.microsoftonline.com", "https://api.partnercenter.microsoft.com"),
        (
            Cloud.CHINA,
            "login.chinacloudapi.cn",
            "https://partner.partnercenterapi.microsoftonline.cn",
        ),
        (Cloud.US_GOV, "login.microsoftonline.us", "https://api.partnercenter.microsoft.com"),
    ],
)
def test_an_app_only_token_goes_to_the_login_address_under_the_cloud_s_name(cloud, host, scope):
    service = SignIn(GRANT)
    token = authenticator(service, cloud).app_token()
    assert token.access_token == "at"
    assert token.expires_at == NOW + timedelta(seconds=3599)
    assert token.refresh_token is None
    assert {str(r.url).partition("/tenant-1")[0] for r in service.requests} == {LOGIN}
    assert {r.headers["Host"] for r in service.requests} == {host}
    assert service.form["grant_type"] == "client_credentials"
    assert service.form["scope"] == f"{scope}/.default"
    assert service.form["client_secret"] == "secret-canary"


def test_the_consent_address():
    verifier = new_verifier()
    url = authenticator(SignIn(GRANT)).authorization_url(
        redirect_uri=BACK, state="st", verifier=verifier
    )
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(f"{LOGIN}/tenant-1/oauth2/v2.0/authorize?")
    challenge = hashlib.sha256(verifier.encode()).digest()
    assert base64.urlsafe_b64decode(query["code_challenge"] + "=") == challenge
    assert query["code_challenge_method"] == "S256"
    assert (query["response_mode"], query["response_type"]) == ("query", "code")
    assert (query["state"], query["redirect_uri"]) == ("st", BACK)
    assert query["client_id"] == "client-1"
    assert "offline_access" in query["scope"].split()
    assert verifier not in url


def test_asking_for_the_consent_address_makes_no_call():
    service = SignIn(GRANT)
    authenticator(service).authorization_url(redirect_uri=BACK, state="s", verifier="v")
    assert service.requests == []


def redeeming(nonce=None):
    verifier = new_verifier()
    sent: dict[str, str] = {}

    def grant(_request):
        claims = {"nonce": nonce or sent["nonce"], "tid": "tenant-1", "oid": "o", "upn": "a@b.c"}
        claims |= {"sub": "s", "secret": "not kept"}
        return {**GRANT, "refresh_token": "refresh-canary", "id_token": f"x.{part(claims)}.y"}

    service = SignIn(grant)
    source = authenticator(service)
    url = source.authorization_url(redirect_uri=BACK, state="s", verifier=verifier)
    sent["nonce"] = parse_qs(urlsplit(url).query)["nonce"][0]
    return source, service, verifier


def test_redeeming_a_code():
    source, service, verifier = redeeming()
    token = source.redeem("the-code", verifier=verifier, redirect_uri=BACK)
    assert (token.access_token, token.refresh_token) == ("at", "refresh-canary")
    assert token.claims == {"tid": "tenant-1", "oid": "o", "upn": "a@b.c"}
    assert service.form["code"] == "the-code"
    assert service.form["code_verifier"] == verifier
    assert service.form["redirect_uri"] == BACK
    assert "canary" not in repr(token)


def test_an_answer_for_another_sign_in_is_not_taken():
    source, _, verifier = redeeming(nonce="somebody else's")
    with pytest.raises(BadAnswer):
        source.redeem("the-code", verifier=verifier, redirect_uri=BACK)


def test_refreshing():
    service = SignIn({**GRANT, "refresh_token": "rt-2"})
    token = authenticator(service).refresh("rt-1")
    assert token.refresh_token == "rt-2"
    assert service.form["grant_type"] == "refresh_token"
    assert service.form["refresh_token"] == "rt-1"


@pytest.mark.parametrize(
    "code", ["AADSTS65001", "AADSTS700082", "AADSTS70008", "AADSTS50173", "AADSTS50076"]
)
def test_a_refresh_that_needs_a_person(code):
    service = SignIn(refusal(code), 400)
    with pytest.raises(ConsentNeeded) as caught:
        authenticator(service).refresh("rt")
    assert caught.value.code == code
    assert caught.value.correlation_id == "corr-1"
    assert not caught.value.transient
    assert "secret-canary" not in str(caught.value)


@pytest.mark.parametrize("code", ["AADSTS7000215", "AADSTS7000222", "AADSTS700016"])
def test_a_wrong_secret_or_application(code):
    service = SignIn(refusal(code, "invalid_client"), 401)
    with pytest.raises(TokenRefused) as caught:
        authenticator(service).app_token()
    assert type(caught.value) is TokenRefused
    assert caught.value.code == code
    assert caught.value.answered


def test_a_tenant_that_is_not_known():
    missing = httpx.Response(400, json=refusal("AADSTS90002", "invalid_tenant"))
    with pytest.raises(TokenRefused) as caught:
        authenticator(SignIn(GRANT, discovery=missing)).app_token()
    assert caught.value.code == "AADSTS90002"


def test_a_sign_in_service_that_is_not_there():
    def nobody(_request):
        raise httpx.ConnectError("refused")

    with pytest.raises(Unreachable) as caught:
        authenticator(nobody).app_token()
    assert caught.value.transient


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (500, b"oops", UpstreamUnavailable),
        (503, b"<html>", UpstreamUnavailable),
        (200, b"<html>hotel network</html>", BadAnswer),
        (200, b"", BadAnswer),
    ],
)
def test_answers_that_are_none(status, content, kind):
    with pytest.raises(kind):
        authenticator(SignIn(content, status)).app_token()
    discovery = httpx.Response(status, content=content)
    with pytest.raises(kind):
        authenticator(SignIn(GRANT, discovery=discovery)).app_token()


def test_a_busy_sign_in_service_is_a_passing_fault():
    service = SignIn({"error": "temporarily_unavailable", "error_description": "AADSTS90033"}, 400)
    with pytest.raises(UpstreamUnavailable) as caught:
        authenticator(service).app_token()
    assert caught.value.transient


def test_the_secret_goes_to_the_login_host_only():
    base = "https://evil.example/tenant-1"
    discovery = httpx.Response(
        200,
        json={
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
        },
    )
    service = SignIn(GRANT, discovery=discovery)
    with pytest.raises(ForeignHost):
        authenticator(service).app_token()
    assert len(service.requests) == 1


def test_secrets_do_not_show():
    assert "secret-canary" not in repr(authenticator(SignIn(GRANT)))
