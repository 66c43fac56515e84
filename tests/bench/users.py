"""Users of a whole estate by age, within the rate budget: ``make bench ONLY=users``.

One emulator with 2,000 customers of 50 users each that let themselves be read, and 250 that do not, read as
the beat task reads them: once a minute
``schedule.drip`` marks the lists that were never read, then the oldest, and reads them through the real
client and governor, with Microsoft's 500 requests a minute (a test bed has no limit of its own). Of the
families that are read by age, the two of the tab "Users" take part.

- the first round: until every customer's users are in the mirror; requests in any minute, as the governor
  let them through and as the emulator counted them; rows; the process's memory at its peak;
- meanwhile somebody opens the tab of a customer that was not read yet: its two lists are asked for with the
  share that is kept for people, in another thread, as the workers of their queue do;
- the second round: the unchanged lists again, with the whole budget for them. It writes no user.

The clock of the beat and the governor is simulated: it stands while requests are under way and rows are
written, moves by whatever the governor has somebody wait, and goes on to the next minute once a drip is done.
So minutes and requests a minute are what the budget allows, however fast the machine is: as if Microsoft
answered at once, which is when a budget is most in danger. ``wall_seconds`` and the tab's answer are real.

Prints one JSON object and exits 1 where a bar is missed. Smaller: ``CUSTOMERS=100 make bench ONLY=users``.
"""

# ruff: noqa: T201, PLC0415 - a program that talks, and that needs Django only in one part

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread, local
from typing import Any

import httpx

from tests.bench import _serial
from tests.bench.sync import _connect, _emulator, _free_port, _manage

CUSTOMERS = int(os.environ.get("CUSTOMERS", "2000"))
ALL = CUSTOMERS * 9 // 8
"""One customer of nine gives no access to its directory: it is asked for once and then left for a while."""
USERS = int(os.environ.get("USERS", "50"))
LIMIT = 500
SLICE = 50.0
MOST_MINUTES = 240
BARS = {"peak_mb": 200, "tab_seconds": 5.0}
TABLE = "customers_customeruser"


class Clock:
    """The simulated clock; ``granted`` keeps who asked when, and how long each waited."""

    def __init__(self) -> None:
        self.at = time.time()
        self.lock = Lock()
        self.granted: list[tuple[float, str, float]] = []

    def now(self) -> float:
        return self.at

    def wait(self, seconds: float) -> None:
        with self.lock:
            self.at += max(0.0, seconds)

    def before(self, moment: float) -> Callable[[], bool]:
        return lambda: self.now() < moment

    def note(self, purpose: str, waited: float) -> None:
        with self.lock:
            self.granted.append((self.now(), purpose, waited))

    def busiest(self) -> int:
        """The most requests within any sixty seconds."""
        moments = sorted(at for at, _, _ in self.granted)
        most = first = 0
        for place, at in enumerate(moments):
            while moments[first] <= at - 60:
                first += 1
            most = max(most, place - first + 1)
        return most


def main() -> int:
    """Measure; 0 if every bar is met."""
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    options = argparse.Namespace(customers=ALL, subscriptions=0, latency_ms=0, users=USERS)
    with _emulator(_free_port(), options) as base, tempfile.TemporaryDirectory() as place:
        _connect(base, Path(place))
        done, _ = _manage(
            "sync", "bench", "--full", "--family", "resellers", "--family", "relationships",
            "--family", "customers",
        )  # fmt: skip
        if done.returncode:
            sys.stderr.write(done.stdout + done.stderr)
            return 1
        httpx.delete(f"{base}/_emulator/log")
        found = _measure(base)
    print(json.dumps(found, indent=1))
    return 0 if all(found["bars"].values()) else 1


def _measure(base: str) -> dict[str, Any]:
    _serial.setup()
    from django.conf import settings

    import portal.celery  # noqa: F401 - what a page asks for is queued, though no worker waits here
    from customers.models import CustomerUser
    from customers.users.part import PART, ROLES
    from customers.users.part import USERS as FAMILY

    connection, clock = _bounded(), Clock()
    _govern(clock)
    tab = _Tab(FAMILY)
    wall = time.monotonic()
    first = _round(connection, clock, PART.families, lambda: _left(connection, FAMILY), tab.look)
    tab.thread.join()
    asked = httpx.get(f"{base}/_emulator/log", params={"limit": 0}).json()["by_operation"]
    counted = sum(n for name, n in asked.items() if name.startswith("LIST_"))
    found = {
        "customers": ALL,
        "customers_that_refuse": (refused := _refused(connection, FAMILY)),
        "rows": CustomerUser.objects.filter(gone_at=None).count(),
        "minutes": first,
        "wall_seconds": round(time.monotonic() - wall, 1),
        "requests": len(clock.granted),
        "requests_as_the_emulator_counts": counted,
        "requests_a_minute": round(len(clock.granted) / first),
        "requests_in_the_busiest_minute": clock.busiest(),
        "roles_lists_left": _left(connection, ROLES),
        "tab": tab.told(clock),
    }
    written = _written()
    settings.MIRROR_AGED_DAYS, settings.MIRROR_AGED_PERCENT = 0, 100
    again, began = Clock(), _database_now()
    _govern(again)
    minutes = _round(connection, again, (FAMILY,), lambda: _left(connection, FAMILY, began))
    found["again"] = {
        "minutes": minutes,
        "requests": len(again.granted),
        "requests_in_the_busiest_minute": again.busiest(),
        "users_written": _written() - written,
    }
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found["bars"] = {
        "rows": found["rows"] == (ALL - refused) * USERS >= CUSTOMERS * USERS,
        "counted_alike": counted == found["requests"],
        "within_the_budget": max(clock.busiest(), again.busiest()) <= LIMIT,
        "nothing_written_again": found["again"]["users_written"] == 0,
        "memory": found["peak_mb"] <= BARS["peak_mb"],
        "tab_first": found["tab"]["state"] == "known"
        and found["tab"]["seconds"] <= BARS["tab_seconds"]
        and found["tab"]["waited_for_the_budget"] == 0
        and found["tab"]["customers_not_read_then"] > 0,
    }
    return found


