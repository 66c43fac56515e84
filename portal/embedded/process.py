"""Children that die with us, under the user that they need, with a log to read when they fail."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534


@dataclass(frozen=True)
class Identity:
    """Who a child is: ``uid`` owns its files as seen from here, ``enter`` runs in the child."""

    name: str
    uid: int
    enter: Callable[[], None]


def identities() -> list[Identity]:
    """The identities under which Postgres may run (it refuses root), best first."""
    if os.geteuid() != 0:
        return [Identity("this user", os.geteuid(), lambda: None)]
    nobody = Identity("nobody", NOBODY, _become_nobody)
    if sys.platform != "linux":
        return [nobody]
    return [Identity("a user namespace", 0, _enter_namespace), nobody]


def _enter_namespace() -> None:
    """Be uid 1000 in a namespace of our own: still the owner of root's files, but not root."""
    uid, gid = os.geteuid(), os.getegid()
    if LIBC.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"1000 {uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"1000 {gid} 1", encoding="ascii")


def _become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def run_as(identity: Identity, argv: Sequence[str | Path], env: Mapping[str, str]) -> str:
    """Run to the end under ``identity`` and return what it wrote; raises CalledProcessError."""
    done = subprocess.run(  # noqa: S603 - the programs are ours
        [str(word) for word in argv],
        env=env,
        check=True,
        preexec_fn=identity.enter,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
    )
    return done.stdout


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path | None,
    identity: Identity | None = None,
    parting: signal.Signals = signal.SIGTERM,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a group of its own (Ctrl-C reaches only us); it gets ``parting`` if we die.

    Without a log it writes to our terminal.
    """

    def enter() -> None:
        os.setpgid(0, 0)
        if identity:
            identity.enter()
        if sys.platform == "linux":
            # After the change of user, which would clear it.
            LIBC.prctl(PR_SET_PDEATHSIG, int(parting), 0, 0, 0)

    with contextlib.ExitStack() as files:
        out = files.enter_context(log.open("ab")) if log else None
        return subprocess.Popen(  # noqa: S603 - the programs are ours
            [str(word) for word in argv],
            env=env,
            preexec_fn=enter,  # noqa: PLW1509 - from the main thread, before others start
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=cwd,
        )


def stop(child: subprocess.Popen[bytes], first: signal.Signals, seconds: float) -> bool:
    """Ask a child to end, kill its whole group if it does not; True if it ended by itself."""
    if child.poll() is not None:
        return True
    child.send_signal(first)
    return ends(child, seconds)


def ends(child: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for a child that was asked to end, kill its whole group if it does not; True if it did."""
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return False
    return True


def wait_until(ready: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Probe until it is ready or the time is over; True when it is ready."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        pause(every)
    return True


def pause(seconds: float) -> None:
    """Wait in the supervisor's loop."""
    threading.Event().wait(seconds)


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
