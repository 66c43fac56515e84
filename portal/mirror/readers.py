"""Who asks and parses: threads, while the thread that owns them writes.

They are given items, and say what they made of each, result by result. Whoever writes may fall behind:
then they wait, so that memory stays the same however much there is to read.
"""

import contextlib
import queue
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")

PATIENCE = 0.2
SWITCH = 0.0005
"""Seconds after which a parsing thread lets go: the writer comes back from the database many times a batch."""


@dataclass
class Counter:
    """How many answers came, over all threads."""

    count: int = 0
    lock: Lock = field(default_factory=Lock)

    def __call__(self, _answer: Any = None) -> None:
        """Count one."""
        with self.lock:
            self.count += 1


@dataclass(frozen=True)
class Said(Generic[T, R]):
    """A word about an item: one of its results, or that it has ended, by an error or well."""

    item: T
    result: R | None = None
    error: Exception | None = None
    ended: bool = False


class Readers(Generic[T, R]):
    """Reads items side by side. Used by one thread, the one that writes.

    ``work`` reads one item; its event tells that nobody waits for results any more. ``ahead`` bounds
    the words that wait for the writer (0: no bound).
    """

    def __init__(
        self, work: Callable[[Event, T], Iterator[R]], threads: int, ahead: int = 0
    ) -> None:
        """Make room; a thread starts when an item comes."""
        self._work = work
        self._words: queue.Queue[Said[T, R]] = queue.Queue(maxsize=ahead)
        self._stopped = Event()
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="mirror")
        self._under_way = 0
        self._switch = sys.getswitchinterval()

    def __len__(self) -> int:
        """How many items are being read."""
        return self._under_way

    def __enter__(self) -> Self:
        sys.setswitchinterval(SWITCH)
        return self

    def __exit__(self, *_exc: object) -> None:
        sys.setswitchinterval(self._switch)
        self.close()

    def submit(self, item: T) -> None:
        """Have an item read."""
        self._under_way += 1
        self._executor.submit(self._read, item)

    def get(self, *, wait: bool = True) -> Said[T, R] | None:
        """Return the next word, in the order in which they came; None if there is none and none is waited for."""
        with contextlib.suppress(queue.Empty):
            said = self._words.get(block=wait)
            self._under_way -= said.ended
            return said
        return None

    def close(self) -> None:
        """Begin nothing more, and wait for the requests that are under way."""
        self._stopped.set()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _read(self, item: T) -> None:
        try:
            for result in self._work(self._stopped, item):
                if not self._say(Said(item, result)):
                    return
            self._say(Said(item, ended=True))
        except Exception as error:  # noqa: BLE001 - the writer's thread judges it
            self._say(Said(item, error=error, ended=True))

    def _say(self, word: Said[T, R]) -> bool:
        """Hand over, waiting while the writer is behind; False once nobody listens any more."""
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._words.put(word, timeout=PATIENCE)
                return True
        return False
