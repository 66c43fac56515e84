"""Find the servers of a running demo from another process: the settings ask this at every start.

Standard library only, and quick: one open and one lock attempt when nothing runs.
"""

import fcntl
import json
import os
from pathlib import Path

LOCK = "lock"
PUBLISHED = Path("run") / "env.json"


def running(data_dir: Path) -> dict[str, str] | None:
    """The variables that the demo of ``data_dir`` set, or None when none runs.

    A variable that this process already has (also as NAME_FILE) is left out. A process with its own
    DATABASE_URL gets neither address, or it would migrate a database it does not serve.
    """
    try:
        with (data_dir / LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        pass  # somebody holds it: the servers run
    except OSError:
        return None
    else:
        return None
    try:
        published: dict[str, str] = json.loads((data_dir / PUBLISHED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if is_set("DATABASE_URL"):
        published.pop("MIGRATE_DATABASE_URL", None)
    return {name: value for name, value in published.items() if not is_set(name)}


def is_set(name: str) -> bool:
    """Whether the environment gives NAME, itself or by a file."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))
