import logging
import threading
import typing
from datetime import timedelta

import pytest
from django.db import connections as databases
from django.utils import timezone

from portal.connections.accounts import save_configuration, save_consent
from portal.connections.models import AccessToken, Connection, TokenKind
from portal.connections.tokens import Grant, Tokens
from portal.partnercenter.errors import (
    ConsentNeeded,
    PermissionMissing,
    TokenRefused,
    Unreachable,
)
from tests.connections.conftest import CANARY_REFRESH, CANARY_SECRET, make_connection


class Microsoft:
    """A sign-in service that counts, and answers what the test says."""

    def __init__(self, *, expires_in: float = 3600.0, refuse: Exception | None = None) -> None:
        self.asked: list[TokenKind] = []
        self.expires_in = expires_in
        self.refuse = refuse
        self.gate: threading.Event | None = None
        self.meanwhile: typing.Any = lambda: None

    def __call__(self, connection: Connection, kind: TokenKind) -> Grant:
        self.asked.append(kind)
        if self.gate:
            self.gate.wait(5.0)
        self.meanwhile()
        if self.refuse:
            raise self.refuse
        rotated = f"{CANARY_REFRESH}-{len(self.asked)}" if kind == TokenKind.APP_USER else None
        return Grant(f"canary-token-{len(self.asked)}", self.expires_in, rotated)


@pytest.fixture
def microsoft() -> Microsoft:
    return Microsoft()


def test_a_token_is_fetched_once_and_shared_by_processes(connection, microsoft):
    first = Tokens(connection.pk, microsoft).get(user=False)
    assert Tokens(connection.pk, microsoft).get(user=False) == first
    assert microsoft.asked == [TokenKind.APP]
    row = AccessToken.objects.get()
    assert row.lease is None
    assert first not in row.value.ciphertext


def test_a_token_near_its_end_is_renewed(connection, microsoft):
    Tokens(connection.pk, microsoft).get(user=False)
    AccessToken.objects.update(renew_at=timezone.now() - timedelta(seconds=1))
    assert Tokens(connection.pk, microsoft).get(user=False) == "canary-token-2"


def test_a_short_token_is_used_for_most_of_its_life(connection):
    microsoft = Microsoft(expires_in=60.0)
    for _ in range(3):
        Tokens(connection.pk, microsoft).get(user=False)
    assert len(microsoft.asked) == 1
    row = AccessToken.objects.get()
    assert row.expires_at
    assert row.renew_at
    assert row.expires_at - row.renew_at == timedelta(seconds=12)


def test_a_token_that_partner_center_did_not_accept_is_replaced_once(connection, microsoft):
    mine, theirs = Tokens(connection.pk, microsoft), Tokens(connection.pk, microsoft)
    bad = mine.get(user=False)
    assert theirs.get(user=False) == bad
    mine.invalidate(bad)
    good = mine.get(user=False)
    theirs.invalidate(bad)
    assert theirs.get(user=False) == good != bad
    assert len(microsoft.asked) == 2


def test_the_refresh_token_rotates_with_the_access_token(connection, microsoft):
    save_consent(connection, CANARY_REFRESH, "admin@contoso.example")
    Tokens(connection.pk, microsoft).get(user=True)
    connection.refresh_from_db()
    assert connection.refresh_token.reveal() == f"{CANARY_REFRESH}-1"
    assert connection.consented_by == "admin@contoso.example"


def test_without_consent_nobody_is_asked(connection, microsoft):
    with pytest.raises(ConsentNeeded):
        Tokens(connection.pk, microsoft).get(user=True)
    assert microsoft.asked == []
    connection.refresh_from_db()
    assert not connection.is_paused


def refused() -> TokenRefused:
    return TokenRefused(
        "Invalid client secret provided.", code="AADSTS7000215", correlation_id="c0ffee"
    )


def test_a_refusal_is_kept_and_not_asked_again(connection):
    microsoft = Microsoft(refuse=refused())
    for _ in range(3):
        with pytest.raises(TokenRefused) as caught:
            Tokens(connection.pk, microsoft).get(user=False)
        assert caught.value.code == "AADSTS7000215"
        assert caught.value.correlation_id == "c0ffee"
    assert len(microsoft.asked) == 1
    connection.refresh_from_db()
    assert connection.is_paused
    assert connection.problem_code == "AADSTS7000215"
    assert AccessToken.objects.get().lease is None


def test_a_new_secret_ends_the_pause(connection):
    with pytest.raises(TokenRefused):
        Tokens(connection.pk, Microsoft(refuse=refused())).get(user=False)
    connection.refresh_from_db()
    connection.client_secret = "the secret's value"
    save_configuration(connection, ["client_secret"])

    connection.refresh_from_db()
    assert not connection.is_paused
    assert Tokens(connection.pk, Microsoft()).get(user=False) == "canary-token-1"


