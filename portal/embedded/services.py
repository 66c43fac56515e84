"""The processes of the portal and how each is started: here, and word for word in docker-compose.yml."""

import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Service:
    """One process. ``restarts`` is how often in a row the supervisor starts it anew before it gives up.

    ``patience`` is for how many seconds it may end what it is doing. One that ``serves`` the others is
    stopped after them.
    """

    name: str
    command: tuple[str, ...]
    restarts: int = 0
    patience: float = 15.0
    serves: bool = False

    @property
    def argv(self) -> tuple[str, ...]:
        """The command with its program found beside this Python, whatever PATH says."""
        program = Path(sys.executable).with_name(self.command[0])
        return (str(program), *self.command[1:])


QUEUES = "interactive,push,sync,default,bulk"

MIGRATE = Service("migrate", ("python", "manage.py", "migrate"))
# Address, threads and worker count: gunicorn.conf.py, from BIND, PORT, WEB_THREADS, WEB_WORKERS.
WEB = Service("web", ("gunicorn", "portal.wsgi"))
WORKER = Service(
    "worker",
    ("celery", "-A", "portal.celery", "worker", "--queues", QUEUES, "--loglevel", "INFO"),
    restarts=3,
    # A change on its way is confirmed by then; a long reading goes on from its saved place.
    patience=3.0,
)
BEAT = Service(
    "beat",
    ("celery", "-A", "portal.celery", "beat", "--pidfile=", "--loglevel", "INFO"),
    restarts=3,
)


def emulator(port: int, data_dir: str) -> Service:
    """The emulated Partner Center: 60 customers, 3 indirect resellers; changes are kept in a file."""
    size = ("--customers", "60", "--resellers", "3", "--seed", "1")
    kept = ("--state", f"{data_dir}/emulator.json")
    return Service(
        "emulator",
        ("python", "manage.py", "emulator", "--port", str(port), *size, *kept),
        serves=True,
    )


def prepare(emulator_url: str) -> Service:
    """The step that fills the demo's database."""
    return Service("prepare", ("python", "manage.py", "prepare_demo", emulator_url))
