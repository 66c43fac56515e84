"""The emulated sign-in service: discovery, the consent page, three grants and their refusals."""

import base64
import hashlib
import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
from werkzeug.test import Client, TestResponse

from portal.emulator.app import Emulator
from tests.emulator.tools import Api

TENANT = "7c1d3a52-9f4e-4b0a-8e21-5d6f0c2b9a10"
CLIENT = "2f8b6e04-1a7d-4c39-b5e2-90d3c7a4f681"
SECRET = "emulator-secret-not-for-production"
SCOPE = "https://api.partnercenter.microsoft.com/.default"
TOKEN = f"/{TENANT}/oauth2/v2.0/token"
AUTHORIZE = f"/{TENANT}/oauth2/v2.0/authorize"
BACK = "http://localhost:8000/callback/"
VERIFIER = "a" * 50
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
ASKED = {
    "client_id": CLIENT,
    "response_type": "code",
    "response_mode": "query",
    "redirect_uri": BACK,
    "scope": f"openid profile offline_access {SCOPE}",
    "state": "the state & more",
    "nonce": "the nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class Page:
    """The form of the consent page, read as a browser would."""

    def __init__(self, markup: str) -> None:
        self.action = html.unescape(re.findall(r'<form method="post" action="([^"]*)"', markup)[0])
        self.buttons = re.findall(r'<button type="submit" name="decision" value="(\w+)"', markup)
        self.fields = {}
        for tag in re.findall(r"<input [^>]*>", markup):
            values = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            self.fields[values["name"]] = html.unescape(values["value"])


@pytest.fixture
def person(app: Emulator) -> Client:
    return Client(app)


def ask(person: Client, **changes: str) -> TestResponse:
    form = {
        "grant_type": "client_credentials",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "scope": SCOPE,
        **changes,
    }
    url = form.pop("url", TOKEN)
    return person.post(url, data={name: value for name, value in form.items() if value})


def consent(person: Client, decision: str = "approve", **changes: str) -> dict[str, str]:
    page = Page(person.get(AUTHORIZE, query_string={**ASKED, **changes}).get_data(as_text=True))
    assert page.buttons == ["approve", "refuse"]
    answer = person.post(page.action, data={**page.fields, "decision": decision})
    assert answer.status_code == 302
    address = urlsplit(answer.headers["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == BACK
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def redeem(person: Client, code: str, **changes: str) -> TestResponse:
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    return ask(person, **{**given, "code_verifier": VERIFIER, **changes})


def payload(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def test_an_app_only_token_opens_the_api(person: Client, app: Emulator) -> None:
    answer = ask(person).json
    assert answer is not None
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3599)
    assert "refresh_token" not in answer
    api = Api(app, answer["access_token"])
    assert api.get("/v1/customers").status == 200
    assert api.get("/v1/profiles/organization").code == 900329


def test_the_old_endpoint_takes_a_resource_and_answers_in_texts(
    person: Client, app: Emulator
) -> None:
    resource = "https://api.partnercenter.microsoft.com"
    answer = ask(person, url=f"/{TENANT}/oauth2/token", scope="", resource=resource).json
    assert answer is not None
    assert answer["expires_in"] == "3599"
    assert answer["resource"] == resource
    assert Api(app, answer["access_token"]).get("/v1/customers").status == 200


@pytest.mark.parametrize("resource", ["https://graph.windows.net", "https://graph.microsoft.com"])
def test_a_token_for_another_audience_is_refused_by_the_api(
    person: Client, app: Emulator, resource: str
) -> None:
    answer = ask(person, url=f"/{TENANT}/oauth2/token", scope="", resource=resource).json
    assert answer is not None
    reply = Api(app, answer["access_token"]).get("/v1/customers")
    assert (reply.status, reply.code) == (401, 900420)


@pytest.mark.parametrize(
    ("changes", "status", "error", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, 401, "invalid_client", 7000218),
        ({"client_id": "00000000-0000-4000-8000-000000000000"}, 400, "unauthorized_client", 700016),
        ({"client_id": ""}, 400, "invalid_request", 900144),
        ({"url": "/no-such-tenant/oauth2/v2.0/token"}, 400, "invalid_request", 90002),
        ({"url": "/common/oauth2/v2.0/token"}, 400, "invalid_request", 90002),
        ({"scope": "https://elsewhere.example/.default"}, 400, "invalid_resource", 500011),
        ({"scope": ""}, 400, "invalid_request", 900144),
        ({"grant_type": ""}, 400, "invalid_request", 900144),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"grant_type": "authorization_code"}, 400, "invalid_request", 900144),
        ({"grant_type": "authorization_code", "code": "made.up"}, 400, "invalid_grant", 70000),
        (
            {"grant_type": "refresh_token", "refresh_token": "made.up"},
            400,
            "invalid_grant",
            9002313,
        ),
    ],
)
def test_refusals_carry_the_services_own_code(
    person: Client, changes: dict[str, str], status: int, error: str, code: int
) -> None:
    answer = ask(person, **changes)
    assert answer.status_code == status
    content = answer.json
    assert content is not None
    assert (content["error"], content["error_codes"]) == (error, [code])
    assert content["error_description"].startswith(f"AADSTS{code}: ")
    assert content["correlation_id"]
    assert SECRET not in answer.get_data(as_text=True)


