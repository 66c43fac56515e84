"""The emulated Partner Center as one WSGI application, and the pipeline of a call to its API."""

import re
import socket
import struct
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from waitress.channel import ClientDisconnected
from werkzeug.wrappers import Request, Response

from portal.emulator import control, faults, render, router, state
from portal.emulator.clock import Clock, http_date, pause
from portal.emulator.context import Answer, Call, plain_refusal, refused, refused_by_graph
from portal.emulator.errors import Refusal
from portal.emulator.faults import Action, Dropped, Faults
from portal.emulator.handlers.registry import Handler
from portal.emulator.login import routes as login
from portal.emulator.login.token import GRAPH, PARTNER_CENTER, SALES
from portal.emulator.replay import Replays
from portal.emulator.requestlog import Entry, RequestLog
from portal.emulator.router import Router
from portal.emulator.seeds import history
from portal.emulator.settings import Settings
from portal.emulator.store import Store
from portal.emulator.throttle import Throttle
from portal.emulator.tokens import ExpiredError, MalformedError, RevokedError, Tokens
from portal.emulator.webhooks.certificates import PATH as CERTIFICATES
from portal.emulator.webhooks.certificates import Authority
from portal.emulator.webhooks.hooks import Hooks, Message
from portal.emulator.webhooks.sending import Sender
from portal.partnercenter.operations import REGISTRY
from portal.partnercenter.spec import Effect

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_REASONS = {
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    412: "Precondition Failed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_GUID_LIKE = re.compile(r"[0-9A-Za-z-]{1,64}")
_LINGER_ZERO = struct.pack("ii", 1, 0)


class Emulator:
    """Everything one emulated partner consists of; call it as a WSGI application."""

    def __init__(self, settings: Settings) -> None:
        self.router = Router(REGISTRY.values())
        self.log = RequestLog()
        self.authority = Authority()
        self.sender = Sender(self.authority, self._tried)
        self.latency_ms = settings.latency_ms
        self.start(settings, resume=True)

    def start(self, settings: Settings, *, resume: bool = False) -> None:
        """Begin anew with ``settings``: clock, data, faults and limits. Raise ValueError.

        With ``resume`` go on from the state file, if there is one for this estate.
        """
        self.settings = settings
        self.clock = Clock(settings.now, frozen=settings.frozen)
        self.tokens = Tokens(settings.tenant_id)
        self.faults = Faults(settings.faults, settings.seed)
        self.throttle = Throttle(settings.rpm)
        self.replays = Replays()
        self.latency_ms = settings.latency_ms
        self.graph = settings.graph
        self.log.clear()
        kept = settings.state if resume else None
        anchor = state.anchor(settings, kept) if kept else None
        self.store = Store(settings, self.clock, anchor)
        self.store.hooks = Hooks(self.sender.put, frozenset(settings.webhook_hosts))
        if kept is not None and state.load(self.store, kept):
            return
        if settings.is_small:
            accounts = [self.store.account(name) for name in self.store.customers]
            history.write(self.store.audit, accounts, settings.seed, self.store.anchor)

    def save(self) -> None:
        """Write the state file, if the settings name one."""
        if self.settings.state is not None:
            state.save(self.store, self.settings.state)

    def _tried(self, message: Message, status: int, last: bool) -> None:  # noqa: FBT001 - a callback
        self.store.hooks.tried(message, status, self.clock.now(), last=last)

    @staticmethod
    def real_time() -> float:
        """Return the real time in seconds, whatever the emulator's clock says."""
        return time.time()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = Request(environ)
        path = request.path
        if path.startswith("/_emulator"):
            return control.answer(request, self)(environ, start_response)
        if path.startswith(CERTIFICATES):
            return self._certificate(path)(environ, start_response)
        if "/v1" not in path[:12]:
            signed_in: Response | None = login.answer(request, self)
            if signed_in is not None:
                return signed_in(environ, start_response)
        return self._api(request, path, start_response)

    def _api(self, request: Request, path: str, start_response: "StartResponse") -> Iterable[bytes]:
        headers = request.headers
        call = Call(
            request,
            self,
            path,
            self._traceable(headers.get("MS-RequestId")),
            self._traceable(headers.get("MS-CorrelationId")),
        )
        pause(self.latency_ms / 1000)
        fault: list[Action] = []
        try:
            answer = self._answered(call, fault)
        except Dropped as dropped:
            self._note(call, 0, fault)
            _drop(request.environ, reset=dropped.reset)
        self._note(call, answer.status, fault)
        return self._send(call, answer, start_response)

    def _certificate(self, path: str) -> Response:
        """Serve a certificate of the webhooks; anybody may read it, and the log tells who did."""
        found = self.authority.served(path)
        status = 404 if found is None else 200
        at = self.clock.now().isoformat()
        self.log.add(Entry(at, "GET", path, "", "(certificate)", "", "", status, "none", ""))
        return Response(found or b"", status, content_type="application/pkix-cert")

    def _traceable(self, text: str | None) -> str:
        """Return the caller's id if it can stand in a header, else one of our own."""
        return text if text and _GUID_LIKE.fullmatch(text) else self.store.ids.guid()

    def _answered(self, call: Call, struck: list[Action]) -> Answer:
        """Answer a call; every refusal becomes an answer, a fault is noted in ``struck``."""
        try:
            handler = self._admitted(call)
            action = self.faults.pick(call)
            if action is None:
                return self._worked(call, handler)
            struck.append(action)
            early = faults.before(action, call)
            if early is not None:
                return early
            return faults.after(action, self._worked(call, handler))
        except Refusal as refusal:
            return _refused(call, refusal)

    def _admitted(self, call: Call) -> Handler | None:
        """Find the handler of a call, None for an unwritten operation. Raise ``Refusal``."""
        route = self.router.match(call.path)
        if route is None:
            raise Refusal(1000, f"There is no resource at {call.path}.")
        candidates = route.methods.get(call.method)
        if candidates is None:
            allowed = {"Allow": ", ".join(sorted(route.methods))}
            raise Refusal(1000, f"{call.method} is not allowed here.", status=405, headers=allowed)
        self._authenticate(call)
        router.choose(call, candidates, route.values)
        assert call.operation is not None
        if call.operation.needs_user and "upn" not in call.claims:
            raise Refusal(900329)
        return router.handler(call.operation)

    def _authenticate(self, call: Call) -> None:
        scheme, _, token = call.request.headers.get("Authorization", "").partition(" ")
        challenge = {"WWW-Authenticate": "OAuth realm=urn:cpsvc:cpid:emulator"}
        if scheme.lower() != "bearer" or not token.strip():
            raise Refusal(800001, headers=challenge)
        try:
            call.claims = self.tokens.read("access", token.strip(), self.clock.now())
        except (MalformedError, ExpiredError, RevokedError):
            raise Refusal(400, headers=challenge) from None
        audience = GRAPH if call.is_graph else SALES if call.is_sales else PARTNER_CENTER
        if call.claims["aud"] not in audience:
            raise Refusal(900420, headers=challenge)

    def _worked(self, call: Call, handler: Handler | None) -> Answer:
        operation = call.operation
        assert operation is not None
        seconds = self.throttle.wait(operation.throttle.value, self.clock.monotonic())
        if seconds:
            body = render.encode(faults.too_many(seconds))
            return Answer(429, body, {"Retry-After": str(seconds)})
        if handler is None:
            return plain_refusal(501, 0, f"The operation {operation.name} is not emulated.")
        if operation.effect is Effect.READ:
            return handler(call)
        if call.is_graph:
            # Graph does not know MS-RequestId: what is sent twice is done twice.
            return _settled(handler, call)
        key = (call.method, call.path.lower(), call.request_id)
        return self.replays.once(key, lambda: _settled(handler, call))

    def _note(self, call: Call, status: int, struck: list[Action]) -> None:
        request = call.request
        kind = ""
        if call.claims:
            kind = "app+user" if "upn" in call.claims else "app"
        self.log.add(
            Entry(
                at=self.clock.now().isoformat(),
                method=call.method,
                path=call.path,
                query=request.query_string.decode("latin-1"),
                operation=call.operation_name,
                request_id=call.request_id,
                correlation_id=call.correlation_id,
                status=status,
                token=kind or "none",
                fault=struck[0].kind if struck else "",
            )
        )

    def _send(self, call: Call, answer: Answer, start_response: "StartResponse") -> list[bytes]:
        headers = [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.body))),
            ("MS-RequestId", call.request_id),
            ("MS-CorrelationId", call.correlation_id),
            ("X-Locale", call.request.headers.get("X-Locale", "en-US")),
            ("Date", http_date(self.clock.now())),
            *answer.headers.items(),
        ]
        start_response(f"{answer.status} {_REASONS.get(answer.status, 'Unknown')}", headers)
        return [] if call.method == "HEAD" else [answer.body]


def _settled(handler: Callable[[Call], Answer], call: Call) -> Answer:
    """Work on a write; a refusal, too, is an answer that a repeated request gets again."""
    try:
        return handler(call)
    except Refusal as refusal:
        return _refused(call, refusal)


def _refused(call: Call, refusal: Refusal) -> Answer:
    return refused_by_graph(refusal, call) if call.is_graph else refused(refusal)


def _drop(environ: "WSGIEnvironment", *, reset: bool) -> NoReturn:
    """Close the connection without an answer; with ``reset`` the caller sees a TCP reset."""
    check: Any = environ.get("waitress.client_disconnected")
    if check is None:
        raise ConnectionResetError("the emulator dropped this call")
    if reset:
        check.__self__.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
    raise ClientDisconnected


def create_app(settings: Settings | None = None) -> Emulator:
    """Return the application. Raise ValueError for settings that make no sense (faults)."""
    return Emulator(settings or Settings())
