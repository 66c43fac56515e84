"""Running the emulator: in the foreground, in a thread of a test, or as a process of its own."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import waitress

from portal.emulator.app import Emulator, create_app
from portal.emulator.settings import Settings

HOST = "127.0.0.1"
THREADS = 64
_STOP_SECONDS = 5.0
_SAVE_SECONDS = 5.0


def server_for(app: Emulator, port: int, threads: int = THREADS, host: str = HOST) -> Any:
    """Return a waitress server bound to ``host``; port 0 takes a free one.

    Connections stay open between calls (keep-alive), as those of the service do.
    """
    return waitress.create_server(
        app,
        host=host,
        port=port,
        threads=threads,
        connection_limit=1_000,
        channel_timeout=300,
        asyncore_use_poll=True,
        ident=None,
        clear_untrusted_proxy_headers=True,
    )


@dataclass
class Running:
    """A running emulator. ``app`` is None if it runs in another process."""

    url: str
    stop: Callable[[], None]
    app: Emulator | None = None
    pid: int | None = None


def start(settings: Settings | None = None, *, port: int = 0, threads: int = THREADS) -> Running:
    """Run the emulator in a thread of this process and return once it accepts calls."""
    app = create_app(settings)
    server = server_for(app, port, threads)
    thread = threading.Thread(target=server.run, name="emulator", daemon=True)
    thread.start()

    def stop() -> None:
        server.trigger.pull_trigger(lambda: _close(server))
        thread.join(_STOP_SECONDS)
        server.task_dispatcher.shutdown(timeout=_STOP_SECONDS)

    return Running(f"http://{HOST}:{server.effective_port}", stop, app)


def _close(server: Any) -> None:
    """Close a server and its connections; runs in the server's own thread."""
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.close()


def start_process(*arguments: str, port: int = 0, stdout: int = subprocess.DEVNULL) -> Running:
    """Run the emulator as its own process and return once it accepts calls.

    ``arguments`` are those of the command (``--customers 2000`` …). Raise RuntimeError if it ends
    instead.
    """
    chosen = port or _free_port()
    command = [sys.executable, "-m", "portal.emulator", "--port", str(chosen), *arguments]
    process = subprocess.Popen(command, stdout=stdout)  # noqa: S603 - our own module
    url = f"http://{HOST}:{chosen}"

    def stop() -> None:
        process.terminate()
        process.wait(_STOP_SECONDS)

    _await(process, chosen)
    return Running(url, stop, pid=process.pid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _await(process: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"the emulator ended with status {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        threading.Event().wait(0.05)
    process.terminate()
    raise RuntimeError("the emulator did not start within 10 seconds")


def run(settings: Settings, port: int, say: Callable[[str], None]) -> None:
    """Serve in the foreground until SIGTERM or Ctrl-C (the caller turns SIGTERM into SystemExit).

    BIND names another address than 127.0.0.1: in a container, others must reach it. Ends with a
    sentence where the port cannot be had.
    """
    app = create_app(settings)
    try:
        server = server_for(app, port, host=os.environ.get("BIND", HOST))
    except OSError as error:
        raise SystemExit(f"Port {port} cannot be used: {error.strerror}.") from None
    say(f"Partner Center emulator: http://{HOST}:{server.effective_port} (pid {os.getpid()})")
    say(
        f"tenant {settings.tenant_id}, client {settings.client_id}, secret {settings.client_secret}"
    )
    ended = threading.Event()
    threading.Thread(target=app.store.warm, name="warm", daemon=True).start()
    if settings.state is not None:
        threading.Thread(target=_keep, args=(app, ended), name="keep", daemon=True).start()
    server.run()
    ended.set()
    server.close()
    app.save()


def _keep(app: Emulator, ended: threading.Event) -> None:
    """Save the state every few seconds, so that even a killed emulator loses little."""
    saved, registered = len(app.store.audit), app.store.hooks.registration
    while not ended.wait(_SAVE_SECONDS):
        if len(app.store.audit) != saved or app.store.hooks.registration is not registered:
            saved, registered = len(app.store.audit), app.store.hooks.registration
            app.save()
