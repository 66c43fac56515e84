from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from portal.emulator import serve
from portal.emulator.app import Emulator, create_app
from portal.emulator.settings import Settings
from tests.emulator.tools import Api

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def app() -> Emulator:
    """The small estate at noon of one day, with the clock standing still."""
    return create_app(Settings(now=NOON, frozen=True))


@pytest.fixture
def user(app: Emulator) -> Api:
    """A caller with an App+User token of admin@."""
    api = Api(app)
    api.token = api.control("POST", "tokens", {"action": "issue"})["user_token"]
    return api


@pytest.fixture
def robot(app: Emulator) -> Api:
    """A caller with an app-only token."""
    api = Api(app)
    api.token = api.control("POST", "tokens", {"action": "issue"})["app_token"]
    return api


@pytest.fixture
def server() -> Iterator[serve.Running]:
    """A small emulator behind real HTTP on a free port."""
    running = serve.start(Settings(customers=12), threads=16)
    yield running
    running.stop()