def test_a_new_tenant_ends_tokens_and_consent(connection, microsoft):
    save_consent(connection, CANARY_REFRESH, "admin@contoso.example")
    Tokens(connection.pk, microsoft).get(user=False)
    connection.tenant_id = "11111111-2222-3333-4444-555555555555"
    save_configuration(connection, ["tenant_id"])

    connection.refresh_from_db()
    assert not connection.has_consent
    assert Tokens(connection.pk, microsoft).get(user=False) == "canary-token-2"


def test_a_refused_person_leaves_the_application_working(connection):
    save_consent(connection, CANARY_REFRESH, "admin@contoso.example")
    refusal = ConsentNeeded("Expired.", code="AADSTS700082", correlation_id="c0ffee")
    with pytest.raises(ConsentNeeded):
        Tokens(connection.pk, Microsoft(refuse=refusal)).get(user=True)
    with pytest.raises(ConsentNeeded):
        Tokens(connection.pk, Microsoft()).get(user=True)
    assert Tokens(connection.pk, Microsoft()).get(user=False) == "canary-token-1"

    connection.refresh_from_db()
    assert connection.is_paused
    save_consent(connection, CANARY_REFRESH, "admin@contoso.example")
    assert Tokens(connection.pk, Microsoft()).get(user=True) == "canary-token-1"


def test_a_refusal_of_former_credentials_does_not_pause_the_new_ones(connection):
    microsoft = Microsoft(refuse=refused())

    def a_person_enters_a_new_secret() -> None:
        fresh = Connection.objects.get()
        fresh.client_secret = "better"
        save_configuration(fresh, ["client_secret"])

    microsoft.meanwhile = a_person_enters_a_new_secret
    with pytest.raises(TokenRefused):
        Tokens(connection.pk, microsoft).get(user=False)
    connection.refresh_from_db()
    assert not connection.is_paused


def test_an_unreachable_host_pauses_nothing(connection):
    microsoft = Microsoft(refuse=Unreachable("Connection refused"))
    with pytest.raises(Unreachable):
        Tokens(connection.pk, microsoft).get(user=False)
    connection.refresh_from_db()
    assert not connection.is_paused
    assert AccessToken.objects.get().lease is None


def test_the_lease_of_a_killed_worker_ends_by_itself(connection, microsoft):
    AccessToken.objects.create(
        connection=connection,
        kind=TokenKind.APP,
        lease="00000000-0000-0000-0000-000000000001",
        lease_until=timezone.now() + timedelta(seconds=30),
    )
    waits = []

    def wait(seconds):
        waits.append(seconds)
        AccessToken.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert Tokens(connection.pk, microsoft, wait=wait).get(user=False) == "canary-token-1"
    assert len(waits) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_threads_with_an_expired_token_ask_once():
    connection = make_connection(refresh_token=CANARY_REFRESH)
    AccessToken.objects.create(
        connection=connection,
        kind=TokenKind.APP_USER,
        value="old",
        renew_at=timezone.now() - timedelta(seconds=1),
    )
    microsoft = Microsoft()
    microsoft.gate = threading.Event()
    got: list[str] = []
    opened: list[object] = []
    ready = threading.Barrier(9)

    def work() -> None:
        ready.wait(10.0)
        got.append(Tokens(connection.pk, microsoft).get(user=True))
        opened.append(databases["default"].connection)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    ready.wait(10.0)
    microsoft.gate.wait(0.3)
    microsoft.gate.set()
    for thread in threads:
        thread.join(15.0)
    assert got == ["canary-token-1"] * 8
    assert microsoft.asked == [TokenKind.APP_USER]
    assert opened == [None] * 8
    connection.refresh_from_db()
    assert connection.refresh_token.reveal() == f"{CANARY_REFRESH}-1"


def test_no_secret_reaches_the_log(connection, caplog):
    with caplog.at_level(logging.DEBUG), pytest.raises(TokenRefused):
        Tokens(connection.pk, Microsoft(refuse=refused())).get(user=False)
    assert "sign-in refused" in caplog.text
    for canary in (CANARY_SECRET, CANARY_REFRESH, "canary-token"):
        assert canary not in caplog.text


def test_graph_has_a_token_of_its_own_for_the_same_person(db, microsoft):
    connection = make_connection(refresh_token=CANARY_REFRESH)
    tokens = Tokens(connection.pk, microsoft)
    assert tokens.get(user=True, graph=True) != tokens.get(user=True)
    assert microsoft.asked == [TokenKind.GRAPH, TokenKind.APP_USER]


def test_that_graph_is_not_granted_stops_nothing_else(db):
    connection = make_connection(refresh_token=CANARY_REFRESH)
    with pytest.raises(PermissionMissing) as caught:
        Tokens(connection.pk, Microsoft(refuse=refused())).get(user=True, graph=True)
    assert caught.value.code
    connection.refresh_from_db()
    assert not connection.is_paused
    assert Tokens(connection.pk, Microsoft()).get(user=True)


def test_without_consent_graph_is_not_asked(connection, microsoft):
    with pytest.raises(ConsentNeeded):
        Tokens(connection.pk, microsoft).get(user=True, graph=True)
    assert microsoft.asked == []
