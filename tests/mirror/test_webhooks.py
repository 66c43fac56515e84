"""Webhooks: a genuine one refreshes exactly what it names, and nothing else does anything."""

import contextlib
import datetime as dt
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.activity.models import Entry
from portal.connections.clients import get_client
from portal.connections.middleware import HttpInWebRequest, web_request
from portal.connections.models import Connection
from portal.emulator.app import Emulator
from portal.emulator.serve import Running
from portal.emulator.webhooks import certificates as keys
from portal.emulator.webhooks import door
from portal.emulator.webhooks.hooks import Registration, event
from portal.mirror import families, rereading, tasks
from portal.mirror.models import DirtyMark, EventState, WebhookEvent
from portal.mirror.webhooks import certificates, checking, events, hosts, receiving
from portal.mirror.webhooks.reasons import LaterError, RefusedError
from tests.connections.conftest import emulated, emulator, emulator_server
from tests.contract.documents import DATA
from tests.factories import make_connection

__all__ = ["emulated", "emulator", "emulator_server"]

NOW = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)


@dataclass
class Sender:
    """Partner Center, sending to the receiver; ``app`` is asked for what it then sees."""

    app: Emulator
    connection: Connection
    client: Client
    registration: Registration

    def post(
        self, kind: str = "genuine", *, at: dt.datetime = NOW, uri: str = "", **headers: str
    ) -> int:
        uri = uri or "/webhooks/v1/customers/{}/subscriptions/{}".format(*self.target)
        body = event("subscription-updated", "subscription", self.registration.base + uri, at)
        sent, body = door._dressed(self.app, self.registration, kind, body)
        return self.raw(body, {**sent, **headers})

    def raw(self, body: bytes, headers: dict[str, str]) -> int:
        url = reverse("webhook_receiver", args=[self.connection.name])
        rest = {k: v for k, v in headers.items() if k != "Content-Type"}
        answer = self.client.post(url, body, content_type="application/json", headers=rest)
        return answer.status_code

    def work(self) -> None:
        """What the workers do: judge what came, read what was marked."""
        for one in WebhookEvent.objects.filter(state=EventState.RECEIVED).order_by("pk"):
            tasks.check_webhook(one.pk)
        for mark in DirtyMark.objects.order_by("pk"):
            # As tasks.refresh_one does, without its threads, which a test's transaction hides from.
            family = families.get(mark.family)
            client = get_client(self.connection, "question")
            found = rereading.read_mark(client, self.connection, family, mark)
            rereading.keep(self.connection, family, [found])

    @property
    def target(self) -> tuple[str, str]:
        customer = next(iter(self.app.store.customers))
        return customer, next(iter(self.app.store.account(customer).subscriptions))

    def asked(self, operation: str) -> int:
        found: int = self.app.log.dump(limit=0)["by_operation"].get(operation, 0)
        return found


@pytest.fixture
def sender(emulated: Connection, emulator: Running, client: Client) -> Sender:
    assert emulator.app
    found = Registration(subscriber_id="s", url="", events=[], base=emulator.url)
    return Sender(emulator.app, emulated, client, found)


def states() -> list[tuple[str, str]]:
    return list(WebhookEvent.objects.order_by("pk").values_list("state", "reason"))


def test_a_genuine_event_refreshes_exactly_one_subscription(sender: Sender):
    assert sender.post() == 200
    assert states() == [("received", "")]
    assert sender.asked("(certificate)") == 0  # the receiver itself asks nobody
    sender.work()
    assert states() == [("accepted", "")]
    assert sender.asked("GET_SUBSCRIPTION") == 1
    assert sender.asked("LIST_SUBSCRIPTIONS") == 0
    path = sender.app.log.dump(limit=100)["requests"][-1]["path"]
    assert path.endswith("/customers/{}/subscriptions/{}".format(*sender.target))
    assert not DirtyMark.objects.exists()
    assert not Entry.objects.filter(kind="webhook.refused").exists()


