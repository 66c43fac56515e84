"""Do pages cost the same whatever the size of the estate? ``make bench ONLY=lists`` (``BIG=1``: a million).

The same portal over two databases, 1,000 and 100,000 customers with as many subscriptions, asked through
Django's test client under the web role with its row policies, by an administrator, by the distributor of
one connection and by a reseller with 300 customers. The two sizes are asked in turns, so that whatever
else the machine does falls on both. Exits 1 where a bar is missed: a list may cost 1.3 times as much at
the larger size and 6 queries, the home page 10 queries, a page of one record 12. A case over the bar is
measured on, up to three times as long, and judged by all that was measured. What a row costs to show is
no cost of size: where a word is looked for, pages have 25 rows, which the smaller estate has too.
"""

# ruff: noqa: T201, PLC0415 - a program that talks, and that needs Django only in one part

import gc
import logging
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import urlsplit

SMALL = 1_000
LARGE = 1_000_000 if os.environ.get("BIG") else 100_000
ROUNDS = int(os.environ.get("ROUNDS", "12"))
EACH = int(os.environ.get("EACH", "4"))  # requests in a round
WARM = 4
LONGEST = 3  # times the rounds
RATIO = 1.3
FOUND_WITHIN = 50.0  # milliseconds
LIST, HOME, DETAIL = 6, 10, 12  # queries
PEOPLE = ("administrator", "distributor", "reseller")
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")

CUSTOMERS = {
    "first page": "/customers/",
    "deep page": "/customers/",
    "name, down": "/customers/?sort=-name",
    "country": "/customers/?sort=country",
    "country, down": "/customers/?sort=-country",
    "rare word": "/customers/?q=quillfeather",
    "common word": "/customers/?q=harbour&size=25",
    "absent word": "/customers/?q=zzzzzz",
    "country filter": "/customers/?country=fr",
    "reseller filter": "/customers/?reseller=1",
}
SUBSCRIPTIONS = {
    "first page": "/subscriptions/",
    "deep page": "/subscriptions/",
    "name, down": "/subscriptions/?sort=-name",
    "customer": "/subscriptions/?sort=customer",
    "customer, down": "/subscriptions/?sort=-customer",
    "customer, deep": "/subscriptions/?sort=customer",
    "seats": "/subscriptions/?sort=quantity",
    "seats, down": "/subscriptions/?sort=-quantity",
    "term ends": "/subscriptions/?sort=renews",
    "term ends, down": "/subscriptions/?sort=-renews",
    "status": "/subscriptions/?sort=status",
    "status, down": "/subscriptions/?sort=-status",
    "rare word": "/subscriptions/?q=quillfeather",
    "common word": "/subscriptions/?q=harbour&size=25",
    "product": "/subscriptions/?q=visio&size=25",
    "absent word": "/subscriptions/?q=zzzzzz",
    "suspended": "/subscriptions/?status=suspended",
    "suspended, by seats": "/subscriptions/?status=suspended&sort=-quantity",
    "one-month terms": "/subscriptions/?term=P1M",
    "ends soon": "/subscriptions/?ends_before=2100-01-01&sort=renews",
}


@dataclass
class Case:
    """One page of one person, its times by size, and the queries it took at either."""

    person: str
    name: str
    url: str
    bar: int
    deep: bool = False
    times: dict[int, list[float]] = field(default_factory=lambda: {SMALL: [], LARGE: []})
    queries: dict[int, int] = field(default_factory=dict)
    seen: dict[int, list[str]] = field(default_factory=dict)

    def p95(self, size: int) -> float:
        return statistics.quantiles(self.times[size], n=20)[-1]

    def median(self, size: int) -> float:
        return statistics.median(self.times[size])

    @property
    def ratio(self) -> float:
        return self.p95(LARGE) / self.p95(SMALL)

    @property
    def missed(self) -> list[str]:
        found = [f"{self.queries[s]} queries" for s in self.queries if self.queries[s] > self.bar]
        if self.bar == LIST and self.ratio > RATIO:
            found.append(f"{self.ratio:.2f}x")
        return found


class Databases:
    """The same schema at two sizes behind one alias; ``use`` chooses which one answers."""

    def __init__(self) -> None:
        from django.db import connections

        self.handler = connections
        self.wrappers: dict[int, Any] = {}

    def use(self, size: int) -> None:
        if size not in self.wrappers:
            wrapper = self.handler.create_connection("default")
            wrapper.settings_dict = {**wrapper.settings_dict, "NAME": f"lists_{size}"}
            self.wrappers[size] = wrapper
        self.handler["default"] = self.wrappers[size]

    def close(self) -> None:
        for wrapper in self.wrappers.values():
            wrapper.close()


