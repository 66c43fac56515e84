"""Invoice lines, the bulk way: ``make bench ONLY=lines`` (BIG=1 for a million lines instead of 200,000).

- ingest: a sync of one invoice from ready pages into an empty table, with parsing, digests, references,
  raw pages, totals and a commit for every few pages, against one COPY of the same rows into the same
  table with the same constraints and indexes;
- again: the unchanged invoice a second time, and the WAL that it writes;
- memory: a sync process that reads the invoice from the emulator over HTTP, at its peak.

Prints one JSON object and exits 1 where a bar is missed.
"""

# ruff: noqa: T201, PLC0415 - a program that talks, and that needs Django only in one part

import argparse
import io
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from tests.bench.sync import _connect, _emulator, _free_port, _manage

LINES = 1_000_000 if os.environ.get("BIG") else 200_000
PAGE = 2_000
ROUNDS = 2
BARS = {"ingest_to_copy": 0.5, "again_faster": 5.0, "again_wal": 0.01, "peak_mb": 200}


def main() -> int:
    """Measure; 0 if every bar is met."""
    options = argparse.Namespace(customers=100, subscriptions=5, latency_ms=0)
    with _emulator(_free_port(), options) as base, tempfile.TemporaryDirectory() as place:
        httpx.post(f"{base}/_emulator/seed", json={"invoice_lines": LINES}, timeout=60)
        _connect(base, Path(place))
        _prepare()
        over_http = _over_http()
        pages = _pages(base)
    found = {"lines": LINES, **over_http, **_in_process(pages)}
    found["bars"] = {
        "ingest_to_copy": found["ingest_to_copy"] >= BARS["ingest_to_copy"],
        "again_faster": found["again_faster"] >= BARS["again_faster"],
        "again_wal": found["again_wal_share"] <= BARS["again_wal"],
        "memory": found["peak_mb"] <= BARS["peak_mb"],
    }
    print(json.dumps(found, indent=1))
    return 0 if all(found["bars"].values()) else 1


def _sync(*families: str) -> dict[str, Any]:
    words = [word for name in families for word in ("--family", name)]
    done, seconds = _manage("sync", "bench", "--full", "--json", *words)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(1)
    return {"seconds": seconds, **json.loads(done.stdout)}


def _prepare() -> None:
    """Read what lines refer to."""
    _sync("resellers", "relationships", "customers", "subscriptions", "invoices")


def _over_http() -> dict[str, Any]:
    """Sync all invoices in a process of its own, twice."""
    first = _sync("invoice_lines")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    again = _sync("invoice_lines")
    one, two = first["invoice_lines"], again["invoice_lines"]
    assert one["inserted"] >= LINES, one
    assert two["inserted"] + two["updated"] == 0, two
    return {
        "http_lines_a_second": round(one["inserted"] / one["seconds"]),
        "http_again_lines_a_second": round(two["unchanged"] / two["seconds"]),
        "peak_mb": peak,
    }


def _pages(base: str) -> list[bytes]:
    """Some pages of the large invoice as they come, to be served again and again from memory."""
    token = httpx.post(f"{base}/_emulator/tokens", json={"action": "issue"}).json()["app_token"]
    number = httpx.get(f"{base}/_emulator/invoices").json()["invoices"][-1]["invoice"]
    found: list[bytes] = []
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{base}/v1/invoices/{number}/lineitems"
    query: dict[str, str | int] = {
        "provider": "onetime",
        "invoicelineitemtype": "billinglineitems",
        "size": PAGE,
    }
    while len(found) < 10:
        answer = httpx.get(url, params=query, headers=headers, timeout=60)
        found.append(answer.content)
        headers["MS-ContinuationToken"] = answer.json()["continuationToken"]
    return found


class Served:
    """A sender that answers from memory: the reading is measured, not the emulator."""

    def __init__(self, pages: list[bytes], lines: int) -> None:
        self.pages, self.lines = pages, lines

    def send(self, operation: Any, ask: Any) -> Any:
        from portal.partnercenter import wire
        from portal.partnercenter.transport import utc_now

        number = int(ask.token or 0)
        body = wire.decode_page(self.pages[number % len(self.pages)])
        last = (number + 1) * PAGE >= self.lines
        body["continuationToken"] = None if last else str(number + 1)
        body["links"] = None
        return wire.Answer(
            operation=operation.name,
            status=200,
            body=body,
            request_id="r",
            correlation_id="c",
            sent_at=utc_now(),
        )


def _in_process(pages: list[bytes]) -> dict[str, Any]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from billing.models import Invoice
    from portal.mirror import fetching
    from portal.partnercenter.client import PartnerClient

    client = PartnerClient(Served(pages, LINES))

    def served(connection: Any, purpose: Any, count: int) -> list[PartnerClient]:
        return [client] * count

    fetching.make_clients = served
    newest = Invoice.objects.filter(has_lines=True).latest("invoice_date")
    Invoice.objects.filter(has_lines=True).exclude(pk=newest.pk).update(has_lines=False)
    # The better of two each, one after the other: what else the machine does comes and goes.
    rounds = []
    for _ in range(ROUNDS):
        _empty()
        rounds.append((*_run(), *_run(), _raw_copy()))
    ingest, wal, again, again_wal, copied = map(min, zip(*rounds, strict=True))
    return {
        "ingest_lines_a_second": round(LINES / ingest),
        "copy_lines_a_second": round(LINES / copied),
        "ingest_to_copy": round(copied / ingest, 2),
        "again_lines_a_second": round(LINES / again),
        "again_faster": round(ingest / again, 1),
        "wal_mb": round(wal / 1e6, 1),
        "again_wal_share": round(again_wal / wal, 5),
    }


def _empty() -> None:
    from django.db import connection

    tables = "billing_invoiceline, billing_invoicelinepage, billing_invoicetotal, mirror_rawpage"
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


def _wal() -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
        return float(cursor.fetchone()[0])


def _run() -> tuple[float, float]:
    """Sync the lines to the end; seconds and bytes of WAL."""
    from portal.connections.models import Connection
    from portal.mirror import runs
    from portal.mirror.models import RunState

    connection = Connection.objects.get(name="bench")
    run = runs.start(connection, "full", ["invoice_lines"])
    before, began = _wal(), time.monotonic()
    while runs.work(run, time.monotonic() + 50) is runs.Slice.MORE:
        pass
    seconds, written = time.monotonic() - began, _wal() - before
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED, run.passes.get().error
    return seconds, written


def _raw_copy() -> float:
    """Copy the same rows into the same, emptied table in one go; seconds."""
    from django.db import connection

    columns = _columns()
    kept = io.BytesIO()
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY billing_invoiceline ({columns}) TO STDOUT") as copy:
            for part in copy:
                kept.write(part)
        cursor.execute("TRUNCATE billing_invoiceline CASCADE")
        text = kept.getbuffer()
        began = time.monotonic()
        with cursor.copy(f"COPY billing_invoiceline ({columns}) FROM STDIN") as copy:
            for start in range(0, len(text), 1 << 20):
                copy.write(text[start : start + (1 << 20)])
    return time.monotonic() - began


def _columns() -> str:
    from billing.models import InvoiceLine

    return ", ".join(f.column for f in InvoiceLine._meta.concrete_fields if f.column != "id")


if __name__ == "__main__":
    sys.exit(main())