def test_neither_the_check_nor_the_reading_stands_before_people(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
):
    queued: list[tuple[str, str]] = []
    monkeypatch.setattr(
        Celery,
        "send_task",
        lambda _app, name, queue="", **_options: queued.append((name.rpartition(".")[2], queue)),
    )
    with django_capture_on_commit_callbacks(execute=True):
        sender.post()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.check_webhook(WebhookEvent.objects.get().pk)
    assert queued == [("check_webhook", "default"), ("refresh_one", "default")]


def test_the_signature_may_stand_in_its_other_header(sender: Sender):
    sender.registration.ms_signature = True
    assert sender.post() == 200
    sender.work()
    assert states() == [("accepted", "")]


def test_duplicates_have_one_effect(sender: Sender):
    assert [sender.post() for _ in range(3)] == [200, 200, 200]
    sender.work()
    assert sorted(states()) == [("accepted", ""), ("duplicate", ""), ("duplicate", "")]
    assert sender.asked("GET_SUBSCRIPTION") == 1


def test_reordered_events_end_with_what_is_true_now(sender: Sender):
    sender.post(at=NOW)
    sender.post(at=NOW - dt.timedelta(minutes=5))
    sender.work()
    assert states() == [("accepted", ""), ("accepted", "")]
    # One resource, one mark: the older event does not even cost a second reading.
    assert sender.asked("GET_SUBSCRIPTION") == 1


def test_a_certificate_is_read_once_an_hour(sender: Sender):
    for minutes in range(3):
        sender.post(at=NOW + dt.timedelta(minutes=minutes))
    sender.work()
    assert sender.asked("(certificate)") == 2  # itself and the root


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("foreign-host", "foreign_host"), ("unsigned", "unsigned"), ("algorithm", "algorithm")],
)
def test_a_plain_forgery_is_refused_at_once_without_any_download(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, kind: str, reason: str
):
    monkeypatch.setattr(certificates, "_download", pytest.fail)
    assert sender.post(kind) == 401
    sender.work()
    assert states() == [("refused", reason)]
    assert sender.asked("(certificate)") == 0
    assert not DirtyMark.objects.exists()
    told = Entry.objects.get(kind="webhook.refused")
    assert told.parameters["reason"] == reason
    assert told.connection == sender.connection


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("altered", "signature"),
        ("forged", "signature"),
        ("wrong-chain", "chain"),
        ("wrong-organisation", "organisation"),
        ("expired", "expired"),
    ],
)
def test_a_forgery_is_refused_by_the_worker(sender: Sender, kind: str, reason: str):
    assert sender.post(kind) == 200
    sender.work()
    assert states() == [("refused", reason)]
    assert sender.asked("GET_SUBSCRIPTION") == 0
    assert not DirtyMark.objects.exists()
    assert Entry.objects.get(kind="webhook.refused").parameters["reason"] == reason


def test_a_refused_one_does_not_stand_in_the_way_of_the_genuine_one(sender: Sender):
    sender.post("forged")
    sender.work()
    sender.post("genuine")
    sender.work()
    assert [state for state, _ in states()] == ["refused", "accepted"]
    assert sender.asked("GET_SUBSCRIPTION") == 1


def test_the_same_forgery_again_is_refused_again(sender: Sender):
    for _ in range(2):
        sender.post("forged")
        sender.work()
    assert states() == [("refused", "signature")] * 2
    assert Entry.objects.filter(kind="webhook.refused").count() == 1  # told once in a while


def test_a_test_event_reads_nothing_again(sender: Sender):
    uri = "/webhooks/v1/registration/validationEvents/0b5e"
    assert sender.post(uri=uri) == 200
    sender.work()
    assert states() == [("accepted", "")]
    assert not DirtyMark.objects.exists()


def test_a_body_that_is_too_large_is_not_kept(sender: Sender):
    body = b'{"EventName": "' + b"x" * receiving.LARGEST + b'"}'
    assert sender.raw(body, {"Authorization": "Signature x"}) == 401
    kept = WebhookEvent.objects.get()
    assert (kept.reason, bytes(kept.body)) == ("too_large", b"")


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'{"a": 1}', b"\xff\xfe", b"[" * 5000])
def test_what_is_no_event_is_refused(sender: Sender, body: bytes):
    sent, _ = door._dressed(sender.app, sender.registration, "genuine", body)
    assert sender.raw(body, sent) == 401
    assert states() == [("refused", "unreadable")]


