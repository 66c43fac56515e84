"""A stand-in for Partner Center in tests: a queue of expected calls and their answers.

Both sides are checked against the declared shapes, so a stub cannot promise what the real call
would refuse or what the real answer does not hold. Paging and everything else above the pipeline
is the real client's.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, is_typeddict

from portal.partnercenter import wire
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import PartnerError, ReadOnlyBlocked
from portal.partnercenter.resources.names import fields
from portal.partnercenter.spec import Effect, Operation
from portal.partnercenter.transport import utc_now
from portal.partnercenter.wire import Answer, Ask

ANY: Any = object()
"""Stands for a body that the test does not look at."""


@dataclass(frozen=True)
class Expected:
    """One call that is to come, and what it gets."""

    operation: Operation[Any]
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    answer: Any
    status: int
    token: str | None


@dataclass
class StubSender:
    """Takes the place of the pipeline; calls must come in the order they were expected."""

    read_only: bool = False
    clock: Callable[[], datetime] = utc_now
    expected: deque[Expected] = field(default_factory=deque)
    asked: list[tuple[Operation[Any], Ask]] = field(default_factory=list)

    def send(self, operation: Operation[Any], ask: Ask) -> Answer:
        """Check the call against the head of the queue and hand out its answer."""
        if self.read_only and operation.effect is Effect.WRITE:
            raise ReadOnlyBlocked(
                operation=operation.name, path=wire.fill_path(operation, ask.path), body=ask.body
            )
        check_ask(operation, ask)
        self.asked.append((operation, ask))
        assert self.expected, f"nothing more was expected, but {operation.name} came"
        head = self.expected.popleft()
        assert head.operation is operation, f"expected {head.operation.name}, got {operation.name}"
        assert dict(ask.path) == dict(head.path), f"{operation.name}: path {dict(ask.path)}"
        query = {name: value for name, value in ask.query.items() if value is not None}
        assert query == dict(head.query), f"{operation.name}: query {query}"
        assert ask.token == head.token, f"{operation.name}: continuation {ask.token}"
        if head.body is not ANY:
            assert ask.body == head.body, f"{operation.name}: body {ask.body}"
        if isinstance(head.answer, PartnerError):
            raise head.answer
        return Answer(
            operation=operation.name,
            status=head.status,
            body=head.answer,
            request_id=ask.request_id or "stub-request",
            correlation_id="stub-correlation",
            sent_at=self.clock(),
        )


class StubPartner:
    """Expected calls in order; ``client`` is a real ``PartnerClient`` in front of them.

    As a context manager it checks at the end that every expected call came.
    """

    def __init__(self, *, read_only: bool = False, clock: Callable[[], datetime] = utc_now) -> None:
        """Start with an empty queue; ``read_only`` blocks writes as a real connection would."""
        self.sender = StubSender(read_only=read_only, clock=clock)
        self.client = PartnerClient(self.sender)

    def expect(
        self,
        operation: Operation[Any],
        answer: Any,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = ANY,
        token: str | None = None,
        **path: str,
    ) -> None:
        """Queue one call. ``answer`` is JSON of the declared shape, or a ``PartnerError`` to raise.

        ``token`` is the continuation token that the call must carry. Raises ``AssertionError``
        for an answer, query or path that the operation does not declare.
        """
        check_ask(operation, Ask(path=path, query=query or {}, token=token))
        if not isinstance(answer, PartnerError):
            check_shape(answer, operation.returns, operation.name)
        self.sender.expected.append(
            Expected(
                operation=operation,
                path=path,
                query=query or {},
                body=body,
                answer=answer,
                status=operation.success[0],
                token=token,
            )
        )

    @property
    def asked(self) -> list[tuple[Operation[Any], Ask]]:
        """The calls that came, in order."""
        return self.sender.asked

    def done(self) -> None:
        """Assert that nothing expected is missing."""
        missing = [expected.operation.name for expected in self.sender.expected]
        assert not missing, f"expected but never asked: {missing}"

    def __enter__(self) -> "StubPartner":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Literal[False]:
        if error is None:
            self.done()
        return False


def check_ask(operation: Operation[Any], ask: Ask) -> None:
    """Assert that the call fills every placeholder and uses declared query names only."""
    try:
        wire.fill_path(operation, ask.path)
        wire.fill_query(operation, ask.query)
    except (TypeError, ValueError) as error:
        raise AssertionError(str(error)) from error
    if is_typeddict(operation.body) and isinstance(ask.body, Mapping):
        check_shape(ask.body, operation.body, f"{operation.name} body")


def check_shape(value: Any, shape: Any, where: str) -> None:
    """Assert that JSON holds only names that the shape declares, at every depth."""
    if isinstance(value, list):
        for item in value:
            check_shape(item, shape, where)
        return
    if not is_typeddict(shape) or value is None:
        return
    assert isinstance(value, Mapping), f"{where}: {type(value).__name__} is no object"
    known = fields(shape)
    for name, content in value.items():
        assert name.lower() in known, f"{where}: {shape.__name__} has no field {name}"
        inner = known[name.lower()][1]
        if inner is not None:
            check_shape(content, inner, f"{where}.{name}")
