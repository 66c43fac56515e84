"""The supervisor: what failed is said, what may be started again is, nothing is left running."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.embedded import process
from portal.embedded.errors import EmbeddedError
from portal.embedded.folder import DataFolder
from portal.embedded.services import Service
from portal.embedded.supervisor import Stopped, Supervisor

SAID: list[str] = []


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    SAID.clear()
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    with DataFolder(tmp_path / "data") as folder, Supervisor(folder, SAID.append) as supervisor:
        supervisor.env = dict(os.environ)
        yield supervisor
    for number, handler in before.items():
        signal.signal(number, handler)


def python(name: str, code: str, restarts: int = 0) -> Service:
    return Service(name, ("python", "-c", code), restarts)


def test_a_fallen_service_is_named_with_the_end_of_its_log(supervisor: Supervisor) -> None:
    supervisor.start(python("steady", "import signal; signal.pause()"))
    supervisor.start(python("web", "print('no address left'); raise SystemExit(3)"))
    with pytest.raises(EmbeddedError, match=r"web ended with status 3.*(?s:.*)no address left"):
        supervisor.watch()


def test_a_killed_service_is_named_with_its_signal(supervisor: Supervisor) -> None:
    supervisor.start(python("beat", "import os; os.kill(os.getpid(), 9)"))
    with pytest.raises(EmbeddedError, match="beat was killed by SIGKILL"):
        supervisor.watch()


def test_a_worker_is_started_again_but_not_for_ever(supervisor: Supervisor) -> None:
    supervisor.start(python("worker", "raise SystemExit(1)", restarts=2))
    told = r"worker ended with status 1, as after each of 2 new starts\. The end of"
    with pytest.raises(EmbeddedError, match=told):
        supervisor.watch()
    assert SAID == [
        "worker ended with status 1 and is started again (1 of 2).",
        "worker ended with status 1 and is started again (2 of 2).",
    ]


def test_a_service_that_ran_well_is_counted_anew(supervisor: Supervisor, tmp_path: Path) -> None:
    kept = tmp_path / "starts"
    code = (
        "import pathlib, signal\n"
        f"with open({str(kept)!r}, 'a') as file: file.write('x')\n"
        f"if pathlib.Path({str(kept)!r}).stat().st_size < 4: raise SystemExit(1)\n"
        "signal.pause()"
    )
    supervisor.settled = 0
    supervisor.start(python("worker", code, restarts=1))
    supervisor.wait(
        lambda: kept.exists() and kept.stat().st_size == 4, seconds=20, what="the fourth start"
    )
    assert SAID == ["worker ended with status 1 and is started again (1 of 1)."] * 3


def test_stopping_ends_all_at_once_and_last_whom_they_call(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    ended = tmp_path / "ended"
    # Each waits until the other of its group was asked too; the one that serves them ends at once.
    code = (
        "import pathlib, signal, sys\n"
        "name, other = sys.argv[1:]\n"
        f"here = pathlib.Path({str(tmp_path)!r})\n"
        "def end(*_):\n"
        "    (here / f'{name}-asked').touch()\n"
        "    while other and not (here / f'{other}-asked').exists(): pass\n"
        f"    open({str(ended)!r}, 'a').write('served' if name == 'emulator' else 'x')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "(here / name).touch()\n"
        "while True: signal.pause()"
    )
    others = {"emulator": "", "a": "b", "b": "a"}
    for name, other in others.items():
        command = ("python", "-c", code, name, other)
        supervisor.start(Service(name, command, serves=name == "emulator"))
    supervisor.wait(
        lambda: all((tmp_path / name).exists() for name in others), seconds=20, what="all three"
    )
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Stopped):
        supervisor.watch()
    assert not ended.exists()

    supervisor.__exit__(None, None, None)

    assert ended.read_text() == "xxserved"
    assert SAID == []


def test_a_service_that_does_not_stop_in_its_time_is_killed_and_named(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    code = (
        "import pathlib, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"pathlib.Path({str(tmp_path)!r}, 'deaf').touch(); signal.pause()"
    )
    supervisor.start(Service("worker", ("python", "-c", code), restarts=1, patience=0.1))
    supervisor.wait((tmp_path / "deaf").exists, seconds=20, what="worker")
    supervisor.__exit__(None, None, None)
    assert SAID == [
        "worker did not stop in time and was killed; it takes up its work at the next start."
    ]


def test_a_stop_interrupts_a_step_in_the_foreground(supervisor: Supervisor) -> None:
    code = f"import os, signal; os.kill({os.getpid()}, signal.SIGINT); signal.pause()"
    with pytest.raises(Stopped):
        supervisor.run(python("step", code).argv)


def test_a_child_that_does_not_end_is_killed(tmp_path: Path) -> None:
    code = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); signal.pause()"
    )
    log = tmp_path / "log"
    child = process.spawn(python("deaf", code).argv, env=dict(os.environ), log=log)
    assert process.wait_until(lambda: process.tail(log) == "deaf", seconds=20)
    assert process.stop(child, signal.SIGTERM, 0.2) is False
    assert child.returncode == -signal.SIGKILL
