"""Start processes in order, watch them all, stop them (whom they call last), and say plainly which one failed."""

import signal
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self

from portal.embedded import process
from portal.embedded.errors import EmbeddedError
from portal.embedded.folder import DataFolder
from portal.embedded.services import PROJECT, Service

if TYPE_CHECKING:
    import subprocess


SETTLED = 300.0
"""Seconds after which a process runs well: when it falls then, its restarts are counted anew."""


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked
    """Ctrl-C or a TERM came."""


class Supervisor:
    """Enter it in the main thread before the servers start: from then on signals are kept as a wish.

    A service that ends by itself is started again as often in a row as it may, else everything stops.
    """

    def __init__(self, folder: DataFolder, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.say = say
        self.env: Mapping[str, str] = {}
        self._stopping = threading.Event()
        self._running: list[tuple[Service, subprocess.Popen[bytes]]] = []
        self._restarts: dict[str, int] = {}
        self._started: dict[str, float] = {}
        self.settled = SETTLED

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stopping.set())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for serves in (False, True):
            self._stop([one for one in reversed(self._running) if one[0].serves is serves])
        self._running.clear()

    def _stop(self, group: "list[tuple[Service, subprocess.Popen[bytes]]]") -> None:
        """Ask all of a group at once, so that they end side by side."""
        for _service, child in group:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        for service, child in group:
            if process.ends(child, max(0.0, asked + service.patience - time.monotonic())):
                continue
            resumes = "; it takes up its work at the next start" if service.restarts else ""
            self.say(f"{service.name} did not stop in time and was killed{resumes}.")

    def start(self, service: Service) -> None:
        """Start a service in the background; its output goes to its log."""
        child = process.spawn(
            service.argv, env=self.env, log=self.folder.log(service.name), cwd=PROJECT
        )
        self._running.append((service, child))
        self._started[service.name] = time.monotonic()

    def run(self, argv: tuple[str, ...]) -> int:
        """Run a step in the foreground, its output on the terminal, and return its exit status."""
        child = process.spawn(argv, env=self.env, log=None, cwd=PROJECT)
        try:
            self.wait(lambda: child.poll() is not None, seconds=24 * 3600, what="a step")
        finally:
            process.stop(child, signal.SIGTERM, 5)
        return child.returncode

    def wait(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Wait for ``ready`` while watching every service.

        Raises Stopped when somebody asks to stop, EmbeddedError when a service fails or time is over.
        """

        def settled() -> bool:
            if self._stopping.is_set():
                raise Stopped
            self._look()
            return ready()

        if not process.wait_until(settled, seconds=seconds, every=0.05):
            raise EmbeddedError(f"Nothing answers after {seconds:.0f} seconds: {what}.")

    def watch(self) -> None:
        """Watch until somebody asks to stop (raises Stopped) or a service fails (EmbeddedError)."""
        while True:
            if self._stopping.wait(0.2):
                raise Stopped
            self._look()

    def _look(self) -> None:
        for service, child in list(self._running):
            if child.poll() is not None:
                self._running.remove((service, child))
                self._mend(service, child.returncode)

    def _mend(self, service: Service, status: int) -> None:
        """Start a fallen service again, or stop everything with the end of its log."""
        ran_well = time.monotonic() - self._started[service.name] >= self.settled
        used = 0 if ran_well else self._restarts.get(service.name, 0)
        ended = f"{service.name} {how_it_ended(status)}"
        if used < service.restarts:
            self._restarts[service.name] = used + 1
            self.say(f"{ended} and is started again ({used + 1} of {service.restarts}).")
            self.start(service)
            return
        log = self.folder.log(service.name)
        if used:
            ended = f"{ended}, as after each of {used} new starts"
        raise EmbeddedError(f"{ended}. The end of {log}:\n{process.tail(log)}")


def how_it_ended(status: int) -> str:
    """Say an exit status in words."""
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"was killed by signal {-status}"
