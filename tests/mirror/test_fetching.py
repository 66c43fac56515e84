"""Reading a list ahead of who writes it."""

from collections.abc import Iterator
from threading import Event

import pytest

from portal.mirror import fetching
from portal.mirror.fetching import Pool
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import NoAnswer

pytestmark = pytest.mark.usefixtures("no_clients")


@pytest.fixture
def no_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked of anybody: the list is made here."""
    monkeypatch.setattr(fetching, "make_clients", lambda *_: [PartnerClient(sender=None)])


def pool() -> Pool:
    return Pool(connection=None)


def test_the_next_page_is_asked_for_while_the_one_before_is_in_use() -> None:
    asked = Event()

    def listed(_client: PartnerClient) -> Iterator[str]:
        yield "first"
        asked.set()
        yield "second"

    with pool() as readers:
        pages = readers.ahead(listed)
        assert next(pages) == "first"
        assert asked.wait(10), "nobody has taken the second page yet"
        assert list(pages) == ["second"]


def test_an_error_comes_after_the_pages_before_it() -> None:
    def listed(_client: PartnerClient) -> Iterator[str]:
        yield "first"
        raise NoAnswer("lost", operation="LIST")

    with pool() as readers:
        pages = readers.ahead(listed)
        assert next(pages) == "first"
        with pytest.raises(NoAnswer):
            next(pages)
