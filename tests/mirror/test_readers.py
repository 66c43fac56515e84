"""Reading by threads: what comes back, what goes wrong there, how far they run ahead, and how it ends."""

from collections.abc import Callable, Iterator
from threading import Event

from portal.mirror.readers import Readers, Said

Work = Callable[[Event, str], Iterator[object]]


def words(readers: Readers[str, object]) -> list[Said[str, object]]:
    found = []
    while len(readers):
        said = readers.get()
        assert said is not None
        found.append(said)
    return found


def test_results_come_with_their_item_and_each_item_ends_once() -> None:
    def read(_stopped: Event, item: str) -> Iterator[object]:
        yield item.upper()
        yield item * 2

    with Readers(read, threads=2) as readers:
        for item in ("a", "b"):
            readers.submit(item)
        found = words(readers)
        assert readers.get(wait=False) is None
    results = {(said.item, said.result) for said in found if not said.ended}
    assert results == {("a", "A"), ("a", "aa"), ("b", "B"), ("b", "bb")}
    assert sorted(said.item for said in found if said.ended) == ["a", "b"]


def test_an_error_ends_its_item_and_no_other() -> None:
    def read(_stopped: Event, item: str) -> Iterator[object]:
        yield item
        if item == "bad":
            raise ValueError(item)

    with Readers(read, threads=1) as readers:
        readers.submit("bad")
        readers.submit("good")
        found = words(readers)
    errors = {said.item: said.error for said in found if said.ended}
    assert isinstance(errors["bad"], ValueError)
    assert errors["good"] is None


def test_readers_wait_while_the_writer_is_behind() -> None:
    made: list[int] = []

    def read(_stopped: Event, _item: str) -> Iterator[object]:
        for number in range(10):
            made.append(number)
            yield number

    with Readers(read, threads=1, ahead=2) as readers:
        readers.submit("list")
        for taken in range(1, 11):
            said = readers.get()
            assert said is not None
            # Those taken, two that wait, and one in hand.
            assert len(made) <= taken + 3
        assert len(words(readers)) == 1
    assert made == list(range(10))


def test_closing_tells_who_reads_and_waits_until_they_have_stopped() -> None:
    left = Event()

    def read(stopped: Event, item: str) -> Iterator[object]:
        yield item
        stopped.wait()
        left.set()

    readers = Readers(read, threads=1)
    readers.submit("one")
    readers.submit("never begun")
    assert readers.get() == Said("one", "one")
    readers.close()
    assert left.is_set()
    assert readers.get(wait=False) is None, "nothing is said to nobody"
