"""A whole portal for tests: emulator and worker as processes of their own, Postgres and Valkey real."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import call_command
from django.db import connection as database
from django.db import transaction

# A live server in this process sends its tasks to the portal's queue, as portal.wsgi does.
import portal.celery  # noqa: F401
from portal.connections.models import Connection
from portal.embedded import consent
from portal.emulator import serve
from portal.outbox.models import Command

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60.0


@dataclass
class Emulator:
    """The emulated Partner Center of a test, and what a test does to it."""

    url: str

    def post(self, door: str, **content: Any) -> dict[str, Any]:
        answer = httpx.post(f"{self.url}/_emulator/{door}", json=content, trust_env=False)
        answer.raise_for_status()
        return dict(answer.json())

    def get(self, door: str, **query: str) -> dict[str, Any]:
        answer = httpx.get(f"{self.url}/_emulator/{door}", params=query, trust_env=False)
        answer.raise_for_status()
        return dict(answer.json())

    def forget_calls(self) -> None:
        httpx.delete(f"{self.url}/_emulator/log", trust_env=False).raise_for_status()

    def forget_faults(self) -> None:
        httpx.delete(f"{self.url}/_emulator/faults", trust_env=False).raise_for_status()

    def seats(self, customer: str, subscription: str) -> int:
        """The quantity as Partner Center has it."""
        found = self.get("dump", customer=customer, subscription=subscription)
        return int(found["subscription"]["quantity"])

    def writes(self) -> list[dict[str, Any]]:
        """Every PATCH that reached it since the log was cleared."""
        requests = self.get("log", limit="2000")["requests"]
        return [request for request in requests if request["method"] == "PATCH"]


def start_emulator() -> serve.Running:
    """A small estate: six customers, three indirect resellers."""
    return serve.start_process("--customers", "6", "--resellers", "3", "--seed", "1")


def connect(emulator: Emulator, folder: Path) -> Connection:
    """A connected, consented, live connection whose mirror has been filled once; ``folder`` is for a file."""
    token = folder / "refresh-token"
    token.write_text(consent.refresh_token(emulator.url, consent.EMULATED), encoding="utf-8")
    call_command(
        "connect",
        "flow",
        cloud="public",
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
    call_command("sync", "flow", full=True, json=True, stdout=StringIO())
    emulator.forget_calls()
    return Connection.objects.get(name="flow")


class Worker:
    """A real Celery worker on this test's database."""

    def __init__(self) -> None:
        settings = database.settings_dict
        options = settings["OPTIONS"]
        host = settings["HOST"] or options.get("host", "")
        url = f"postgres://{settings['USER']}@/{settings['NAME']}?host={host}"
        self.process = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("celery")),
                "-A",
                "portal.celery",
                "worker",
                "--concurrency=1",
                "--queues=interactive,push,sync,default,bulk",
                "--without-gossip",
                "--without-mingle",
                "--loglevel=WARNING",
            ],
            cwd=PROJECT,
            env=os.environ | {"DATABASE_URL": url, "MIGRATE_DATABASE_URL": url},
            start_new_session=True,
        )

    def kill(self) -> None:
        """kill -9 of the worker and its children, as the kernel's memory killer would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


def until(true: Callable[[], bool], what: str, *, longest: float = 0.4) -> None:
    """Wait on a state with a deadline; the state, not the time, ends the wait.

    It looks less and less often, at last every ``longest`` seconds: looking takes from those who are
    waited for. Whoever stops them in the middle looks often.
    """
    deadline, pause = time.monotonic() + PATIENCE_SECONDS, 0.03
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"still waiting after {PATIENCE_SECONDS:.0f} s: {what}")
        transaction.get_connection().ensure_connection()
        select_nothing(pause)
        pause = min(pause * 1.25, longest)


def select_nothing(seconds: float = 0.05) -> None:
    """Let the servers work for a moment; the database does the waiting."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


def settled(command: Command) -> bool:
    command.refresh_from_db()
    return command.state in {"succeeded", "failed", "withheld", "cancelled"}
