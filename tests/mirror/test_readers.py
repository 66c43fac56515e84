"""Reading in a process of its own: what comes back, what goes wrong there, and how it ends."""

import os
import signal
from collections.abc import Callable, Iterator
from threading import Event

import pytest
from pytest_django.fixtures import Settings

from customers.models import Customer
from orders.models import Subscription
from portal.mirror.models import SyncPass, SyncRun
from portal.mirror.readers import Apart, Counter, ReaderLost, Said
from portal.partnercenter.errors import PartnerError, Throttled
from tests.mirror.world import World

Reading = Callable[[str], Iterator[object]]


def apart(read: Reading, counter: Counter | None = None) -> Apart[str, object]:
    return Apart(lambda _stopped: read, threads=2, counter=counter or Counter())


def words(readers: Apart[str, object]) -> list[Said[str, object]]:
    found = []
    while len(readers):
        said = readers.get()
        assert said is not None
        found.append(said)
    return found


def only_error(read: Reading) -> Exception:
    with apart(read) as readers:
        readers.submit("one")
        (said,) = words(readers)
    assert said.ended
    assert said.error is not None
    return said.error


def test_results_come_from_another_process_each_with_its_item() -> None:
    counter = Counter()

    def read(item: str) -> Iterator[object]:
        counter()
        yield item.upper(), os.getpid()
        yield item * 2, os.getpid()

    with apart(read, counter) as readers:
        for item in ("a", "b"):
            readers.submit(item)
        found = words(readers)
    results = {(said.item, said.result[0]) for said in found if isinstance(said.result, tuple)}
    assert results == {("a", "A"), ("a", "aa"), ("b", "B"), ("b", "bb")}
    assert {said.item for said in found if said.ended} == {"a", "b"}
    pids = {said.result[1] for said in found if isinstance(said.result, tuple)}
    assert len(pids) == 1
    assert os.getpid() not in pids
    assert counter.count == 2, "answers are counted where the sync reports them"


def test_a_refusal_arrives_with_all_its_details() -> None:
    def read(_item: str) -> Iterator[object]:
        raise Throttled("slow down", status=429, retry_after=7.0, correlation_id="c-1")

    error = only_error(read)
    assert isinstance(error, Throttled)
    assert error.transient
    assert (error.message, error.status, error.retry_after) == ("slow down", 429, 7.0)
    assert str(error) == "Throttled 429: slow down (correlation c-1)"
    assert "test_readers.py" in error.__notes__[0], "the place where it happened is told"


def test_what_cannot_travel_is_told_in_words() -> None:
    class Own(Exception):  # noqa: N818 - local on purpose: pickle cannot find it
        pass

    def refused(_item: str) -> Iterator[object]:
        raise Own("in its own words")

    def unfit(_item: str) -> Iterator[object]:
        yield Event()

    assert "in its own words" in str(only_error(refused))
    assert isinstance(only_error(unfit), RuntimeError)


def test_a_reader_that_was_killed_is_a_failure_that_may_pass() -> None:
    def read(_item: str) -> Iterator[object]:
        yield os.getpid()
        Event().wait()

    with apart(read) as readers:
        readers.submit("one")
        said = readers.get()
        assert said is not None
        assert isinstance(said.result, int)
        os.kill(said.result, signal.SIGKILL)
        with pytest.raises(ReaderLost) as lost:
            readers.get()
    assert isinstance(lost.value, PartnerError)
    assert lost.value.transient, "the run goes on later"


def test_closing_ends_the_process_whatever_it_waits_for() -> None:
    def read(_item: str) -> Iterator[object]:
        yield os.getpid()
        Event().wait()

    readers = apart(read)
    readers.submit("one")
    said = readers.get()
    assert said is not None
    assert isinstance(said.result, int)
    readers.close()
    with pytest.raises(ProcessLookupError):
        os.kill(said.result, 0)
    readers.close()  # once more does no harm


def test_a_full_sync_reads_apart_and_counts_the_same(
    world: World, sync: Callable[..., SyncRun], settings: Settings
) -> None:
    settings.MIRROR_APART = True
    world.estate(7, 2)
    run = sync("full", ["customers", "subscriptions"])
    assert run.state == "succeeded"
    assert (Customer.objects.count(), Subscription.objects.count()) == (7, 14)
    one = SyncPass.objects.get(run=run, family="subscriptions")
    assert (one.requests, one.fetched, one.inserted) == (7, 14, 14)
    assert world.asked("LIST_SUBSCRIPTIONS") == 0, "nothing was asked for in this process"
