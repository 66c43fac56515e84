"""The command line of the emulator, shared by ``manage.py emulator`` and ``-m portal.emulator``."""

import argparse
import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec

from portal.emulator import faults, render, router, serve
from portal.emulator.clock import parse_moment
from portal.emulator.settings import GRAPH, Settings

_DEFAULTS = Settings()
COVERAGE = Path(__file__).parent / "coverage.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=_port, default=8765, help="port on 127.0.0.1 (0: a free one)"
    )
    parser.add_argument("--customers", type=_count, default=_DEFAULTS.customers)
    parser.add_argument("--resellers", type=_count, default=_DEFAULTS.resellers)
    parser.add_argument("--seed", type=int, default=_DEFAULTS.seed)
    parser.add_argument("--subscriptions", type=_count, help="number for each customer")
    parser.add_argument("--users", type=_count, help="number for each customer, at least 5")
    parser.add_argument("--invoice-lines", type=_count, help="number on the newest invoice")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="added to each API reply")
    parser.add_argument("--rpm", type=_count, default=0, help="calls a minute and throttle class")
    parser.add_argument("--graph", choices=GRAPH, default=GRAPH[0], help="what Graph permits")
    parser.add_argument("--faults", type=_spec, default="", help="429=0.02,reset=0.02 …")
    parser.add_argument("--now", type=parse_moment, help="ISO 8601 moment to start the clock at")
    parser.add_argument("--frozen", action="store_true", help="let the clock stand still")
    parser.add_argument("--state", type=Path, help="file that keeps changes over a restart")
    parser.add_argument(
        "--webhook-hosts",
        type=lambda text: tuple(filter(None, text.split(","))),
        default=(),
        help="hosts that may receive webhooks besides this machine",
    )
    parser.add_argument("--tenant", default=_DEFAULTS.tenant_id)
    parser.add_argument("--client-id", default=_DEFAULTS.client_id)
    parser.add_argument("--client-secret", default=_DEFAULTS.client_secret)
    parser.add_argument(
        "--export-coverage",
        action="store_true",
        help="write coverage.json (operation name: emulated) and exit",
    )


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("must be from 0 to 65535")
    return number


def _spec(text: str) -> str:
    try:
        faults.parse_spec(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def run(options: dict[str, Any], say: Callable[[str], None]) -> None:
    """Run the emulator with parsed options until it is told to end."""
    if options["export_coverage"]:
        COVERAGE.write_bytes(coverage_bytes())
        say(str(COVERAGE))
        return
    settings = Settings(
        customers=options["customers"],
        resellers=options["resellers"],
        seed=options["seed"],
        subscriptions=options["subscriptions"],
        users=options["users"],
        invoice_lines=options["invoice_lines"],
        latency_ms=options["latency_ms"],
        rpm=options["rpm"],
        graph=options["graph"],
        faults=options["faults"],
        now=options["now"],
        frozen=options["frozen"],
        state=options["state"],
        webhook_hosts=options["webhook_hosts"],
        tenant_id=options["tenant"],
        client_id=options["client_id"],
        client_secret=options["client_secret"],
    )
    signal.signal(signal.SIGTERM, _end)
    serve.run(settings, options["port"], say)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def coverage_bytes() -> bytes:
    """Return the content of coverage.json."""
    return msgspec.json.format(render.encode(router.coverage()), indent=2) + b"\n"
