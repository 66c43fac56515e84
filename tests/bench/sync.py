"""How fast the mirror fills, against a plain script that does the same: ``python -m tests.bench.sync``.

One emulator (2,000 customers, 40,000 subscriptions, 200,000 invoice lines on five invoices, 50 ms a
reply), three readers of it: a serial httpx script that saves with ``bulk_create``, a full sync into an empty mirror, a full sync of the unchanged
estate. Then ``verify``; then 50 changes upstream and a sync of the changes, and ``verify`` again.
Prints one JSON object and exits 1 where a bar is missed. Smaller: ``--customers 200``.
"""

# ruff: noqa: T201, PLC0415 - a program that talks, and that needs Django only in one part

import argparse
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
MANAGE = str(ROOT / "manage.py")
FASTER = 8.0
MOST_REQUESTS = 60
CHANGES = 50
MEMORY = 200
"""Megabytes that a sync process may hold at its peak."""


def main() -> int:
    """Run the comparison; 0 if every bar is met."""
    options = _options()
    port = _free_port()
    with _emulator(port, options) as base, tempfile.TemporaryDirectory() as place:
        _connect(base, Path(place))
        found = _measure(base, options)
    print(json.dumps(found, indent=1))
    return 0 if all(found["bars"].values()) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--latency-ms", type=int, default=50)
    parser.add_argument("--skip-serial", action="store_true")
    return parser.parse_args()


def _measure(base: str, options: argparse.Namespace) -> dict[str, Any]:
    full, full_seconds, peak = _sync("--full")
    again, again_seconds, _ = _sync("--full")
    verified = _verify()
    httpx.post(f"{base}/_emulator/change", json={"count": CHANGES}, timeout=60).raise_for_status()
    changes, changes_seconds, _ = _sync("--changes")
    verified_after = _verify()
    serial = 0.0 if options.skip_serial else _serial(base)
    requests = sum(row["requests"] for row in changes.values())
    rewritten = sum(row["inserted"] + row["updated"] for row in again.values())
    faster = serial / full_seconds
    return {
        "serial_seconds": round(serial, 1),
        "full_seconds": round(full_seconds, 1),
        "faster": round(faster, 1),
        "again_seconds": round(again_seconds, 1),
        "again_rewritten": rewritten,
        "peak_mb": peak,
        "changes_seconds": round(changes_seconds, 1),
        "changes_requests": requests,
        "full": full,
        "changes": changes,
        "bars": {
            "faster_than_serial": options.skip_serial or faster >= FASTER,
            "verify": verified and verified_after,
            "changes_requests": requests <= MOST_REQUESTS,
            "memory": peak <= MEMORY,
        },
    }


# --- the mirror ---------------------------------------------------------------------------------


def _manage(*words: str) -> tuple[subprocess.CompletedProcess[str], float]:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, MANAGE, *words], capture_output=True, text=True, check=False, cwd=ROOT
    )
    return done, time.monotonic() - began


def _sync(kind: str) -> tuple[dict[str, Any], float, int]:
    """Run the command in a process of its own: its summary, wall seconds and peak megabytes."""
    done, seconds = _manage("sync", "bench", kind, "--json")
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(1)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary, seconds, peak


def _verify() -> bool:
    done, _ = _manage("verify", "bench")
    sys.stderr.write(done.stdout + done.stderr)
    return done.returncode == 0


def _connect(base: str, place: Path) -> None:
    about = httpx.get(f"{base}/_emulator/").json()
    issued = httpx.post(f"{base}/_emulator/tokens", json={"action": "issue"})
    token = place / "refresh-token"
    token.write_text(issued.json()["refresh_token"])
    done, _ = _manage("migrate", "--verbosity", "0")
    sys.stderr.write(done.stdout + done.stderr)
    done, _ = _manage(
        "connect", "bench",
        "--api-url", base, "--login-url", base, "--graph-url", base,
        "--tenant", about["tenant_id"], "--client-id", about["client_id"],
        "--client-secret", about["client_secret"],
        "--environment", "sandbox", "--mode", "live", "--refresh-token-file", str(token),
    )  # fmt: skip
    sys.stderr.write(done.stdout + done.stderr)
    if done.returncode:
        raise SystemExit(1)