def test_consent_by_a_person_gives_both_tokens(person: Client, app: Emulator) -> None:
    back = consent(person, login_hint="a.bennett@borealis-distribution.onmicrosoft.com")
    assert back["state"] == "the state & more"
    answer = redeem(person, back["code"], client_info="1").json
    assert answer is not None
    assert Api(app, answer["access_token"]).get("/v1/profiles/organization").status == 200
    identity = payload(answer["id_token"])
    assert identity["aud"] == CLIENT
    assert identity["iss"] == f"http://localhost/{TENANT}/v2.0"
    assert identity["nonce"] == "the nonce"
    assert identity["tid"] == TENANT
    assert identity["preferred_username"] == "a.bennett@borealis-distribution.onmicrosoft.com"
    info = answer["client_info"]
    known = json.loads(base64.urlsafe_b64decode(info + "=" * (-len(info) % 4)))
    assert known == {"uid": identity["oid"], "utid": TENANT}
    about = person.get(
        f"/{TENANT}/openid/userinfo", headers={"Authorization": f"Bearer {answer['access_token']}"}
    ).json
    assert about is not None
    assert about["email"] == identity["email"]


def test_the_identity_is_signed_with_the_published_key(person: Client) -> None:
    answer = redeem(person, consent(person)["code"]).json
    keys = person.get(f"/{TENANT}/discovery/v2.0/keys").json
    assert answer is not None
    assert keys is not None

    def decoded(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    (key,) = keys["keys"]
    numbers = RSAPublicNumbers(int.from_bytes(decoded(key["e"])), int.from_bytes(decoded(key["n"])))
    signed, _, signature = answer["id_token"].rpartition(".")
    numbers.public_key().verify(decoded(signature), signed.encode(), PKCS1v15(), SHA256())


def test_a_refused_consent_comes_back_as_access_denied(person: Client) -> None:
    back = consent(person, "refuse")
    assert back["error"] == "access_denied"
    assert back["error_description"].startswith("AADSTS65004")
    assert back["state"] == "the state & more"
    assert "code" not in back


def test_the_answer_can_come_as_a_form(person: Client) -> None:
    shown = person.get(AUTHORIZE, query_string={**ASKED, "response_mode": "form_post"})
    page = Page(shown.get_data(as_text=True))
    answer = person.post(page.action, data={**page.fields, "decision": "approve"})
    form = Page(answer.get_data(as_text=True))
    assert form.action == BACK
    assert form.fields["state"] == "the state & more"
    assert redeem(person, form.fields["code"]).status_code == 200


def test_what_the_page_shows_is_inert(person: Client) -> None:
    markup = person.get(
        AUTHORIZE, query_string={**ASKED, "scope": "<script>x</script>", "state": '"><img src=x>'}
    ).get_data(as_text=True)
    assert "<script>" not in markup
    assert "<img" not in markup
    assert Page(markup).fields["state"] == '"><img src=x>'


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": "other"}, 700016),
        ({"redirect_uri": ""}, 900144),
        ({"redirect_uri": "javascript:alert(1)"}, 50011),
        ({"response_type": "token"}, 900144),
    ],
)
def test_the_page_refuses_what_it_must_not_send_back(
    person: Client, changes: dict[str, str], code: int
) -> None:
    answer = person.get(AUTHORIZE, query_string={**ASKED, **changes})
    assert answer.status_code == 400
    assert f"AADSTS{code}" in answer.get_data(as_text=True)
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code_verifier": "b" * 50}, 501481),
        ({"code_verifier": ""}, 501481),
        ({"redirect_uri": "http://localhost:8000/other/"}, 500112),
    ],
)
def test_a_code_is_worth_nothing_to_another(
    person: Client, changes: dict[str, str], code: int
) -> None:
    given = consent(person)["code"]
    answer = redeem(person, given, **changes)
    assert answer.json is not None
    assert (answer.status_code, answer.json["error_codes"]) == (400, [code])
    assert redeem(person, given).status_code == 200


