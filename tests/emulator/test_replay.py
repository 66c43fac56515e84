"""A repeated request that overtakes its first waits for it; work that breaks leaves nothing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from portal.emulator.context import Answer
from portal.emulator.replay import Replays

KEY = ("PATCH", "/v1/x", "one")


def test_a_repetition_waits_for_the_first_and_does_not_work_again() -> None:
    replays, begun, go_on = Replays(), Event(), Event()
    worked: list[str] = []

    def slowly() -> Answer:
        worked.append("first")
        begun.set()
        assert go_on.wait(5)
        return Answer(200, b"first")

    def again() -> Answer:
        worked.append("second")
        return Answer(200, b"second")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(replays.once, KEY, slowly)
        assert begun.wait(5)
        second = pool.submit(replays.once, KEY, again)
        assert not second.done()
        go_on.set()
        assert (first.result(5).body, second.result(5).body) == (b"first", b"first")
    assert worked == ["first"]


def test_work_that_breaks_is_done_again() -> None:
    replays = Replays()

    def broken() -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        replays.once(KEY, broken)
    assert replays.once(KEY, lambda: Answer(200, b"now")).body == b"now"