@contextmanager
def _emulator(port: int, options: argparse.Namespace) -> Iterator[str]:
    base = f"http://127.0.0.1:{port}"
    words = {
        "--port": port,
        "--customers": options.customers,
        "--resellers": 20,
        "--seed": 1,
        "--latency-ms": options.latency_ms,
    }
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "portal.emulator",
            *(str(w) for pair in words.items() for w in pair),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(base)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(base: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(f"{base}/_emulator/").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)  # noqa: TID251 - a server that starts
    raise SystemExit("the emulator did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# --- the plain script ---------------------------------------------------------------------------


def _serial(base: str) -> float:
    """Read customers and their subscriptions one request after another and save them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.db import connection as database

    from customers.models import Customer
    from orders.models import Subscription
    from portal.connections.models import Connection

    with database.cursor() as cursor:
        cursor.execute(
            "TRUNCATE customers_customer, orders_subscription, customers_resellerlink,"
            " billing_invoice CASCADE"
        )
    connection = Connection.objects.get(name="bench")
    began = time.monotonic()
    with httpx.Client(base_url=base, headers=_headers(base), timeout=60) as client:
        rows = _pages(client, "/v1/customers", {"size": 500})
        customers = Customer.objects.bulk_create(_customer(connection, row) for row in rows)
        for customer in customers:
            lines = _pages(client, f"/v1/customers/{customer.pc_id}/subscriptions", {})
            Subscription.objects.bulk_create(_subscription(connection, customer, r) for r in lines)
        _serial_invoices(client, connection)
    return time.monotonic() - began


def _serial_invoices(client: httpx.Client, connection: Any) -> None:
    """Read the invoices and their new-commerce lines, each list in full before it is saved."""
    from billing import mapping
    from billing.models import Invoice, InvoiceLine
    from portal.mirror.bulk.tables import as_raw

    query = {"provider": "onetime", "invoicelineitemtype": "billinglineitems", "size": 2000}
    for row in _pages(client, "/v1/invoices", {"size": 200}):
        columns = mapping.invoice(row, _reading(connection, ""))
        invoice = Invoice.objects.create(connection=connection, list_payload=row, **columns)
        if not invoice.has_lines:
            continue
        lines = _pages(client, f"/v1/invoices/{invoice.pc_id}/lineitems", query)
        InvoiceLine.objects.bulk_create(
            (
                InvoiceLine(
                    connection=connection,
                    invoice=invoice,
                    position=place,
                    digest=0,
                    **dict(zip(mapping.LINE_COLUMNS, mapping.line(as_raw(line)), strict=True)),
                )
                for place, line in enumerate(lines)
            ),
            batch_size=2000,
        )


def _headers(base: str) -> dict[str, str]:
    about = httpx.get(f"{base}/_emulator/").json()
    answer = httpx.post(
        f"{base}/{about['tenant_id']}/oauth2/v2.0/token",
        headers={"Host": "login.microsoftonline.com"},
        data={
            "grant_type": "client_credentials",
            "client_id": about["client_id"],
            "client_secret": about["client_secret"],
            "scope": "https://api.partnercenter.microsoft.com/.default",
        },
    )
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def _pages(client: httpx.Client, path: str, query: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    headers: dict[str, str] = {}
    while True:
        body = client.get(path, params=query, headers=headers).raise_for_status().json()
        rows += body["items"]
        link = (body.get("links") or {}).get("next")
        if not link:
            return rows
        headers = {pair["key"]: pair["value"] for pair in link["headers"]}
        query = {**query, "seekOperation": "Next"}


def _customer(connection: Any, row: dict[str, Any]) -> Any:
    from customers import mapping
    from customers.models import Customer

    return Customer(
        connection=connection, list_payload=row, **mapping.listed(row, _reading(connection, ""))
    )


def _subscription(connection: Any, customer: Any, row: dict[str, Any]) -> Any:
    from orders import mapping
    from orders.models import Subscription

    columns = mapping.listed(row, _reading(connection, customer.pc_id))
    return Subscription(connection=connection, customer=customer, list_payload=row, **columns)


def _reading(connection: Any, parent: str) -> Any:
    from django.utils import timezone

    from portal.mirror.families import Reading

    return Reading(connection=connection, observed_at=timezone.now(), parent=parent)


if __name__ == "__main__":
    sys.exit(main())
