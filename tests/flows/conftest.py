"""One portal for all flows: an emulator, a filled mirror, a worker and a web server, on a database of their own.

Starting them costs more than a flow, so the tests here share them and each takes subscriptions that no
other has changed. They run in one process (``xdist_group``); nothing is flushed between.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker
from redis import Redis

from portal.connections.models import Connection
from portal.emulator import serve
from tests import servers
from tests.portal_processes import Emulator, Worker, connect


@pytest.fixture(scope="package")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of this folder's own, open to every test in it."""
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        name = servers.use_test_database("flows")
        yield
        servers.drop_test_database(name, back_to=before)


@pytest.fixture(scope="package")
def emulator_process() -> Iterator[serve.Running]:
    """An estate with more than 300 active subscriptions: a file can rename so many."""
    running = serve.start_process("--customers", "80", "--resellers", "3", "--seed", "1")
    yield running
    running.stop()


@pytest.fixture
def emulator(emulator_process: serve.Running) -> Emulator:
    """The emulator without what another test had it do wrong, and without its calls."""
    found = Emulator(emulator_process.url)
    found.forget_faults()
    found.forget_calls()
    return found


@pytest.fixture(scope="package")
def connected(
    database: None, emulator_process: serve.Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    """A connected, consented, live connection whose mirror has been filled once."""
    yield connect(Emulator(emulator_process.url), tmp_path_factory.mktemp("flows"))
    Redis.from_url(os.environ["REDIS_URL"]).flushdb()


@pytest.fixture
def portal(connected: Connection) -> Iterator[Connection]:
    """That connection; it is live and without limits again after the test."""
    yield connected
    Connection.objects.filter(pk=connected.pk).update(mode="live", limits={})


@dataclass
class Workers:
    """The worker of this folder; whoever kills it has the next one started."""

    running: Worker | None = None

    def start(self) -> Worker:
        """The worker that runs, or a new one where none does."""
        if self.running is None or self.running.process.poll() is not None:
            self.running = Worker()
        return self.running


@pytest.fixture(scope="package")
def workers(connected: Connection) -> Iterator[Workers]:
    found = Workers()
    yield found
    if found.running:
        found.running.stop()


@pytest.fixture
def start_worker(portal: Connection, workers: Workers) -> Callable[[], Worker]:
    """See that a worker runs."""
    return workers.start


@pytest.fixture(scope="package")
def server(connected: Connection) -> Iterator[LiveServer]:
    """The portal's web server."""
    running = LiveServer("127.0.0.1")
    yield running
    running.stop()
