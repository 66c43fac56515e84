"""Many requests at once: threads ask and parse, the caller's thread alone writes.

Paging is serial within a list; the parallelism comes from the number of lists. Each client object
carries at most ``PER_CLIENT`` requests, beyond which httpx gets slower.
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from django.conf import settings

from portal.connections.clients import Purpose, get_client
from portal.connections.governor import BudgetSpent
from portal.connections.models import Connection
from portal.partnercenter.client import PartnerClient

T = TypeVar("T")
R = TypeVar("R")

PER_CLIENT = 16


def width() -> int:
    """How many requests a worker keeps in flight (MIRROR_THREADS)."""
    return int(getattr(settings, "MIRROR_THREADS", 48))


def make_clients(connection: Connection, purpose: Purpose, count: int) -> list[PartnerClient]:
    """Return that many client objects, each with connections of its own."""
    return [get_client(connection, purpose, lane) for lane in range(count)]


@dataclass(frozen=True)
class Outcome(Generic[T, R]):
    """What became of one item: its result, or the error that its work raised."""

    item: T
    result: R | None
    error: Exception | None


@dataclass
class Counter:
    """How many answers came, over all threads."""

    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, _answer: Any = None) -> None:
        """Count one."""
        with self.lock:
            self.count += 1


class Pool:
    """Clients and threads of one slice of work. ``requests`` counts the answers."""

    def __init__(self, connection: Connection, purpose: Purpose = "sync", threads: int = 0) -> None:
        """Prepare; clients are made when the first request needs them."""
        self.connection = connection
        self.purpose = purpose
        self.threads = threads or width()
        self.counter = Counter()
        self.stopped = threading.Event()
        self._clients: list[PartnerClient] = []
        self._executor: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stopped.set()
        if self._executor:
            self._executor.shutdown(wait=True, cancel_futures=True)

    @property
    def requests(self) -> int:
        """How many answers came so far."""
        return self.counter.count

    @property
    def client(self) -> PartnerClient:
        """The client for serial work in the caller's own thread."""
        return self._ready()[0]

    def _ready(self) -> list[PartnerClient]:
        if not self._clients:
            count = -(-self.threads // PER_CLIENT)
            made = make_clients(self.connection, self.purpose, count)
            self._clients = [client.observed(self.counter) for client in made]
        return self._clients

    def each(
        self,
        items: Iterable[T],
        work: Callable[[PartnerClient, T], R],
        go_on: Callable[[], bool] = lambda: True,
    ) -> Iterator[Outcome[T, R]]:
        """Yield outcomes as they come, in no order; begins no new item once ``go_on`` says no.

        Items are taken lazily, with one more per thread than are in flight, so that threads stay busy
        while the caller writes.
        """
        clients = self._ready()
        if self._executor is None:
            self._executor = ThreadPoolExecutor(self.threads, thread_name_prefix="mirror")
        executor = self._executor
        results: queue.SimpleQueue[Outcome[T, R]] = queue.SimpleQueue()
        waiting = iter(items)
        flying, started = 0, 0

        def start() -> bool:
            nonlocal flying, started
            if not go_on():
                return False
            try:
                item = next(waiting)
            except StopIteration:
                return False
            client = clients[started % len(clients)]
            executor.submit(self._run, results, client, item, work)
            flying += 1
            started += 1
            return True

        while flying < 2 * self.threads and start():
            pass
        while flying:
            outcome = results.get()
            flying -= 1
            start()
            yield outcome

    def _run(
        self,
        results: "queue.SimpleQueue[Outcome[T, R]]",
        client: PartnerClient,
        item: T,
        work: Callable[[PartnerClient, T], R],
    ) -> None:
        try:
            outcome = Outcome[T, R](item, self._patient(client, item, work), None)
        except Exception as error:  # noqa: BLE001 - the caller's thread judges it
            outcome = Outcome[T, R](item, None, error)
        results.put(outcome)

    def _patient(self, client: PartnerClient, item: T, work: Callable[[PartnerClient, T], R]) -> R:
        """Try again where only our own budget was spent: nothing was sent."""
        while True:
            try:
                return work(client, item)
            except BudgetSpent:
                if self.stopped.is_set():
                    raise