def test_a_code_works_once_and_for_ten_minutes(person: Client, app: Emulator) -> None:
    code, late = consent(person)["code"], consent(person)["code"]
    assert redeem(person, code).status_code == 200
    again = redeem(person, code).json
    assert again is not None
    assert again["error_codes"] == [54005]
    app.clock.advance(600)
    expired = redeem(person, late).json
    assert expired is not None
    assert expired["error_codes"] == [70008]


def test_a_refresh_token_rotates_ends_and_can_be_revoked(person: Client, app: Emulator) -> None:
    first = redeem(person, consent(person)["code"]).json
    assert first is not None
    refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = ask(person, **refresh).json
    assert second is not None
    assert second["refresh_token"] != first["refresh_token"]
    assert Api(app, second["access_token"]).get("/v1/profiles/organization").status == 200
    app.clock.advance(90 * 86_400)
    late = ask(person, **refresh).json
    assert late is not None
    assert (late["error"], late["error_codes"]) == ("invalid_grant", [700082])
    issued = Api(app).control("POST", "tokens", {"action": "issue"})["refresh_token"]
    Api(app).control("POST", "tokens", {"action": "revoke"})
    revoked = ask(person, grant_type="refresh_token", refresh_token=issued).json
    assert revoked is not None
    assert (revoked["error"], revoked["error_codes"]) == ("invalid_grant", [50173])


def test_a_refresh_token_outlives_a_restart(person: Client, app: Emulator) -> None:
    issued = Api(app).control("POST", "tokens", {"action": "issue"})["refresh_token"]
    Api(app).control("POST", "reset")
    assert ask(person, grant_type="refresh_token", refresh_token=issued).status_code == 200


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("login.microsoftonline.com", "https://login.microsoftonline.com"),
        ("login.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
        ("login.microsoftonline.us", "https://login.microsoftonline.us"),
        ("127.0.0.1:8765", "http://127.0.0.1:8765"),
    ],
)
def test_discovery_answers_by_the_host_that_was_asked(person: Client, host: str, base: str) -> None:
    url = f"/{TENANT}/v2.0/.well-known/openid-configuration"
    found = person.get(url, headers={"Host": host}).json
    assert found is not None
    assert found["issuer"] == f"{base}/{TENANT}/v2.0"
    assert found["authorization_endpoint"] == f"{base}{AUTHORIZE}"
    assert found["token_endpoint"] == f"{base}{TOKEN}"
    instance = person.get("/common/discovery/instance?api-version=1.1", headers={"Host": host}).json
    assert instance is not None
    aliases = [alias for cloud in instance["metadata"] for alias in cloud["aliases"]]
    assert host.split(":", maxsplit=1)[0] in aliases


def test_discovery_of_an_unknown_tenant_is_refused(person: Client) -> None:
    answer = person.get("/nobody.onmicrosoft.com/v2.0/.well-known/openid-configuration")
    assert answer.status_code == 400
    assert answer.json is not None
    assert (answer.json["error"], answer.json["error_codes"]) == ("invalid_tenant", [90002])


def test_the_partners_domain_names_its_tenant_too(person: Client) -> None:
    url = "/borealis-distribution.onmicrosoft.com/oauth2/v2.0/token"
    assert ask(person, url=url).status_code == 200


def test_a_wrong_method_on_the_token_endpoint_is_405(person: Client) -> None:
    assert person.get(TOKEN).status_code == 405
