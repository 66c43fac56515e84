"""``make demo`` from an empty folder: a page to sign in to, a clean end, and a quick second start."""

import contextlib
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from portal.embedded import prepare
from portal.embedded import process as embedded
from portal.embedded.services import PROJECT
from tests.embedded.conftest import BROUGHT

pytestmark = pytest.mark.xdist_group("demo")
MANAGE = (sys.executable, str(PROJECT / "manage.py"))


def free_port() -> int:
    """A port whose follower is free too: the emulator's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def demo_env(data: Path, port: int) -> dict[str, str]:
    unlike = {*BROUGHT, "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in unlike}
    return kept | {"PORTAL_DATA_DIR": str(data), "PORT": str(port)}


@contextlib.contextmanager
def running_demo(env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the demo until its last line; yields the process and what it printed."""
    process = subprocess.Popen(
        [*MANAGE, "demo"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C stops everything" in line:
                break
        assert process.poll() is None, "".join(said)
        yield process, "".join(said)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        process.stdout.close()


def sign_in(url: str, email: str, password: str) -> httpx.Response:
    with httpx.Client(base_url=url, follow_redirects=True, timeout=30) as client:
        page = client.get("/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, page.text
        form = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
        return client.post(page.url, data=form, headers={"Referer": str(page.url)})


def manage(env: dict[str, str], *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANAGE, *argv], env=env, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_demo_from_nothing_to_a_page_and_back(place: Path) -> None:
    data, port = place / "data", free_port()
    env = demo_env(data, port)
    url = f"http://localhost:{port}"
    with running_demo(env) as (process, said):
        logins = json.loads((data / "demo-logins.json").read_text())
        assert list(logins) == [f"{name}@demo.example" for name in prepare.USERS]
        assert stat.S_IMODE((data / "demo-logins.json").stat().st_mode) == 0o600
        assert url in said
        assert all(email in said and password in said for email, password in logins.items())

        home = sign_in(url, "admin@demo.example", logins["admin@demo.example"])
        assert home.status_code == 200
        assert home.url.path == "/"
        long = httpx.get(f"{url}/?q={'x' * 7000}", trust_env=False)
        assert long.status_code == 302, "the address of a list with many filters is long"
        refused = sign_in(url, "admin@demo.example", "wrong")
        assert refused.url.path != "/"

        # A second terminal has nothing but the folder's name.
        summary = manage(
            {name: value for name, value in env.items() if name != "PORT"},
            *("sync", "demo", "--changes", "--json"),
        )
        assert summary.returncode == 0, summary.stderr
        json.loads(summary.stdout)

        second = manage(demo_env(data, free_port()), "demo")
        assert second.returncode == 1
        assert f"make demo at port {port}" in second.stderr

        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)

    # Beat keeps no file: one that a kill cut short would let it fall at every start.
    assert not list(data.glob("beat*"))

    with running_demo(env) as (process, said):
        assert json.loads((data / "demo-logins.json").read_text()) == logins
        assert sign_in(url, "sales@demo.example", logins["sales@demo.example"]).url.path == "/"
        beat = child_running("celery -A portal.celery beat", process, data)
        web = child_running("gunicorn portal.wsgi", process, data)
        os.kill(beat, signal.SIGKILL)
        assert process.stdout
        assert "beat was killed by SIGKILL and is started again" in process.stdout.readline()
        os.kill(web, signal.SIGKILL)
        assert process.wait(60) == 1
        assert "web was killed by SIGKILL" in process.stdout.read()


def child_running(words: str, demo: subprocess.Popen[str], data: Path) -> int:
    """The demo's child with these words in its command line; else fail with what there is instead.

    Read from /proc: ``ps`` cuts a line to COLUMNS, and a long path to the project hides the rest.
    """
    found: dict[int, str] = {}

    def there() -> bool:
        found.clear()
        found.update(children(demo.pid))
        return demo.poll() is not None or any(words in line for line in found.values())

    embedded.wait_until(there, seconds=20)
    log = data / "logs" / "beat.log"
    said = f"status {demo.poll()}, children {found}, end of {log}:\n{embedded.tail(log)}"
    matching = [pid for pid, line in found.items() if words in line]
    assert len(matching) == 1, said
    return matching[0]


def children(parent: int) -> dict[int, str]:
    """The command line of every child of ``parent``; a child that has just ended has an empty one."""
    lines = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended while we looked
            # The name in brackets may hold anything; the state and the parent follow it.
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(after_name[1]) == parent:
                command = (folder / "cmdline").read_bytes().rstrip(b"\0")
                lines[int(folder.name)] = command.replace(b"\0", b" ").decode()
    return lines


def test_a_port_in_use_and_a_wrong_port_are_said(place: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = manage(demo_env(place / "data", port), "demo")
    assert (said.returncode, said.stderr) == (1, f"Port {port} is in use: set PORT to another.\n")

    env = demo_env(place / "data", 0)
    said = manage({**env, "PORT": "eighty"}, "demo")
    assert (said.returncode, said.stderr) == (1, "PORT must be a port number, not 'eighty'.\n")
    assert not (place / "data").exists()


def test_the_emulator_alone_needs_no_settings(place: Path) -> None:
    said = manage(demo_env(place / "data", 0), "emulator", "--help")
    assert said.returncode == 0, said.stderr
    assert "--customers" in said.stdout