def main() -> int:
    """Fill, measure, report; 0 if every bar is met."""
    web, owner = os.environ["DATABASE_URL"], os.environ["MIGRATE_DATABASE_URL"]
    for size in (SMALL, LARGE):
        _fill(owner, size)
    os.environ["DATABASE_URL"] = web
    del os.environ["MIGRATE_DATABASE_URL"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    databases = Databases()
    wanted = os.environ.get("CASES", "")
    cases = [case for case in _cases() if wanted in f"{case.person} {case.name}"]
    with _quiet():
        for case in cases:
            _measure(case, databases)
            _print(case)
        slow = _search(databases) if wanted in {"", "search"} else []
    databases.close()
    missed = [f"{case.person}: {case.name}: {why}" for case in cases for why in case.missed] + slow
    print("\n".join(["", "MISSED", *missed] if missed else ["", "every bar met"]))
    return bool(missed)


def _fill(owner: str, size: int) -> None:
    import psycopg

    name, began = f"lists_{size}", time.monotonic()
    with psycopg.connect(owner, autocommit=True) as maintenance:
        if maintenance.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return  # a server of one's own, filled by an earlier run
        maintenance.execute(f'CREATE DATABASE "{name}"')
    url = urlsplit(owner)._replace(path=f"/{name}").geturl()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    env |= {"DATABASE_URL": url, "MIGRATE_DATABASE_URL": url}
    argv = [sys.executable, "-m", "tests.bench._estate", str(size)]
    subprocess.run(argv, env=env, check=True)
    print(f"{size:,} customers and subscriptions in {time.monotonic() - began:.0f} s", flush=True)


# --- pages --------------------------------------------------------------------------------------


def _cases() -> Iterator[Case]:
    for person in PEOPLE:
        for group, urls in (("customers", CUSTOMERS), ("subscriptions", SUBSCRIPTIONS)):
            for name, url in urls.items():
                yield Case(person, f"{group}: {name}", url, LIST, deep="deep" in name)
        yield Case(person, "home", "/", HOME)
        yield Case(person, "customer", "/customers/{customer}/", DETAIL)
        yield Case(person, "subscription", "/subscriptions/{subscription}/", DETAIL)


def _measure(case: Case, databases: Databases) -> None:
    asks = {size: _ask(case, databases, size) for size in (SMALL, LARGE)}
    for size, ask in asks.items():
        databases.use(size)
        for _ in range(WARM):
            ask()
        # Values kept for some seconds (banners, ages) are warm in at least one of two answers.
        case.seen[size] = min(_queries(ask), _queries(ask), key=len)
        case.queries[size] = len(case.seen[size])
    for _ in range(LONGEST):
        for _ in range(ROUNDS):
            for size, ask in asks.items():
                databases.use(size)
                ask()
                case.times[size] += [_timed(ask) for _ in range(EACH)]
        if not case.missed:
            break


def _ask(case: Case, databases: Databases, size: int) -> Callable[[], Any]:
    """A function that asks for the page once, signed in, at the place that the case means."""
    from django.test import Client

    databases.use(size)
    client = Client(SERVER_NAME="localhost")
    client.force_login(_person(case.person))
    url = case.url.format(**_ids(case.person)) if "{" in case.url else case.url
    if case.deep:
        url = _deep(client, url)

    def ask() -> Any:
        answer = client.get(url)
        if answer.status_code != 200:
            raise SystemExit(f"{case.person} {url}: {answer.status_code}")
        return answer

    return ask


def _person(name: str) -> Any:
    from portal.access.models import User

    return User.objects.get(email=f"{name}@example.com")


def _ids(person: str) -> dict[str, int]:
    """A customer and one of its subscriptions that this person sees."""
    from orders.models import Subscription
    from portal.access.entering import entered
    from portal.access.scope import Scope

    with entered(Scope.for_user(_person(person))):
        row = Subscription.objects.filter(gone_at=None).order_by("pk").first()
        assert row is not None
        return {"customer": row.customer_id or 0, "subscription": row.pk}


def _deep(client: Any, url: str) -> str:
    """The address of a page far down, reached as people do: by the link to the next one."""
    pages = 0
    while pages < 60:
        body = client.get(url, {"size": "100"} if "size" not in url else None).content.decode()
        found = re.findall(r'href="([^"]*[?&]after=[^"]*)"[^>]*rel="next"', body)
        if not found:
            break
        url, pages = unescape(found[0]), pages + 1
    return url.replace("size=100", "size=50")


def _timed(ask: Callable[[], Any]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _queries(ask: Callable[[], Any]) -> list[str]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask()
    found = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in found if not sql.startswith(CONTROL)]


# --- search -------------------------------------------------------------------------------------


def _search(databases: Databases) -> list[str]:
    """Time the palette's question over the large estate; what missed the bar."""
    from portal.access import search
    from portal.access.entering import entered
    from portal.access.scope import Scope

    databases.use(LARGE)
    missed = []
    for person in PEOPLE:
        scope = Scope.for_user(_person(person))
        for text in ("qui", "quillfeather", "harbour", "har", "meadow gmbh", "zzzzzz"):
            ask = partial(search.search, scope, text, limit=8)
            with entered(scope):
                times = [_timed(ask) for _ in range(60)][10:]
            p95 = statistics.quantiles(times, n=20)[-1]
            median = statistics.median(times)
            print(
                f"{person:14} search {text!r:16} median {median:6.1f}  p95 {p95:6.1f} ms",
                flush=True,
            )
            if p95 > FOUND_WITHIN:
                missed.append(f"{person}: search {text!r}: p95 {p95:.1f} ms")
    return missed


# --- talk ---------------------------------------------------------------------------------------


@contextmanager
def _quiet() -> Iterator[None]:
    """Collect garbage before, not while measuring."""
    gc.collect()
    gc.disable()
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        gc.enable()


def _print(case: Case) -> None:
    gc.collect()
    counts = "/".join(str(case.queries[size]) for size in (SMALL, LARGE))
    print(
        f"{case.person:14} {case.name:36} {counts:>5} queries"
        f"  least {min(case.times[SMALL]):5.1f} {min(case.times[LARGE]):5.1f}"
        f"  median {case.median(SMALL):5.1f} {case.median(LARGE):5.1f}"
        f"  p95 {case.p95(SMALL):6.1f} {case.p95(LARGE):6.1f} ms  {case.ratio:5.2f}x"
        f"  {'MISSED' if case.missed else ''}",
        flush=True,
    )
    if os.environ.get("VERBOSE"):
        print("\n".join(case.seen[LARGE]))


if __name__ == "__main__":
    sys.exit(main())
