"""Webhooks of the emulator: what may be registered, what is sent, and how it is signed."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from portal.emulator.app import Emulator, create_app
from portal.emulator.settings import Settings
from tests.contract.documents import DATA
from tests.emulator.tools import Api

URL = "/webhooks/v1/registration"


class Receiver:
    """Keeps what is sent to it and answers with ``status``."""

    def __init__(self) -> None:
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.seen.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiver():
    found = Receiver()
    yield found
    found.stop()


def register(api: Api, url: str, *events: str, **more: Any):
    body = {"WebhookUrl": url, "WebhookEvents": list(events or ("subscription-updated",))}
    return api.call("POST", URL, body | more)


def change_seats(api: Api) -> tuple[str, str]:
    change = api.control("POST", "change", {"kinds": ["quantity"]})["changes"][0]
    return change["customer"], change["subscription"]


def certificate(api: Api, headers: dict[str, str]) -> x509.Certificate:
    path = headers["x-ms-certificate-url"].removeprefix("http://localhost")
    content = api.client.get(path).get_data()
    return x509.load_der_x509_certificate(content)


def is_signed(found: x509.Certificate, token: str, body: bytes) -> bool:
    key: Any = found.public_key()
    try:
        key.verify(base64.b64decode(token), body, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def test_nothing_is_registered_at_first(user: Api):
    assert user.get(URL).status == 404
    assert "subscription-updated" in user.get(f"{URL}/events").json
    assert (
        user.call("PUT", URL, {"WebhookUrl": "http://127.0.0.1/", "WebhookEvents": []}).status
        == 404
    )


def test_a_registration_is_answered_as_documented(user: Api):
    documented = json.loads((DATA / "webhooks.json").read_text())["api_examples"]
    created = register(user, "http://127.0.0.1:1/x", "subscription-updated", "test-created")
    assert created.status == 200
    shown = next(one for one in documented if one["request"]["method"] == "POST")
    assert set(shown["response"]["body"]) <= set(created.json)
    read = user.get(URL).json
    assert read["WebhookUrl"] == "http://127.0.0.1:1/x"
    changed = user.call("PUT", URL, {"WebhookUrl": "http://127.0.0.1:2/", "WebhookEvents": []})
    assert changed.json["SubscriberId"] == created.json["SubscriberId"]
    assert user.get(URL).json["WebhookEvents"] == []


@pytest.mark.parametrize(
    "url", ["http://example.com/x", "http://169.254.169.254/", "ftp://127.0.0.1/", "nonsense"]
)
def test_no_target_beyond_this_machine(user: Api, url: str):
    assert register(user, url).status == 400
    assert user.get(URL).status == 404


def test_an_unknown_event_is_refused(user: Api):
    assert register(user, "http://127.0.0.1:1/", "moon-landed").status == 400


def test_a_change_is_sent_and_its_signature_holds(app: Emulator, user: Api, receiver: Receiver):
    register(user, receiver.url)
    customer, item = change_seats(user)
    delivered = user.control("GET", "webhooks")["deliveries"]
    assert [one["status"] for one in delivered] == [200]
    ((headers, body),) = receiver.seen
    event = json.loads(body)
    assert event["EventName"] == "subscription-updated"
    assert event["ResourceUri"].endswith(f"/customers/{customer}/subscriptions/{item}")
    assert headers["x-ms-signature-algorithm"] == "rsa-sha256"
    scheme, token = headers["authorization"].split(" ")
    assert scheme == "Signature"
    found = certificate(user, headers)
    assert is_signed(found, token, body)
    assert not is_signed(found, token, body + b" ")
    assert "O=Microsoft Corporation" in found.subject.rfc4514_string()


def test_the_signature_moves_to_its_other_header(user: Api, receiver: Receiver):
    register(user, receiver.url, SignatureTokenToMsSignatureHeader=True)
    change_seats(user)
    user.control("GET", "webhooks")
    ((headers, body),) = receiver.seen
    assert "authorization" not in headers
    assert is_signed(certificate(user, headers), headers["x-ms-signature"], body)


def test_only_registered_events_are_sent(user: Api, receiver: Receiver):
    register(user, receiver.url, "test-created")
    change_seats(user)
    user.control("GET", "webhooks")
    assert receiver.seen == []


def test_a_test_event_and_its_result(user: Api, receiver: Receiver):
    register(user, receiver.url, "test-created")
    asked = user.call("POST", f"{URL}/validationEvents").json["correlationId"]
    user.control("GET", "webhooks")
    result = user.get(f"{URL}/validationEvents/{asked}").json
    assert result["status"] == "completed"
    assert [one["responseCode"] for one in result["results"]] == ["OK"]
    assert asked in receiver.seen[0][1].decode()
    assert user.call("POST", f"{URL}/validationEvents").status == 200
    assert user.call("POST", f"{URL}/validationEvents").status == 429


def test_a_forged_one_keeps_no_promise(user: Api, receiver: Receiver):
    register(user, receiver.url)
    about = {"customer": "c", "subscription": "s"}
    for kind in ("altered", "forged", "wrong-organisation", "foreign-host"):
        user.control("POST", "webhooks", {"kind": kind, **about})
    altered, forged, organisation, foreign = receiver.seen
    for headers, body in (altered, forged):
        token = headers["authorization"].split(" ")[1]
        assert not is_signed(certificate(user, headers), token, body)
    assert "Contoso" in certificate(user, organisation[0]).subject.rfc4514_string()
    assert "attacker.example" in foreign[0]["x-ms-certificate-url"]


def test_a_registration_outlives_a_restart(tmp_path):
    settings = Settings(state=tmp_path / "state.json")
    first = Api(create_app(settings))
    first.token = first.control("POST", "tokens", {"action": "issue"})["user_token"]
    register(first, "http://127.0.0.1:1/kept")
    first.app.save()
    again = create_app(settings)
    assert again.store.hooks.registration is not None
    assert again.store.hooks.registration.url == "http://127.0.0.1:1/kept"
