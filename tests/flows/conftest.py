"""An emulator for all flows; for each a connection on an empty database, and workers to start."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from portal.connections.models import Connection
from portal.emulator import serve
from tests.portal_processes import Emulator, Worker, connect, start_emulator


@pytest.fixture(scope="session")
def emulator_process() -> Iterator[serve.Running]:
    running = start_emulator()
    yield running
    running.stop()


@pytest.fixture
def emulator(emulator_process: serve.Running) -> Emulator:
    """The emulator as it was when it started."""
    found = Emulator(emulator_process.url)
    found.post("reset")
    return found


@pytest.fixture
def portal(transactional_db: None, emulator: Emulator, tmp_path: Path) -> Connection:
    """A connected, consented, live connection whose mirror has been filled once."""
    return connect(emulator, tmp_path)


@pytest.fixture
def start_worker(portal: Connection) -> Iterator[Callable[[], Worker]]:
    """Start workers; all end with the test."""
    started: list[Worker] = []

    def start() -> Worker:
        started.append(Worker())
        return started[-1]

    yield start
    for worker in started:
        worker.stop()
    Redis.from_url(os.environ["REDIS_URL"]).flushdb()
