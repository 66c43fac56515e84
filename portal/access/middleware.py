"""One transaction around each request, entered with the scope of its person.

An exception in a view rolls everything back; the error page is then rendered in a transaction of
its own, entered anew, so that it still knows the person.
"""

from collections.abc import Callable
from types import TracebackType

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from portal.access.entering import enter, leave, set_database_scope
from portal.access.guard import declared_route

GetResponse = Callable[[HttpRequest], HttpResponse]

# Asked by load balancers while the database may be down; they open no transaction.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class _Unit:
    """The transaction of a request; ``restart`` rolls back and begins another."""

    def __init__(self) -> None:
        self.nested = connection.in_atomic_block
        self._atomic = transaction.atomic()

    def __enter__(self) -> "_Unit":
        self._atomic.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._atomic.__exit__(kind, error, trace)
        if self.nested and not connection.needs_rollback:
            leave()

    def restart(self, error: Exception) -> None:
        self._atomic.__exit__(type(error), error, error.__traceback__)
        self._atomic = transaction.atomic()
        self._atomic.__enter__()


class ScopeMiddleware:
    """Opens the transaction. In that of a safe request Postgres itself refuses every write."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in PROBES:
            return self.get_response(request)
        request.reads_only = _reads_only(request)  # type: ignore[attr-defined] # our own mark
        with _Unit() as unit:
            request.unit = unit  # type: ignore[attr-defined] # our own mark
            response = self.get_response(request)
            # The API turns its exceptions into answers; their half-done work must go all the same.
            if getattr(response, "exception", False) or response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Undo what the view did, and enter again for the error page."""
        unit: _Unit | None = getattr(request, "unit", None)
        if unit is None:
            return
        unit.restart(error)
        if hasattr(request, "scope"):
            set_database_scope(request.scope)


class EnterMiddleware:
    """Enters with the session's person; the API enters again with the owner of a token."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in PROBES:
            return self.get_response(request)
        enter(request, request.user)
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            # Nothing that a person saw is kept for who uses the browser after them.
            response["Cache-Control"] = "private, no-store"
        return response


def _reads_only(request: HttpRequest) -> bool:
    """Whether this request may not write a row: every safe one but those that declare ``get_writes``."""
    if request.method not in SAFE:
        return False
    try:
        declared = declared_route(resolve(request.path_info).func, request.method)
    except Resolver404:
        return True
    return declared is None or not declared.get_writes
