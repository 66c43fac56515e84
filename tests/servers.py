"""The servers of a test session, and a database for each of its processes.

An early plugin (``-p tests.servers``): settings are read before any conftest, so the servers must run by
then. The first process starts them in a temporary folder; xdist workers inherit their addresses.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from django.db import connection, connections

from portal.embedded.folder import DataFolder
from portal.embedded.servers import Servers
from tests import template

PREFIX = "csp-portal-tests-"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

_exit = contextlib.ExitStack()
# Also when pytest stops before it was ready; closing again does nothing.
atexit.register(_exit.close)


def _start() -> None:
    """Start what the environment does not bring, in a folder that is gone after the session."""
    _remove_leftovers()
    place = tempfile.mkdtemp(prefix=PREFIX)
    _exit.callback(shutil.rmtree, place, ignore_errors=True)
    folder = _exit.enter_context(DataFolder(Path(place), purpose="tests"))
    servers = _exit.enter_context(Servers(folder, fast=True))
    os.environ.update(servers.env, PORTAL_DATA_DIR=place)
    _exit.callback(template.begin())


def _remove_leftovers() -> None:
    """Remove folders of sessions that were killed: nobody holds their lock."""
    for place in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), (place / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(place, ignore_errors=True)


def _own_redis() -> None:
    """Each worker its own database number, so that one's flush is not another's loss."""
    number = int(WORKER.removeprefix("gw")) + 1
    base = os.environ["REDIS_URL"].partition("?")[0]
    os.environ["REDIS_URL"] = f"{base}?db={number}"


if WORKER:
    _own_redis()
else:
    _start()
# pytest-playwright keeps an event loop open in the thread that also uses the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_unconfigure() -> None:
    _exit.close()


def chromium() -> str | None:
    """The machine's Chromium for Playwright's ``executable_path``; None for Playwright's own."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    return None


def use_test_database(purpose: str = "portal") -> str:
    """Point the default connection at this process's own database and return its name.

    The database is a clone of a template that is migrated once: for all workers of a session, and for
    later sessions too where DATABASE_URL names a lasting server. For a ``django_db_setup`` fixture,
    inside ``django_db_blocker.unblock()``.
    """
    name = f"test_{purpose}_{WORKER or 'main'}"
    template.clone_to(name)
    template.connect_to(name)
    connection.ensure_connection()
    return name


def drop_test_database(name: str, back_to: str | None = None) -> None:
    """Remove this process's database (a lasting server is left as it was, but for the template).

    ``back_to`` is the database that the default connection has from then on.
    """
    if back_to is None:
        connections.close_all()
    else:
        template.connect_to(back_to)
    with template.maintenance() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
