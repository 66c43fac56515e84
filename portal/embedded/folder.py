"""The data folder: private, held by one process at a time, with a place for sockets and logs."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import stat
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Self

from portal.embedded import runtime
from portal.embedded.errors import EmbeddedError
from portal.embedded.process import NOBODY

# A Unix socket's path ends at 107 bytes; Postgres's lock file beside it is the longest name.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


class DataFolder:
    """``PORTAL_DATA_DIR``, locked while this object is entered.

    Layout: ``lock``, ``keys.json``, ``demo-logins.json``, ``pg/`` and ``valkey/`` (the servers' files),
    ``logs/``, ``run/`` (sockets and what is published), ``static/`` (collected files).
    """

    def __init__(self, root: Path, *, purpose: str = "servers") -> None:
        self.root = root.resolve()
        self.purpose = purpose
        self._lock: BinaryIO | None = None

    def __enter__(self) -> Self:
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        for folder in (self.logs, self.run, self.sockets):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._hold()
        return self

    def __exit__(self, *exc: object) -> None:
        self.published.unlink(missing_ok=True)
        if self.sockets != self.run:
            shutil.rmtree(self.sockets, ignore_errors=True)
        if self._lock:
            self._lock.close()
            self._lock = None

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def published(self) -> Path:
        return self.root / runtime.PUBLISHED

    @property
    def sockets(self) -> Path:
        """Where sockets stand: in the folder, or under the temporary folder when its path is too long.

        Raises EmbeddedError when that place is not ours (anyone may write to a temporary folder).
        """
        if len(os.fsencode(self.run)) <= LONGEST_SOCKET_FOLDER:
            return self.run
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        temporary = Path(tempfile.gettempdir())
        if len(os.fsencode(temporary)) > LONGEST_SOCKET_FOLDER - 40:
            temporary = Path("/tmp")  # noqa: S108 - the name below is checked for being ours
        place = temporary / f"csp-portal-{os.geteuid()}-{digest}"
        with contextlib.suppress(FileNotFoundError):
            found = place.lstat()
            ours = found.st_uid in {os.geteuid(), NOBODY if os.geteuid() == 0 else os.geteuid()}
            if not ours or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
                raise EmbeddedError(f"{place} is not a private folder: remove it.")
        return place

    def log(self, name: str) -> Path:
        """The log file of a server or service; a large one is begun anew."""
        path = self.logs / f"{name}.log"
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_size > 10_000_000:
                path.replace(path.with_suffix(".log.1"))
        return path

    def publish(self, env: Mapping[str, str]) -> None:
        """Let other terminals find the servers (portal.embedded.runtime)."""
        write_private(self.published, json.dumps(dict(env)))

    def _hold(self) -> None:
        lock = (self.root / runtime.LOCK).open("a+b")
        for attempt in range(10):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                # A passing look (runtime.running) holds it for a moment only.
                if attempt < 9:
                    threading.Event().wait(0.05)
        else:
            lock.seek(0)
            holder = lock.read().decode(errors="replace").strip() or "another process"
            lock.close()
            raise EmbeddedError(
                f"{self.root} is in use by {holder}. Stop it, or set PORTAL_DATA_DIR to another folder."
            )
        lock.truncate(0)
        lock.write(f"process {os.getpid()} ({self.purpose})".encode())
        lock.flush()
        self._lock = lock


def write_private(path: Path, text: str) -> None:
    """Write a file that only we can read, whole or not at all."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
