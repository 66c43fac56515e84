"""Marks the time of a web request, so that no page can wait for Partner Center."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_in_web_request: ContextVar[bool] = ContextVar("in_web_request", default=False)


class HttpInWebRequest(RuntimeError):  # noqa: N818 - named after the rule it guards
    """A page asked for a Partner Center client; it must leave the call to a worker."""

    def __init__(self) -> None:
        super().__init__(
            "Partner Center is never called inside a web request: save a Question or a Command."
        )


class WebRequestMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with web_request():
            return self.get_response(request)


@contextmanager
def web_request() -> Iterator[None]:
    """Everything inside counts as a web request."""
    token = _in_web_request.set(True)
    try:
        yield
    finally:
        _in_web_request.reset(token)


def in_web_request() -> bool:
    return _in_web_request.get()
