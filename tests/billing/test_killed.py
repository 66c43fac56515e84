"""A reading of lines that is killed in the middle: another process goes on at the saved continuation."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection as database
from django.db.models import Max, Sum

from billing.models import InvoiceLine, InvoiceTotal
from portal.connections.models import Connection
from portal.embedded import consent
from portal.emulator import serve
from portal.mirror.models import RunState, SyncRun
from portal.mirror.verifying import verify
from tests.portal_processes import PROJECT, Emulator, until

LINES, PAGE = 24_000, 2_000
FAMILIES = ("--family", "invoices", "--family", "invoice_lines", "--json")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    words = ("--customers", "12", "--resellers", "2", "--seed", "3", "--latency-ms", "150")
    running = serve.start_process(*words, "--invoice-lines", str(LINES))
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


def pages_of(emulator: Emulator, number: str) -> int:
    """Requests for pages of an invoice's lines since the log was cleared."""
    requests = emulator.get("log", limit="10000")["requests"]
    return sum(number in one["path"] and one["path"].endswith("/lineitems") for one in requests)


def test_a_killed_reading_of_lines_goes_on_without_loss_or_double(
    connection: Connection, emulator: Emulator
) -> None:
    books = emulator.get("invoices")["invoices"]
    newest = books[-1]["invoice"]
    process = start_sync()
    lines = InvoiceLine.objects.filter(invoice__pc_id=newest)
    until(
        lines.filter(position__gte=PAGE).exists, "the second page of the long invoice", longest=0.05
    )
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    stored = lines.count()
    assert 0 < stored < LINES, "killed in the middle"
    assert lines.aggregate(last=Max("position"))["last"] == stored - 1, "whole pages, in order"
    assert SyncRun.objects.get().state == RunState.RUNNING
    # The dead worker's lease ends by itself; the test does not wait for it.
    SyncRun.objects.update(lease_until=None)
    emulator.forget_calls()
    emulator.post("manners", latency_ms=0)
    call_command("sync", "killed", *FAMILIES[:-1], json=True, stdout=StringIO())
    assert SyncRun.objects.count() == 1, "the same run went on"
    # A request of the dead process may still be answered meanwhile.
    assert pages_of(emulator, newest) <= (LINES - stored) // PAGE + 1, "only what was missing"
    for one in books:
        rows = InvoiceLine.objects.filter(invoice__pc_id=one["invoice"])
        summed = rows.aggregate(total=Sum("total"), last=Max("position"))
        assert rows.count() == one["lines"]
        if one["lines"]:
            assert summed == {"total": Decimal(one["total"]), "last": one["lines"] - 1}
            assert InvoiceTotal.objects.get(invoice__pc_id=one["invoice"]).total == summed["total"]
    (verdict,) = [one for one in verify(connection) if one.family == "invoice_lines"]
    assert verdict.compared == sum(one["lines"] for one in books)
    assert verdict.differences == []