def test_a_flood_of_forgeries_stays_small(sender: Sender, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(receiving, "MOST_REFUSED", 3)
    assert [sender.post("unsigned") for _ in range(6)] == [401] * 6
    assert WebhookEvent.objects.count() == 3
    assert Entry.objects.filter(kind="webhook.refused").count() == 1


def test_a_flood_of_unchecked_ones_is_sent_back(sender: Sender, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(receiving, "MOST_WAITING", 2)
    assert [sender.post("forged") for _ in range(3)] == [200, 200, 503]
    assert WebhookEvent.objects.count() == 2


def test_only_post_and_only_a_known_connection(sender: Sender, client: Client):
    url = reverse("webhook_receiver", args=[sender.connection.name])
    assert url == f"/webhooks/partner-center/{sender.connection.name}/"
    assert client.get(url).status_code == 405
    assert client.post(reverse("webhook_receiver", args=["nobody"])).status_code == 404
    assert not WebhookEvent.objects.exists()


def test_no_csrf_token_is_asked_for(sender: Sender):
    sender.client = Client(enforce_csrf_checks=True)
    assert sender.post() == 200


def test_a_host_that_does_not_answer_is_asked_again_and_not_for_ever(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
):
    def away(_url: str) -> bytes:
        raise LaterError

    monkeypatch.setattr(certificates, "_download", away)
    sender.post()
    for left in (4, 3, 2, 1):
        sender.work()
        assert states() == [("received", "")], left
    sender.work()
    assert states() == [("refused", "unreachable")]


def test_the_sweep_takes_up_what_was_lost(sender: Sender):
    sender.post()
    assert checking.waiting() == []
    WebhookEvent.objects.update(received_at=timezone.now() - dt.timedelta(minutes=1))
    assert checking.waiting() == [WebhookEvent.objects.get().pk]


def test_old_events_are_forgotten_refused_ones_sooner(sender: Sender):
    sender.post()
    sender.post("unsigned")
    WebhookEvent.objects.update(received_at=timezone.now() - dt.timedelta(days=8))
    checking.tidy()
    assert states() == [("received", "")]
    WebhookEvent.objects.update(received_at=timezone.now() - dt.timedelta(days=31))
    checking.tidy()
    assert states() == []


# --- hosts ----------------------------------------------------------------------------------------

PRODUCTION = {
    "environment": "production",
    "api_url": "https://api.partnercenter.microsoft.com",
}
GENUINE = (
    "https://3psostorageacct.blob.core.windows.net/cert/pcnotifications-dispatch.microsoft.com.cer"
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (GENUINE, True),
        ("https://api.partnercenter.microsoft.com/cert.cer", True),
        (GENUINE.replace("https", "http"), False),
        (GENUINE.replace("3pso", "evil"), False),
        (GENUINE.replace(".net/", ".net:8443/"), False),
        (GENUINE.replace(".net/", ".net.evil.example/"), False),
        (GENUINE.replace("https://", "https://evil@"), False),
        (GENUINE.replace("https://", "https://evil.example\\@"), False),
        ("https://169.254.169.254/latest", False),
        ("http://127.0.0.1/x.cer", False),
        ("file:///etc/passwd", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_hosts_of_a_production_connection(db: None, url: str, expected: bool):
    assert hosts.certificate_allowed(make_connection(**PRODUCTION), url) is expected


def test_hosts_of_a_test_bed(db: None):
    bed = make_connection(api_url="http://127.0.0.1:8765")
    assert hosts.certificate_allowed(bed, "http://127.0.0.1:8765/certificates/x.cer")
    assert not hosts.certificate_allowed(bed, "http://127.0.0.1:8766/certificates/x.cer")
    assert not hosts.certificate_allowed(bed, "http://localhost:8765/certificates/x.cer")
    assert not hosts.certificate_allowed(bed, GENUINE)
    loopback = make_connection(api_url="http://127.0.0.1:8765", environment="production")
    assert not hosts.certificate_allowed(loopback, "http://127.0.0.1:8765/certificates/x.cer")


def test_more_hosts_can_be_named(db: None, settings: Any):
    settings.WEBHOOK_CERTIFICATE_HOSTS = ["certificates.example.com"]
    one = make_connection(**PRODUCTION)
    assert hosts.certificate_allowed(one, "https://certificates.example.com/x.cer")
    assert not hosts.certificate_allowed(one, "https://more.certificates.example.com/x.cer")


def answering(answer: tuple[int, dict[str, str], bytes], seen: list[str]) -> HTTPServer:
    """A host that gives one answer to whatever it is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            status, headers, body = answer
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    return HTTPServer(("127.0.0.1", 0), Handler)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((302, {"Location": "/elsewhere"}, b""), RefusedError),
        ((200, {}, b"x" * 200_000), RefusedError),
        ((404, {}, b""), RefusedError),
        ((503, {}, b""), LaterError),
    ],
)
def test_a_download_follows_nothing_and_stays_small(
    answer: tuple[int, dict[str, str], bytes], error: type[Exception]
):
    seen: list[str] = []
    server = answering(answer, seen)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        with pytest.raises(error):
            certificates._download(f"http://127.0.0.1:{server.server_port}/a.cer")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert seen == ["/a.cer"]


def test_no_download_inside_a_web_request():
    with web_request(), pytest.raises(HttpInWebRequest):
        certificates._download("http://127.0.0.1:9/a.cer")


def test_the_emulators_root_is_worth_nothing_to_production(
    sender: Sender, emulator: Running, monkeypatch: pytest.MonkeyPatch
):
    """The same certificate, named by an allowed host, does not chain up to a public root."""
    real = make_connection(**PRODUCTION)
    genuine = sender.app.authority.pair("pcnotifications", emulator.url).der
    asked: list[str] = []

    def download(url: str) -> bytes:
        asked.append(url)
        return genuine

    monkeypatch.setattr(certificates, "_download", download)
    with pytest.raises(RefusedError) as refused:
        certificates.trusted(real, GENUINE)
    assert refused.value.reason == "chain"
    assert asked == [GENUINE]  # the issuer that it names is no host to be asked


# --- events ---------------------------------------------------------------------------------------


def documented() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / "webhooks.json").read_text())["events"]
    return [one["payload_example"] for one in found]


@pytest.mark.parametrize("payload", documented(), ids=lambda one: str(one["EventName"]))
def test_each_documented_event_is_read(payload: dict[str, Any]):
    told = events.parse(json.dumps(payload).encode())
    assert told.name == payload["EventName"]
    assert told.changed_at is not None


def test_an_event_names_its_subscription_whoever_the_host():
    body = {
        "EventName": "subscription-updated",
        "ResourceUri": "http://evil.example/webhooks/v1/customers/C-1/subscriptions/S-1/",
    }
    told = events.parse(json.dumps(body).encode())
    assert events.touched(told) == [("subscriptions", "C-1", "S-1")]
    away = events.parse(json.dumps(body | {"ResourceUri": "http://x/customers/../../a b"}).encode())
    assert events.touched(away) == []


def test_an_issuer_in_between_is_read_from_its_own_host(
    db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    """Microsoft serves the certificate alone; it tells where its issuer's can be read."""
    name = keys._name("Root", "DigiCert Inc")
    root = keys._issue(name, name, None, ca=True)
    middle_name = keys._name("Issuing CA", "Microsoft Corporation")
    middle = keys._issue(middle_name, name, root, ca=True)
    issuer = "http://www.microsoft.com/pkiops/certs/issuing.crt"
    leaf = keys._issue(keys._name("pc", "Microsoft Corporation"), middle_name, middle, at=issuer)
    served = {GENUINE: leaf.der, issuer: middle.der}
    bundle = tmp_path / "roots.pem"
    bundle.write_bytes(root.certificate.public_bytes(Encoding.PEM))
    settings.WEBHOOK_ROOTS = str(bundle)
    monkeypatch.setattr(certificates, "_download", served.__getitem__)
    one = make_connection(**PRODUCTION)
    assert certificates.trusted(one, GENUINE) == leaf.certificate
    served.clear()
    assert certificates.trusted(one, GENUINE) == leaf.certificate  # kept
