"""The servers of a test session, and a database for each of its processes.

An early plugin (``-p tests.servers``): settings are read before any conftest, so the servers must run by
then. The first process starts them in a temporary folder; xdist workers inherit their addresses.
"""

import atexit
import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper

from portal.embedded.folder import DataFolder
from portal.embedded.servers import Servers

PREFIX = "csp-portal-tests-"
PROJECT = Path(__file__).resolve().parent.parent
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


def migrations_digest() -> str:
    """Names a schema: every migration and the row policies that migrate applies after them."""
    digest = hashlib.sha256()
    files = [
        *PROJECT.glob("portal/*/migrations/*.py"),
        *PROJECT.glob("portal/*/*/migrations/*.py"),
        *PROJECT.glob("[!.]*/migrations/*.py"),
        *PROJECT.glob("portal/access/*.py"),
        PROJECT / "portal/management/commands/migrate.py",
        PROJECT / "requirements.txt",
    ]
    for file in sorted(file for file in files if file.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def use_test_database(purpose: str = "portal") -> str:
    """Point the default connection at this process's own database and return its name.

    The database is a clone of a template that is migrated once: for all workers of a session, and for
    later sessions too where DATABASE_URL names a lasting server. For a ``django_db_setup`` fixture,
    inside ``django_db_blocker.unblock()``.
    """
    template = f"template_{migrations_digest()}"
    name = f"test_{purpose}_{WORKER or 'main'}"
    with _one_at_a_time(), _maintenance() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if not cursor.fetchone():
            _make_template(cursor, template)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    _connect_to(name)
    connection.ensure_connection()
    return name


def drop_test_database(name: str, back_to: str | None = None) -> None:
    """Remove this process's database (a lasting server is left as it was, but for the template).

    ``back_to`` is the database that the default connection has from then on.
    """
    if back_to is None:
        connections.close_all()
    else:
        _connect_to(back_to)
    with _maintenance() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _make_template(cursor: CursorWrapper, template: str) -> None:
    """Migrate under a working name: a template that exists is a template that is complete."""
    draft = f"{template}_draft"
    cursor.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{draft}"')
    _connect_to(draft)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connections.close_all()
    cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{template}"')


def _connect_to(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


@contextlib.contextmanager
def _maintenance() -> Iterator[CursorWrapper]:
    """A cursor in autocommit on the server's own database."""
    with connection._nodb_cursor() as cursor:
        yield cursor


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Only one worker of a session makes the template; the others wait for it."""
    place = Path(os.environ.get("PORTAL_DATA_DIR") or tempfile.gettempdir())
    with (place / f"{PREFIX}template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
