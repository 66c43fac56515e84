"""Sign-in and consent against the emulator, over real HTTP."""

import logging
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from django.utils import timezone

from portal.connections import consent
from portal.connections.accounts import save_configuration
from portal.connections.clients import SecretUnreadable, authenticator, get_client
from portal.connections.models import AccessToken, Connection, ConsentAttempt
from portal.partnercenter.errors import BadAnswer, ConsentNeeded, TokenRefused, Unreachable
from portal.partnercenter.operations import REGISTRY
from tests.connections.conftest import make_connection, make_emulated

LIST = REGISTRY["LIST_CUSTOMERS"]
PROFILE = REGISTRY["GET_ORGANIZATION_PROFILE"]
CALLBACK = "http://localhost:8000/settings/connections/consent/callback/"


def at_microsoft(url: str, decision: str) -> dict[str, str]:
    """Be the browser at the consent page; give the query that it brings back."""
    with httpx.Client() as browser:
        page = browser.get(url)
        assert page.status_code == 200
        form = {**dict(parse_qsl(urlsplit(url).query)), "account": "ada@borealis.example"}
        back = browser.post(url.partition("?")[0], data={**form, "decision": decision})
    assert back.headers["Location"].startswith(CALLBACK)
    return dict(parse_qsl(urlsplit(back.headers["Location"]).query))


def begin(connection: Connection, user_id: int = 7) -> tuple[ConsentAttempt, str]:
    return consent.start(
        connection, user_id=user_id, user_name="ada@portal.example", redirect_uri=CALLBACK
    )


def give(connection: Connection) -> ConsentAttempt:
    _, url = begin(connection)
    attempt = consent.redeem(consent.receive(7, at_microsoft(url, "approve")).pk)
    assert attempt
    return attempt


def test_an_application_reads_customers(emulated):
    body = get_client(emulated, "question").call(LIST, query={"size": 5})
    assert len(body["items"]) == 5
    emulated.refresh_from_db()
    assert emulated.clock_checked_at is not None


def test_consent_opens_what_needs_a_person(emulated, caplog):
    with pytest.raises(ConsentNeeded):
        get_client(emulated, "question").call(PROFILE)
    with caplog.at_level(logging.DEBUG):
        attempt = give(emulated)
        assert get_client(emulated, "question").call(PROFILE)
    assert attempt.state == "given"
    emulated.refresh_from_db()
    assert emulated.consented_by == "ada@borealis.example"
    ours = [record.getMessage() for record in caplog.records if "portal" in record.name]
    secrets = [
        emulated.refresh_token.reveal(),
        emulated.client_secret.reveal(),
        *(token.value.reveal() for token in AccessToken.objects.all()),
    ]
    assert len(secrets) >= 3
    assert not [secret for secret in secrets if secret in "\n".join(ours)]


def test_a_refused_consent_says_so_and_loses_nothing(emulated):
    give(emulated)
    emulated.refresh_from_db()
    before = emulated.refresh_token.reveal()

    _, url = begin(emulated)
    attempt = consent.receive(7, at_microsoft(url, "refuse"))
    assert attempt.state == "refused"
    assert attempt.error_code == "AADSTS65004"
    assert consent.redeem(attempt.pk) is None
    emulated.refresh_from_db()
    assert emulated.refresh_token.reveal() == before
    assert not emulated.is_paused


def test_an_answer_is_used_once_by_its_person_within_its_time(emulated):
    attempt, url = begin(emulated)
    answer = at_microsoft(url, "approve")
    hostile = (
        {**answer, "state": "\x00"},
        {**answer, "code": "a\x00"},
        {**answer, "state": "guessed"},
    )
    for user_id, query in ((8, answer), (7, {}), *((7, query) for query in hostile)):
        with pytest.raises(consent.NotYours):
            consent.receive(user_id, query)
    ConsentAttempt.objects.update(expires_at=timezone.now())
    with pytest.raises(consent.NotYours):
        consent.receive(7, answer)
    ConsentAttempt.objects.update(expires_at=timezone.now() + timedelta(minutes=1))

    consent.receive(7, answer)
    with pytest.raises(consent.NotYours):
        consent.receive(7, answer)
    assert consent.redeem(attempt.pk)
    assert consent.redeem(attempt.pk) is None


def test_the_code_is_sealed_while_it_waits_and_gone_afterwards(emulated):
    attempt, url = begin(emulated)
    answer = at_microsoft(url, "approve")
    consent.receive(7, answer)
    attempt.refresh_from_db()
    assert answer["code"] not in attempt.code.ciphertext
    assert attempt.code.reveal() == answer["code"]
    consent.redeem(attempt.pk)
    attempt.refresh_from_db()
    assert not attempt.code


