"""One migrated database, made once: every process of a session works on a clone of it.

The first process of a session runs this module beside itself: the tables come into being while the tests
are still being collected. Whoever needs a clone earlier waits for it.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper

PROJECT = Path(__file__).resolve().parent.parent


def begin() -> Callable[[], None]:
    """Make the template in a process of its own; returned is what ends it.

    A fault is told by whoever then makes the template instead.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.template"],
        cwd=PROJECT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def end() -> None:
        process.kill()
        process.wait()

    return end


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


def clone_to(name: str) -> None:
    """A new database of this name, in place of one that is there."""
    template = f"template_{migrations_digest()}"
    with _one_at_a_time(), maintenance() as cursor:
        _ensure(cursor, template)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _ensure(cursor: CursorWrapper, template: str) -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
    if not cursor.fetchone():
        _make_template(cursor, template)


def _make_template(cursor: CursorWrapper, template: str) -> None:
    """Migrate under a working name: a template that exists is a template that is complete."""
    draft = f"{template}_draft"
    cursor.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{draft}"')
    connect_to(draft)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connections.close_all()
    cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{template}"')


def connect_to(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


@contextlib.contextmanager
def maintenance() -> Iterator[CursorWrapper]:
    """A cursor in autocommit on the server's own database."""
    with connection._nodb_cursor() as cursor:
        yield cursor


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Only one worker of a session makes the template; the others wait for it."""
    place = Path(os.environ.get("PORTAL_DATA_DIR") or tempfile.gettempdir())
    with (place / "csp-portal-tests-template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    django.setup()
    with _one_at_a_time(), maintenance() as server:
        _ensure(server, f"template_{migrations_digest()}")