def _bounded() -> Any:
    """The connection with Microsoft's documented limits, which do not hold for a test bed by themselves."""
    from portal.connections.models import Connection
    from portal.partnercenter.spec import Throttle

    connection = Connection.objects.get(name="bench")
    connection.limits = {throttle.value: LIMIT for throttle in Throttle}
    connection.save(update_fields=["limits"])
    return connection


def _govern(clock: Clock) -> None:
    """Have the clients' governor go by this clock and keep its books."""
    from portal.connections import clients, governor
    from portal.partnercenter.spec import Throttle

    mine = local()

    def wait(seconds: float) -> None:
        mine.waited += seconds
        clock.wait(seconds)

    class Noted(governor.Governor):
        def acquire(self, throttle: Throttle, purpose: str) -> None:
            mine.waited = 0.0
            super().acquire(throttle, purpose)
            clock.note(purpose, mine.waited)

    def governed(connection: Any) -> governor.Governor:
        return Noted(connection.pk, connection.limits, clock=clock.now, wait=wait)

    clients.governor = governed
    governor.redis_client(os.environ["REDIS_URL"]).flushdb()


def _round(
    connection: Any,
    clock: Clock,
    names: tuple[str, ...],
    left: Callable[[], int],
    look: Callable[[int], None] = lambda _left: None,
) -> int:
    """One drip a minute until nothing is left; how many minutes it took."""
    from portal.mirror import schedule

    start = clock.now()
    for minute in range(MOST_MINUTES):
        begin = max(clock.now(), start + 60 * minute)
        clock.wait(begin - clock.now())
        remaining = left()
        if not remaining:
            return minute
        look(remaining)
        schedule.drip(connection, clock.before(begin + SLICE), names)
    raise SystemExit(f"{left()} lists are left after {MOST_MINUTES} minutes")


def _left(connection: Any, family: str, since: Any = None) -> int:
    """How many customers' lists were neither read (or not since a moment) nor refused."""
    from portal.mirror.models import Freshness

    rows = Freshness.objects.filter(connection=connection, family=family).exclude(parent="")
    read = (rows.filter(complete_at__gte=since) if since else rows).count()
    return ALL - _refused(connection, family) - read


def _refused(connection: Any, family: str) -> int:
    from portal.mirror.models import DirtyMark

    rows = DirtyMark.objects.filter(connection=connection, family=family)
    return rows.filter(error__code="900308").count()


class _Tab:
    """Somebody opens the tab "Users" of a customer that was not read, when half of the customers are.

    If that one gives no access the next one is opened.
    """

    def __init__(self, family: str) -> None:
        self.family = family
        self.thread = Thread(target=self._open)
        self.candidates: list[Any] = []
        self.seconds = 0.0
        self.left_then = 0
        self.state = ""

    def look(self, left: int) -> None:
        """At the beginning of each minute."""
        if left <= ALL / 2 and self.thread.ident is None:
            self.candidates = self._unread()
            self.thread.start()

    def told(self, clock: Clock) -> dict[str, Any]:
        waits = [waited for _, purpose, waited in clock.granted if purpose == "question"]
        return {
            "seconds": round(self.seconds, 2),
            "state": self.state,
            "requests": len(waits),
            "waited_for_the_budget": round(sum(waits), 2),
            "customers_not_read_then": self.left_then,
        }

    def _unread(self) -> list[Any]:
        """Those whose turn comes last."""
        from django.db.models import Exists, OuterRef

        from customers.models import Customer
        from portal.mirror.models import DirtyMark, Freshness

        read = Freshness.objects.filter(family=self.family, parent=OuterRef("pc_id"))
        refused = DirtyMark.objects.filter(parent=OuterRef("pc_id"), error__isnull=False)
        rows = Customer.objects.filter(~Exists(read), ~Exists(refused)).select_related("connection")
        return list(rows.order_by("-pc_id")[:5])

    def _open(self) -> None:
        from django.db import connection as database

        from customers import demand
        from customers.users.part import PART
        from portal.access.scope import Scope
        from portal.mirror import tasks
        from portal.mirror.models import DirtyMark
        from tests.people import make_person

        scope = Scope.for_user(make_person("helper", "administrator"))
        for customer in self.candidates:
            began = time.monotonic()
            demand.ask(scope, customer, PART)
            for mark in DirtyMark.objects.filter(parent=customer.pc_id, priority__gt=0):
                tasks.refresh_one(mark.pk)
            self.seconds = time.monotonic() - began
            self.left_then = _left(customer.connection, self.family)
            self.state = str(demand.reading(customer, PART).state)
            if self.state == demand.State.KNOWN:
                break
        database.close()


def _written() -> int:
    """Rows of users written since the database began, as Postgres counts."""
    from django.db import connection as database

    database.close()  # what this session did is counted at its end at the latest
    time.sleep(1)  # noqa: TID251 - the statistics lag behind
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relname = %s",
            [TABLE],
        )
        return int(cursor.fetchone()[0])


def _database_now() -> Any:
    from django.utils import timezone

    return timezone.now()


if __name__ == "__main__":
    sys.exit(main())
