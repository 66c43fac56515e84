"""A connection and a world that stands in for Partner Center."""

import time
from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from portal.connections.models import Connection
from portal.mirror import fetching, runs
from portal.mirror.models import SyncPass, SyncRun
from tests.factories import make_connection
from tests.mirror.world import World


@pytest.fixture
def connection(db: None) -> Connection:
    return make_connection("contoso")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> World:
    found = World()
    monkeypatch.setattr(fetching, "make_clients", found.clients)
    settings.MIRROR_THREADS = 4
    settings.MIRROR_DETAILS_PER_PASS = 0
    return found


@pytest.fixture
def sync(connection: Connection, world: World) -> Callable[..., SyncRun]:
    """Run to the end: ``sync()`` full, ``sync("changes")``."""

    def go(kind: str = "full", families: list[str] | None = None) -> SyncRun:
        run = runs.start(connection, kind, families)
        while runs.work(run, time.monotonic() + 30) is runs.Slice.MORE:
            pass
        run.refresh_from_db()
        return run

    return go


def numbers(run: SyncRun, family: str) -> tuple[int, int, int, int]:
    """Inserted, updated, unchanged, gone."""
    one = SyncPass.objects.get(run=run, family=family)
    return one.inserted, one.updated, one.unchanged, one.gone
