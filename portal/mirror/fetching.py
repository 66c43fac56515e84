"""Many requests at once: readers ask and parse, the caller's thread alone writes.

Paging is serial within a list; the parallelism comes from the number of lists. Each client object
carries at most ``PER_CLIENT`` requests, beyond which httpx gets slower.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from threading import Event
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from django.conf import settings

from portal.connections.clients import Purpose, get_client
from portal.connections.governor import BudgetSpent
from portal.connections.models import Connection
from portal.mirror.readers import Counter, Readers
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


class Pool:
    """Clients and readers of one slice of work. ``requests`` counts the answers."""

    def __init__(self, connection: Connection, purpose: Purpose = "sync", threads: int = 0) -> None:
        """Prepare; clients are made when the first request needs them."""
        self.connection = connection
        self.purpose = purpose
        self.threads = threads or width()
        self.counter = Counter()
        self._clients: list[PartnerClient] = []
        self._readers: Readers[Any, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._readers:
            self._readers.close()

    @property
    def requests(self) -> int:
        """How many answers came so far."""
        return self.counter.count

    @property
    def client(self) -> PartnerClient:
        """The client for serial work in the caller's own thread."""
        if not self._clients:
            self._clients = self._made(1)
        return self._clients[0]

    def _made(self, count: int) -> list[PartnerClient]:
        made = make_clients(self.connection, self.purpose, count)
        return [client.observed(self.counter) for client in made]

    def readers(
        self,
        work: Callable[[PartnerClient, Event, T], Iterator[R]],
        threads: int,
        *,
        ahead: int = 0,
    ) -> Readers[T, R]:
        """Return readers that do this work with clients of this pool.

        The event that they are given tells that nobody waits for results any more.
        """
        clients = itertools.cycle(self._made(-(-threads // PER_CLIENT)))
        found: Readers[T, R] = Readers(
            lambda stopped, item: work(next(clients), stopped, item), threads, ahead
        )
        self._readers = found
        return found

    def ahead(self, listed: Callable[[PartnerClient], Iterator[R]]) -> Iterator[R]:
        """Yield a list's pages; the next one is asked for while the caller writes the one before."""

        def read(client: PartnerClient, _stopped: Event, _item: None) -> Iterator[R]:
            return listed(client)

        with self.readers(read, 1, ahead=1) as readers:
            readers.submit(None)
            while True:
                said = readers.get()
                assert said is not None, "waited for"
                if said.error is not None:
                    raise said.error
                if said.result is None:
                    return
                yield said.result

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

        def once(client: PartnerClient, stopped: Event, item: T) -> Iterator[R]:
            yield _patient(client, stopped, item, work)

        waiting = iter(items)
        with self.readers(once, self.threads) as readers:
            for _ in range(2 * self.threads):
                _begin_next(readers, waiting, go_on)
            while len(readers):
                said = readers.get()
                assert said is not None, "waited for"
                if said.ended:
                    _begin_next(readers, waiting, go_on)
                if said.error is not None or not said.ended:
                    yield Outcome(said.item, said.result, said.error)


def _patient(
    client: PartnerClient, stopped: Event, item: T, work: Callable[[PartnerClient, T], R]
) -> R:
    """Try again where only our own budget was spent: nothing was sent."""
    while True:
        try:
            return work(client, item)
        except BudgetSpent:
            if stopped.is_set():
                raise


def _begin_next(readers: Readers[T, R], waiting: Iterator[T], go_on: Callable[[], bool]) -> None:
    if not go_on():
        return
    for item in itertools.islice(waiting, 1):
        readers.submit(item)
