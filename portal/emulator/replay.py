"""Idempotency: the same MS-RequestId on a write gets the first answer and changes nothing twice."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock

from portal.emulator.context import Answer

KEPT = 10_000
_PATIENCE_SECONDS = 30.0
Key = tuple[str, str, str]


@dataclass(slots=True)
class _Turn:
    answer: Answer | None = None
    done: Event = field(default_factory=Event)


class Replays:
    def __init__(self) -> None:
        self._lock = Lock()
        self._turns: OrderedDict[Key, _Turn] = OrderedDict()

    def once(self, key: Key, work: Callable[[], Answer]) -> Answer:
        """Return the answer for ``key``, doing the work only the first time.

        A second call that comes while the first one works waits for it. Work that raises leaves
        nothing behind.
        """
        turn, is_first = self._turn(key)
        if not is_first:
            turn.done.wait(_PATIENCE_SECONDS)
            if turn.answer is not None:
                return turn.answer
        try:
            turn.answer = work()
        except BaseException:
            with self._lock:
                self._turns.pop(key, None)
            raise
        finally:
            turn.done.set()
        return turn.answer

    def _turn(self, key: Key) -> tuple[_Turn, bool]:
        with self._lock:
            turn = self._turns.get(key)
            if turn is not None:
                return turn, False
            turn = self._turns[key] = _Turn()
            if len(self._turns) > KEPT:
                self._turns.popitem(last=False)
            return turn, True
