"""Who asks and parses: threads of this process, or a process of its own that has such threads.

A large sync parses about as long as it writes. In one interpreter the two wait for each other; in two
they share the machine's cores. The process that reads has no database of ours: it is given items, gives
back what it made of them, and ends by itself as soon as nobody listens any more.
"""

import contextlib
import multiprocessing
import os
import pickle
import queue
import signal
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from threading import Event, Lock, Thread
from typing import Any, Generic, NoReturn, Self, TypeVar

from portal.partnercenter.errors import PartnerError

T = TypeVar("T")
R = TypeVar("R")

Begin = Callable[[Event], Callable[[T], Iterator[R]]]
"""Called where the reading happens; what it returns reads one item, result by result.

The event tells that nobody waits for results any more.
"""

PATIENCE = 0.2


class ReaderLost(PartnerError):  # noqa: N818 - says what happened
    """The reading process ended by itself (out of memory, killed). The run goes on later."""

    transient = True


@dataclass
class Counter:
    """How many answers came, over all threads."""

    count: int = 0
    lock: Lock = field(default_factory=Lock)

    def __call__(self, _answer: Any = None) -> None:
        """Count one."""
        self.add(1)

    def add(self, number: int) -> None:
        """Count several."""
        with self.lock:
            self.count += number


@dataclass(frozen=True)
class Said(Generic[T, R]):
    """A word about an item: one of its results, or that it has ended, by an error or well."""

    item: T
    result: R | None = None
    error: Exception | None = None
    ended: bool = False


@dataclass(frozen=True)
class _Word:
    """What travels: the item's number in place of the item, and how many answers came since the last."""

    number: int
    result: Any = None
    error: Exception | None = None
    ended: bool = False
    answers: int = 0


class Readers(ABC, Generic[T, R]):
    """Reads items side by side. Used by one thread, the one that writes."""

    def __init__(self) -> None:
        self._items: dict[int, T] = {}
        self._submitted = 0

    def __len__(self) -> int:
        """How many items are being read."""
        return len(self._items)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def submit(self, item: T) -> None:
        """Have an item read."""
        self._submitted += 1
        self._items[self._submitted] = item
        self._send(self._submitted, item)

    def get(self, *, wait: bool = True) -> Said[T, R] | None:
        """Return the next word, in the order in which they came; None if there is none and none is waited for.

        Raises ``ReaderLost``.
        """
        while (word := self._receive(wait=wait)) is not None:
            # After an error nothing counts that the item's reader may have gone on to say.
            if word.number in self._items:
                item = self._items.pop(word.number) if word.ended else self._items[word.number]
                return Said(item, word.result, word.error, word.ended)
        return None

    @abstractmethod
    def _send(self, number: int, item: T) -> None: ...

    @abstractmethod
    def _receive(self, *, wait: bool) -> _Word | None: ...

    @abstractmethod
    def close(self) -> None:
        """Begin nothing more, and wait until nothing is going on."""


class Threads(Readers[T, R]):
    """Readers in threads. ``ahead`` bounds the words that wait for the writer (0: no bound)."""

    def __init__(self, begin: Begin[T, R], threads: int, ahead: int = 0) -> None:
        """Make room; a thread starts when an item comes."""
        super().__init__()
        self._stopped = Event()
        self._work = begin(self._stopped)
        self._words: queue.Queue[_Word] = queue.Queue(maxsize=ahead)
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="mirror")

    def _send(self, number: int, item: T) -> None:
        self._executor.submit(self._read, number, item)

    def _receive(self, *, wait: bool) -> _Word | None:
        with contextlib.suppress(queue.Empty):
            return self._words.get(block=wait)
        return None

    def close(self) -> None:
        """Begin nothing more, and wait for the requests that are under way."""
        self._stopped.set()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _read(self, number: int, item: T) -> None:
        try:
            for result in self._work(item):
                if not self._say(_Word(number, result)):
                    return
            self._say(_Word(number, ended=True))
        except Exception as error:  # noqa: BLE001 - the writer's thread judges it
            self._say(_Word(number, error=error, ended=True))

    def _say(self, word: _Word) -> bool:
        """Hand over, waiting while the writer is behind; False once nobody listens any more."""
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._words.put(word, timeout=PATIENCE)
                return True
        return False


class Apart(Readers[T, R]):
    """Readers in a process of their own. Items and results are pickled on the way; ``begin`` need not be.

    The process is a fork: it has everything that this one has loaded, and starts at once.
    """

    def __init__(
        self, begin: Begin[T, R], threads: int, ahead: int = 0, *, counter: Counter
    ) -> None:
        """Start the process. ``counter`` goes on counting here what it counts there."""
        super().__init__()
        self._counter = counter
        self._ours, theirs = multiprocessing.Pipe()
        self._pid = os.fork()
        if not self._pid:
            self._ours.close()
            _serve(theirs, begin, threads, ahead, counter)
        theirs.close()

    def _send(self, number: int, item: T) -> None:
        try:
            self._ours.send((number, item))
        except OSError as error:
            raise ReaderLost(str(error)) from error

    def _receive(self, *, wait: bool) -> _Word | None:
        if not wait and not self._ours.poll():
            return None
        try:
            word: _Word = self._ours.recv()
        except (EOFError, OSError) as error:
            raise ReaderLost("The process that reads has ended.") from error
        self._counter.add(word.answers)
        return word

    def close(self) -> None:
        """End the process: what it had under way only read."""
        self._ours.close()
        if self._pid:
            os.waitpid(self._pid, 0)
            self._pid = 0


def _serve(
    pipe: Pipe, begin: Begin[Any, Any], threads: int, ahead: int, counter: Counter
) -> NoReturn:
    """Read what comes until the other end is closed, by its owner or by its death."""
    try:
        # The keyboard's interrupt is for the one who writes; this process follows it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        readers = Threads(begin, threads, ahead)
        Thread(target=_forward, args=(pipe, readers, counter), daemon=True).start()
        with contextlib.suppress(EOFError, OSError):
            while True:
                readers._send(*pipe.recv())  # noqa: SLF001 - its other half
    finally:
        # Nothing of what was inherited may be closed in an orderly way: it is the parent's.
        os._exit(0)


def _forward(pipe: Pipe, readers: Threads[Any, Any], counter: Counter) -> None:
    told = counter.count
    with contextlib.suppress(OSError):
        while True:
            word = readers._receive(wait=True)  # noqa: SLF001 - its other half
            assert word is not None, "waited for"
            now = counter.count
            pipe.send_bytes(_pickled(word, now - told))
            told = now
    os._exit(0)


def _pickled(word: _Word, answers: int) -> bytes:
    error = word.error
    if error is not None:
        error.add_note("".join(traceback.format_exception(error)))
    try:
        return pickle.dumps(
            _Word(word.number, word.result, error, word.ended, answers), pickle.HIGHEST_PROTOCOL
        )
    except Exception as unfit:  # noqa: BLE001 - whatever cannot travel is told in words
        told = RuntimeError(f"{error or word.result!r} cannot be handed over: {unfit}")
        return pickle.dumps(_Word(word.number, None, told, ended=True, answers=answers))
