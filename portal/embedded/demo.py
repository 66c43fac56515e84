"""``make demo``: everything from nothing to a page that can be signed in to, until Ctrl-C.

Servers, emulator, one preparing step (``manage.py prepare_demo``), web, worker, beat. It stands outside
Django, whose settings need the addresses of the servers that are started here.
"""

import json
import os
import socket
import sys
from pathlib import Path

import httpx

from portal.embedded import services
from portal.embedded.errors import EmbeddedError
from portal.embedded.folder import DataFolder
from portal.embedded.servers import Servers
from portal.embedded.supervisor import Stopped, Supervisor

LOGINS = "demo-logins.json"


def main(arguments: list[str]) -> int:
    """Run the demo and return the exit status: 0 after Ctrl-C, 1 when something failed."""
    if arguments:
        say("make demo takes no arguments; PORT and PORTAL_DATA_DIR move it.")
        return 2
    try:
        _run(_port("PORT", 8000), _data_dir())
    except (Stopped, KeyboardInterrupt):
        say("Stopped.")
        return 0
    except EmbeddedError as error:
        sys.stdout.flush()
        sys.stderr.write(f"{error}\n")
    return 1


def say(text: str) -> None:
    """Write a line at once, also into a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _run(port: int, data_dir: Path) -> None:
    if not _is_free(port):
        raise EmbeddedError(f"Port {port} is in use: set PORT to another.")
    folder = DataFolder(data_dir, purpose=f"make demo at port {port}")
    # Left in reverse: the services stop before the servers, the servers before the lock.
    with folder, Servers(folder) as servers, Supervisor(folder, say) as supervisor:
        emulator_port = _emulator_port(port)
        supervisor.env = _environment(servers.env, folder.root, port)
        folder.publish({**servers.env, "PORTAL_DATA_DIR": str(folder.root)})
        emulator = services.emulator(emulator_port, str(folder.root))
        supervisor.start(emulator)
        if supervisor.run(services.prepare(_url(emulator_port)).argv) != 0:
            raise EmbeddedError("The demo could not be prepared (see above).")
        supervisor.start(services.WEB)
        supervisor.wait(lambda: answers(_url(port)), seconds=60, what=f"web at port {port}")
        supervisor.start(services.WORKER)
        supervisor.start(services.BEAT)
        _greet(port, folder.root)
        supervisor.watch()


def _port(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise EmbeddedError(f"{name} must be a port number, not {text!r}.")
    return int(text)


def _data_dir() -> Path:
    return Path(os.environ.get("PORTAL_DATA_DIR") or services.PROJECT / ".portal")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _emulator_port(port: int) -> int:
    """The next port, so that it is the same at every start; any free one when that is taken."""
    if port + 1 < 65536 and _is_free(port + 1):
        return port + 1
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _environment(servers: dict[str, str], root: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        **servers,
        "PORTAL_DATA_DIR": str(root),
        "BIND": "127.0.0.1",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "PUBLIC_URL": f"http://localhost:{port}",
        "MAILBOX": "on",
    }


def answers(url: str) -> bool:
    """Whether a web server answers there, with anything but a failure of its own."""
    try:
        return httpx.get(url, timeout=20, trust_env=False).status_code < 500
    except httpx.HTTPError:
        return False


def _greet(port: int, root: Path) -> None:
    logins: dict[str, str] = json.loads((root / LOGINS).read_text(encoding="utf-8"))
    width = max(map(len, logins), default=0)
    say(f"\nThe portal runs at http://localhost:{port}\n")
    for email, password in logins.items():
        say(f"  {email:<{width}}  {password}")
    say(f"\nAlso in {root / LOGINS}. Logs: {root / 'logs'}. Ctrl-C stops everything.")
