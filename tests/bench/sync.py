"""How fast the mirror fills, against a plain script and dlt: ``make bench ONLY=sync``.

One emulator (2,000 customers, 40,000 subscriptions, 200,000 invoice lines on five invoices, 50 ms a
reply), three readers of it: a full sync into an empty mirror, a serial httpx script that saves with
``bulk_create``, and what a newcomer writes with dlt. Correctness first: ``verify`` finds no difference,
and all three hold the same number of rows. The customers and subscriptions alone, before the invoices,
are told apart. Besides: a full sync of the unchanged estate; 50 changes of
subscriptions upstream and a sync of the changes; 50 more of every kind, told apart because a new
customer needs three reads (itself, its resellers, its subscriptions); ``verify`` again.

The emulator makes its customers when they are first asked for; all of it is asked for once, before any
clock runs, so that no reader pays for that.

Prints one JSON object and exits 1 where a bar is missed; a reader that could not run is a bar missed.
Smaller: ``CUSTOMERS=100 make bench ONLY=sync``; fewer readers: ``RIVALS=dlt``, ``RIVALS=``.
"""

# ruff: noqa: T201 - a program that talks

import argparse
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from portal.emulator.upstream import KINDS
from tests.bench import _rivals, _serial

ROOT = Path(__file__).resolve().parents[2]
MANAGE = str(ROOT / "manage.py")
FASTER = {"serial": 8.0, "dlt": 5.0}
BILLED = ("invoices", "invoice_lines")
MOST_REQUESTS = 60
PERMISSIONS_PAGE = 300
"""Relationships on a page: a new customer's permission is known once the list of all is read again."""
CHANGES = 50
SUBSCRIPTIONS = 20
"""For each customer; an invoice has a line for each subscription."""
MEMORY = 200
"""Megabytes that a sync process may hold at its peak."""


def main() -> int:
    """Run the comparison; 0 if every bar is met."""
    options = argparse.Namespace(
        customers=int(os.environ.get("CUSTOMERS", "2000")),
        subscriptions=SUBSCRIPTIONS,
        latency_ms=int(os.environ.get("LATENCY_MS", "50")),
    )
    rivals = os.environ.get("RIVALS", " ".join(FASTER)).split()
    with _emulator(_free_port(), options) as base, tempfile.TemporaryDirectory() as place:
        _connect(base, Path(place))
        _serial.warm(base)
        found = _measure(base)
        _compare(found, base, Path(place), rivals)
    print(json.dumps(found, indent=1))
    return 0 if all(found["bars"].values()) else 1


def _measure(base: str) -> dict[str, Any]:
    full, full_seconds, peak = _sync("--full")
    again, again_seconds, _ = _sync("--full")
    verified = _verify()
    changes = _changes(base, None)
    mixed = _changes(base, list(KINDS))
    verified_after = _verify()
    pages = -(-full["admin_relationships"]["fetched"] // PERMISSIONS_PAGE)
    return {
        "rows": _serial.rows_now(),
        "full_seconds": round(full_seconds, 1),
        "estate_seconds": round(full_seconds - sum(full[name]["seconds"] for name in BILLED), 1),
        "again_seconds": round(again_seconds, 1),
        "again_rewritten": sum(row["inserted"] + row["updated"] for row in again.values()),
        "peak_mb": peak,
        "changes": changes,
        "changes_of_every_kind": mixed,
        "full": full,
        "bars": {
            "verify": verified and verified_after,
            "changes_requests": changes["requests"] <= MOST_REQUESTS,
            "changes_of_every_kind": mixed["requests"]
            <= 1 + CHANGES + 2 * mixed["made"].get("add_customer", 0) + pages,
            "memory": peak <= MEMORY,
        },
    }


def _changes(base: str, kinds: list[str] | None) -> dict[str, Any]:
    """Change something upstream and sync it; requests are counted where they arrive."""
    asked = {"count": CHANGES} | ({"kinds": kinds} if kinds else {})
    answer = httpx.post(f"{base}/_emulator/change", json=asked, timeout=60).raise_for_status()
    made = Counter(change["kind"] for change in answer.json()["changes"])
    httpx.delete(f"{base}/_emulator/log")
    _, seconds, _ = _sync("--changes")
    log = httpx.get(f"{base}/_emulator/log", params={"limit": 0}).json()
    return {"made": made, "seconds": round(seconds, 1), "requests": log["count"]}


def _compare(found: dict[str, Any], base: str, place: Path, rivals: list[str]) -> None:
    """Run the other readers and add how they did, and the bars that they set."""
    run = {"serial": lambda: _rivals.serial(base), "dlt": lambda: _rivals.dlt(base, place)}
    for name in rivals:
        rival = run[name]()
        faster = rival.seconds / found["full_seconds"]
        found[name] = rival.why_not or {
            "seconds": round(rival.seconds, 1),
            "rows": rival.rows,
            "sync_is_faster": round(faster, 1),
        }
        if rival.estate:
            estate = rival.estate / found["estate_seconds"]
            found[name] |= {
                "estate_seconds": round(rival.estate, 1),
                "sync_of_the_estate_is_faster": round(estate, 1),
            }
            found["bars"][f"estate_faster_than_{name}"] = estate >= FASTER[name]
        found["bars"][f"faster_than_{name}"] = not rival.why_not and faster >= FASTER[name]
        found["bars"][f"same_rows_as_{name}"] = rival.rows == found["rows"]


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
        "--subscriptions": options.subscriptions,
    }
    if "users" in options:
        words["--users"] = options.users
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


if __name__ == "__main__":
    sys.exit(main())
