"""The two verbs: ``call`` for one answer, ``pages`` for a listing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, cast

from portal.partnercenter.errors import BadAnswer
from portal.partnercenter.paging import Continuation, following, items_of
from portal.partnercenter.spec import Operation
from portal.partnercenter.wire import Answer, Ask

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[R]):
    """One page of a listing.

    ``observed_at`` is the moment before its request was sent (UTC): what it shows is at least that
    fresh. ``next`` is JSON-able and goes into ``pages(start=…)`` to resume; None on the last page.
    """

    items: list[dict[str, Any]]
    body: R
    next: Continuation | None
    observed_at: datetime


class Sender(Protocol):
    """What carries a call out: ``transport.Transport``, or a stub."""

    def send(self, operation: Operation[Any], ask: Ask) -> Answer:
        """Return the accepted answer or raise a ``PartnerError``."""


@dataclass(frozen=True)
class PartnerClient:
    """A connection to Partner Center. Threads may share it.

    ``observer`` gets every accepted answer, with its correlation id and status.
    """

    sender: Sender
    observer: Callable[[Answer], None] | None = None

    def observed(self, observer: Callable[[Answer], None]) -> "PartnerClient":
        """Return the same client with an observer: ``client.observed(seen.append).call(…)``."""
        return replace(self, observer=observer)

    def call(
        self,
        operation: Operation[R],
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        etag: str | None = None,
        request_id: str | None = None,
        **path: str,
    ) -> R:
        """Carry out one operation; placeholders of its path come as keywords.

        ``request_id`` fixes MS-RequestId: with it a write is not repeated after an answer, so that
        the id on record is the id that was sent. Where Partner Center accepts a write without a
        body (202), an empty answer comes back: read the resource again. Raises ``PartnerError``.
        """
        ask = Ask(path=path, query=query or {}, body=body, etag=etag, request_id=request_id)
        return cast("R", self._send(operation, ask).body)

    def pages(
        self,
        operation: Operation[R],
        *,
        query: Mapping[str, Any] | None = None,
        start: Continuation | None = None,
        raw: bool = False,
        **path: str,
    ) -> Iterator[Page[R]]:
        """Walk a listing page by page, from the beginning or from a saved ``Page.next``.

        With ``raw`` the items are ``msgspec.Raw``, for a reader of many rows that types them itself.
        Each page is asked for when the one before has been consumed. Raises ``PartnerError``;
        ``BadAnswer`` where a listing leads back to the page it came from.
        """
        going_on = start
        while True:
            asked = {**(query or {}), **_offset(going_on)}
            ask = Ask(path=path, query=asked, raw=raw, **_seek(going_on))
            answer = self._send(operation, ask)
            upcoming = following(operation, answer.body, ask.query)
            if upcoming is not None and upcoming == going_on:
                raise BadAnswer(
                    "the listing does not move on",
                    operation=operation.name,
                    correlation_id=answer.correlation_id,
                )
            yield Page(
                items=items_of(answer.body),
                body=cast("R", answer.body),
                next=upcoming,
                observed_at=answer.sent_at,
            )
            if upcoming is None:
                return
            going_on = upcoming

    def _send(self, operation: Operation[Any], ask: Ask) -> Answer:
        answer = self.sender.send(operation, ask)
        if self.observer is not None:
            self.observer(answer)
        return answer


def _offset(continuation: Continuation | None) -> dict[str, Any]:
    return {"offset": continuation["offset"]} if continuation and "offset" in continuation else {}


def _seek(continuation: Continuation | None) -> dict[str, Any]:
    return {name: value for name, value in (continuation or {}).items() if name != "offset"}
