"""The other readers of the sync benchmark, each against the same emulator and the same Postgres.

dlt is no part of the project: an environment of its own is made for it, with the versions of
``_dlt.txt``, and is gone with the run.
"""

# ruff: noqa: PLC0415 - Django is set up first

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import _serial

HERE = Path(__file__).resolve().parent
UV = Path(sys.executable).parent / "uv"


@dataclass(frozen=True)
class Rival:
    """How one did: seconds and rows of each table, or in words why it could not run.

    ``estate``: the seconds before the invoices, where the reader knows.
    """

    seconds: float = 0.0
    rows: dict[str, int] = field(default_factory=dict)
    why_not: str = ""
    estate: float = 0.0


def serial(base: str) -> Rival:
    """Run the plain script in this process."""
    seconds, rows, estate = _serial.run(base)
    return Rival(seconds, rows, estate=estate)


def environment(place: Path) -> tuple[Path, str]:
    """Make a Python that has dlt, in ``place``; its path, and why that failed where it did."""
    python = place / "dlt" / "bin" / "python"
    steps = (
        (UV, "venv", "--quiet", "--python", sys.executable, place / "dlt"),
        (UV, "pip", "install", "--quiet", "--python", python, "-r", HERE / "_dlt.txt"),
    )
    for step in steps:
        try:
            done = subprocess.run(step, capture_output=True, text=True, check=False)
        except OSError as error:
            return python, f"dlt could not be installed: {error}"
        if done.returncode:
            return python, f"dlt could not be installed: {done.stderr.strip()[-600:]}"
    return python, ""


def dlt(base: str, place: Path) -> Rival:
    """Run the script for dlt in a Python of its own; installing it is not part of the time."""
    python, why_not = environment(place)
    if why_not:
        return Rival(why_not=why_not)
    token = _serial.headers(base)["Authorization"].removeprefix("Bearer ")
    began = time.monotonic()
    done = subprocess.run(
        [python, HERE / "_dlt.py", base, token],
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(place),
            "DLT_DATA_DIR": str(place),
            "DESTINATION__POSTGRES__CREDENTIALS": _address(),
            # The benchmark speaks to nobody; it costs dlt nothing.
            "RUNTIME__DLTHUB_TELEMETRY": "false",
        },
    )
    seconds = time.monotonic() - began
    if done.returncode:
        return Rival(why_not=f"dlt failed: {done.stderr.strip()[-600:]}")
    rows: dict[str, int] = json.loads(done.stdout.strip().splitlines()[-1])
    return Rival(seconds, rows)


def _address() -> str:
    """Return the database as dlt wants it: with a host and a password, whatever they are."""
    _serial.setup()
    from django.db import connection

    known = connection.get_connection_params()
    password, port = known.get("password") or "none", known.get("port") or 5432
    host, name = known.get("host") or "localhost", known["dbname"]
    return f"postgresql://{known['user']}:{password}@localhost/{name}?host={host}&port={port}"
