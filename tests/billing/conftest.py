"""A connection and a Partner Center with invoices, read by real runs."""

import time
from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from portal.connections.models import Connection
from portal.mirror import fetching, runs
from portal.mirror.models import SyncRun
from tests.billing.world import Books
from tests.factories import make_connection

Sync = Callable[..., SyncRun]
FAMILIES = ["invoices", "invoice_lines"]


@pytest.fixture
def connection(db: None) -> Connection:
    return make_connection("contoso")


@pytest.fixture
def books(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Books:
    found = Books(page_size=10)
    monkeypatch.setattr(fetching, "make_clients", found.clients)
    settings.MIRROR_THREADS = 4
    settings.MIRROR_DETAILS_PER_PASS = 0
    return found


@pytest.fixture
def sync(connection: Connection, books: Books) -> Sync:
    """Read invoices and lines to the end, or the families named."""

    def go(*families: str) -> SyncRun:
        run = runs.start(connection, "full", list(families) or FAMILIES)
        while runs.work(run, time.monotonic() + 30) is runs.Slice.MORE:
            pass
        run.refresh_from_db()
        return run

    return go