def test_another_tenants_consent_is_refused(emulated, emulator):
    # The domain name of the emulator's tenant reaches it, but the GUID belongs to nobody.
    _, url = begin(emulated)
    answer = at_microsoft(url, "approve")
    attempt = consent.receive(7, answer)
    row = ConsentAttempt.objects.select_related("connection").get(pk=attempt.pk)
    token = authenticator(emulated).redeem(
        answer["code"], verifier=row.verifier.reveal(), redirect_uri=CALLBACK
    )
    row.connection.tenant_id = "00000000-0000-4000-8000-000000000001"
    consent._keep(row, token)
    assert (row.state, row.error_code) == ("refused", consent.WRONG_TENANT)
    emulated.refresh_from_db()
    assert not emulated.has_consent


def test_a_connection_changed_meanwhile_does_not_get_the_former_consent(emulated, monkeypatch):
    _, url = begin(emulated)
    attempt = consent.receive(7, at_microsoft(url, "approve"))
    ask = authenticator

    def change_and_ask(connection):
        fresh = Connection.objects.get()
        fresh.client_secret = "another"
        save_configuration(fresh, ["client_secret"])
        return ask(connection)

    monkeypatch.setattr(consent, "authenticator", change_and_ask)
    settled = consent.redeem(attempt.pk)
    assert settled
    assert settled.error_code == consent.CHANGED_MEANWHILE
    assert not Connection.objects.get().has_consent


def test_a_spent_code_is_refused_with_microsofts_code(emulated):
    _, url = begin(emulated)
    answer = at_microsoft(url, "approve")
    attempt = consent.receive(7, answer)
    verifier = ConsentAttempt.objects.get().verifier.reveal()
    authenticator(emulated).redeem(answer["code"], verifier=verifier, redirect_uri=CALLBACK)
    settled = consent.redeem(attempt.pk)
    assert settled
    assert settled.error_code == "AADSTS54005"
    assert len(settled.correlation_id) == 36


def test_a_wrong_secret_pauses_until_it_is_replaced(db, emulator):
    connection = make_emulated(emulator, client_secret="the secret's ID")
    for _ in range(2):
        with pytest.raises(TokenRefused) as caught:
            get_client(connection, "sync").call(LIST)
        assert caught.value.code == "AADSTS7000215"
    connection.refresh_from_db()
    assert connection.problem_text == "AADSTS7000215: Invalid client secret provided."
    assert len(connection.problem_correlation_id) == 36


def test_a_revoked_consent_pauses_app_user_until_somebody_consents_again(emulated, emulator):
    give(emulated)
    httpx.post(f"{emulator.url}/_emulator/tokens", json={"action": "revoke"})
    AccessToken.objects.update(renew_at=timezone.now())
    client = get_client(emulated, "sync")
    with pytest.raises(ConsentNeeded):
        client.call(PROFILE)
    emulated.refresh_from_db()
    assert emulated.is_paused
    assert emulated.problem_kind == "app_user"
    assert emulated.has_consent
    assert client.call(LIST, query={"size": 1})

    give(emulated)
    emulated.refresh_from_db()
    assert not emulated.is_paused
    assert get_client(emulated, "sync").call(PROFILE)


def test_a_token_ended_by_microsoft_is_renewed_within_the_call(emulated, emulator):
    client = get_client(emulated, "sync")
    client.call(LIST, query={"size": 1})
    before = AccessToken.objects.get().value.reveal()
    httpx.post(f"{emulator.url}/_emulator/tokens", json={"action": "expire"})
    assert client.call(LIST, query={"size": 1})
    assert AccessToken.objects.get().value.reveal() != before


def test_an_unreachable_host_is_no_refusal(db):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        connection = make_connection(api_url=url, login_url=url)
        with pytest.raises(Unreachable):
            authenticator(connection).app_token()
    assert not Connection.objects.get().is_paused


@pytest.fixture
def html_server():
    """A captive portal: a friendly page to every question."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            body = b"<html><body>Welcome to the hotel's network</body></html>"
            self.send_response(404 if "missing" in self.path else 200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the library's naming

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5.0)
    server.server_close()


def test_html_instead_of_json_is_no_refusal(db, emulator, html_server):
    connection = make_emulated(emulator, api_url=html_server)
    authenticator(connection).app_token()
    client = get_client(connection, "question")
    with pytest.raises(BadAnswer):
        client.call(LIST)
    connection.refresh_from_db()
    assert not connection.is_paused

    connection.login_url = html_server
    with pytest.raises(BadAnswer):
        authenticator(connection).app_token()


def test_a_lost_key_is_said_without_pausing(emulated, settings):
    client = get_client(emulated, "question")
    client.call(LIST, query={"size": 1})
    settings.FIELD_KEYS = ["another key"]
    with pytest.raises(SecretUnreadable, match="FIELD_KEYS") as caught:
        get_client(emulated, "question").call(LIST, query={"size": 1})
    assert not caught.value.transient
    emulated.refresh_from_db()
    assert not emulated.is_paused
