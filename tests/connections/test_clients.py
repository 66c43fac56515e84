import os
from datetime import timedelta

import httpx
import pytest
import respx

from portal.connections import clients
from portal.connections.clients import Purpose, get_client
from portal.connections.middleware import HttpInWebRequest, WebRequestMiddleware, web_request
from portal.connections.models import Connection
from portal.partnercenter.errors import ReadOnlyBlocked, TokenRefused
from portal.partnercenter.operations import REGISTRY
from portal.partnercenter.spec import Effect
from portal.partnercenter.transport import Transport
from tests.connections.conftest import CANARY_SECRET, make_connection

WRITE = next(op for op in REGISTRY.values() if op.effect is Effect.WRITE and not op.path_names)


@pytest.fixture(autouse=True)
def _no_clients_left():
    yield
    clients.close_all()
    clients._noted.clear()


def transport(connection: Connection, purpose: Purpose) -> Transport:
    sender = get_client(connection, purpose).sender
    assert isinstance(sender, Transport)
    return sender


def test_a_web_request_gets_no_client(connection):
    with web_request(), pytest.raises(HttpInWebRequest):
        get_client(connection, "question")
    with web_request(), pytest.raises(HttpInWebRequest):
        clients.authenticator(connection)
    get_client(connection, "question")


def test_the_middleware_marks_the_request_and_only_that(connection, rf):
    seen = []

    def view(request):
        with pytest.raises(HttpInWebRequest):
            get_client(connection, "sync")
        seen.append(request)

    WebRequestMiddleware(view)(rf.get("/"))
    assert len(seen) == 1
    get_client(connection, "sync")


@pytest.mark.parametrize(
    ("mode", "purpose", "blocked"),
    [
        ("live", "write", False),
        ("ask", "write", False),
        ("read_only", "write", True),
        ("live", "sync", True),
        ("live", "question", True),
    ],
)
def test_writes_leave_only_for_the_outbox_and_only_where_the_mode_allows(
    db, mode, purpose, blocked
):
    connection = make_connection(mode=mode)
    assert transport(connection, purpose).read_only is blocked


def test_a_switch_to_read_only_holds_at_once(db):
    connection = make_connection(mode="live")
    Connection.objects.update(mode="read_only")
    client = get_client(connection, "write")
    with respx.mock(assert_all_called=False) as wire, pytest.raises(ReadOnlyBlocked):
        client.call(WRITE, body={"any": "thing"})
    assert not wire.calls


def test_sockets_are_shared_within_a_purpose_and_not_across_a_fork(connection):
    def http(purpose: Purpose) -> httpx.Client:
        return transport(connection, purpose).http

    assert http("sync") is http("sync")
    assert http("sync") is not http("question")
    before = http("sync")
    child = os.fork()
    if not child:
        os._exit(0 if not clients._clients.open else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert http("sync") is before


def test_partner_centers_clock_is_kept_without_writing_at_each_answer(
    connection, django_assert_num_queries
):
    note = clients._clock_of(connection.pk)
    note(timedelta(seconds=90))
    connection.refresh_from_db()
    assert connection.clock_offset == pytest.approx(90.5)
    assert connection.clock_checked_at is not None
    with django_assert_num_queries(0):
        note(timedelta(seconds=91))
    with django_assert_num_queries(1):
        note(timedelta(days=30))


def test_a_difference_within_a_date_headers_second_is_none(connection):
    clients._clock_of(connection.pk)(timedelta(seconds=-0.9))
    connection.refresh_from_db()
    assert connection.clock_offset == 0


def test_a_wrong_secret_is_told_with_microsofts_code_and_never_shown(db, caplog):
    connection = make_connection(
        login_url="", api_url="https://127.0.0.1:9", environment="production"
    )
    text = (
        "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the value, "
        "not its ID. Trace ID: 1 Correlation ID: 2 Timestamp: 3"
    )
    tenant = f"https://login.microsoftonline.com/{connection.tenant_id}"
    with respx.mock as wire:
        wire.get(f"{tenant}/v2.0/.well-known/openid-configuration").respond(
            json={
                "issuer": f"{tenant}/v2.0",
                "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize",
                "token_endpoint": f"{tenant}/oauth2/v2.0/token",
            }
        )
        wire.post(f"{tenant}/oauth2/v2.0/token").respond(
            401,
            json={
                "error": "invalid_client",
                "error_description": text,
                "correlation_id": "11111111-2222-3333-4444-555555555555",
            },
        )
        client = get_client(connection, "question")
        with pytest.raises(TokenRefused) as caught:
            client.call(REGISTRY["LIST_CUSTOMERS"])
    assert caught.value.code == "AADSTS7000215"
    connection.refresh_from_db()
    assert connection.problem_code == "AADSTS7000215"
    assert connection.problem_correlation_id == "11111111-2222-3333-4444-555555555555"
    assert connection.problem_text.endswith("not its ID.")
    assert CANARY_SECRET not in caplog.text + str(caught.value) + connection.problem_text


@pytest.mark.parametrize(
    ("api", "environment", "free"),
    [
        ("http://127.0.0.1:8010", "production", True),
        ("http://emulator:8010", "sandbox", True),
        ("https://proxy.contoso.example", "production", False),
        ("https://api.partnercenter.microsoft.com", "sandbox", False),
    ],
)
def test_microsofts_budget_holds_wherever_microsoft_may_answer(db, api, environment, free):
    connection = make_connection(api_url=api, environment=environment)
    assert clients.governor(connection).free is free
    assert httpx.URL(clients.endpoints_of(connection).api).host in api
