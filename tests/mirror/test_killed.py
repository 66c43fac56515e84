"""A sync that is killed in the middle: another process goes on from what was committed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection as database

from customers.models import Customer
from orders.models import Subscription
from portal.connections.models import Connection
from portal.embedded import consent
from portal.emulator import serve
from portal.mirror.models import RunState, SyncPass, SyncRun
from tests.portal_processes import PROJECT, Emulator, until

CUSTOMERS = 120
FAMILIES = ("--family", "customers", "--family", "subscriptions", "--json")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    words = ("--customers", str(CUSTOMERS), "--resellers", "2", "--subscriptions", "3")
    running = serve.start_process(*words, "--seed", "3", "--latency-ms", "200")
    yield Emulator(running.url)
    running.stop()


@pytest.fixture
def connection(transactional_db: None, emulator: Emulator, tmp_path: Path) -> Connection:
    token = tmp_path / "refresh-token"
    token.write_text(consent.refresh_token(emulator.url, consent.EMULATED), encoding="utf-8")
    call_command(
        "connect",
        "killed",
        api_url=emulator.url,
        login_url=emulator.url,
        tenant=consent.EMULATED.tenant_id,
        client_id=consent.EMULATED.client_id,
        client_secret=consent.EMULATED.client_secret,
        environment="sandbox",
        mode="live",
        refresh_token_file=token,
        verbosity=0,
    )
    return Connection.objects.get(name="killed")


def start_sync() -> "subprocess.Popen[bytes]":
    settings = database.settings_dict
    host = settings["HOST"] or settings["OPTIONS"].get("host", "")
    url = f"postgres://{settings['USER']}@/{settings['NAME']}?host={host}"
    return subprocess.Popen(
        [sys.executable, str(PROJECT / "manage.py"), "sync", "killed", *FAMILIES],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": url, "MIGRATE_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
    )


def lists_of(emulator: Emulator) -> list[str]:
    """The customers whose subscriptions were listed since the log was cleared."""
    requests = emulator.get("log", limit="10000")["requests"]
    return [one["path"] for one in requests if one["path"].endswith("/subscriptions")]


def test_a_killed_sync_is_carried_on_without_loss_or_double(
    connection: Connection, emulator: Emulator
) -> None:
    process = start_sync()
    until(Subscription.objects.exists, "the first batch of subscriptions", longest=0.05)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    stored = Subscription.objects.count()
    assert 0 < stored < CUSTOMERS * 3, "killed in the middle"
    run = SyncRun.objects.get()
    assert run.state == RunState.RUNNING
    # The dead worker's lease ends by itself; the test does not wait for it.
    SyncRun.objects.update(lease_until=None)
    emulator.forget_calls()
    emulator.post("manners", latency_ms=0)
    call_command("sync", "killed", json=True, stdout=StringIO())
    assert SyncRun.objects.get().pk == run.pk, "the same run went on"
    assert SyncPass.objects.get(family="customers").done == CUSTOMERS, "not listed again"
    assert Customer.objects.filter(gone_at=None).count() == CUSTOMERS
    assert Subscription.objects.filter(gone_at=None).count() == CUSTOMERS * 3
    # Requests of the dead process may still be answered meanwhile, so a path can stand twice.
    assert len(set(lists_of(emulator))) == CUSTOMERS - stored // 3, "only what was missing"
