"""A connection of the tests, with credentials that no log and no page may ever show."""

from collections.abc import Iterator

import pytest

from portal.connections import clients
from portal.connections.models import Connection
from portal.emulator import serve
from portal.emulator.serve import Running
from portal.emulator.settings import Settings

CANARY_SECRET = "canary-secret-5f1d"
CANARY_REFRESH = "canary-refresh-8b2e"


@pytest.fixture
def connection(db) -> Connection:
    return make_connection()


def make_connection(**values) -> Connection:
    return Connection.objects.create(
        **{
            "name": "contoso",
            "environment": "sandbox",
            "tenant_id": "6f2f36c7-8a09-4b9b-9f0e-3c1d3a3f9a11",
            "client_id": "0f1c4f0a-3f0c-4c38-a2a8-6c9d1a0a1b22",
            "client_secret": CANARY_SECRET,
            "api_url": "http://127.0.0.1:9",
            "login_url": "http://127.0.0.1:9",
            **values,
        }
    )


@pytest.fixture(scope="session")
def emulator_server() -> Iterator[Running]:
    """Partner Center, emulated, in a thread of this process."""
    running = serve.start(threads=8)
    yield running
    running.stop()


@pytest.fixture
def emulator(emulator_server: Running) -> Iterator[Running]:
    """The emulator as it was at its start."""
    assert emulator_server.app
    emulator_server.app.start(Settings())
    yield emulator_server
    clients.close_all()


@pytest.fixture
def emulated(db, emulator) -> Connection:
    """A connection to the emulator, live, without consent."""
    return make_emulated(emulator)


def make_emulated(emulator: Running, **values) -> Connection:
    settings = Settings()
    return make_connection(
        **{
            "name": "emulated",
            "mode": "live",
            "tenant_id": settings.tenant_id,
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
            "api_url": emulator.url,
            "login_url": emulator.url,
            "graph_url": emulator.url,
            **values,
        }
    )
