"""The addresses of the sign-in service."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from portal.emulator import render
from portal.emulator.clock import http_date
from portal.emulator.login import authorize, discovery, signing, token
from portal.emulator.login.refusals import LoginRefused
from portal.emulator.login.service import COMMON, LoginCall
from portal.emulator.model import JSON
from portal.emulator.tokens import ExpiredError, MalformedError, RevokedError

if TYPE_CHECKING:
    from portal.emulator.app import Emulator

_ADDRESS = re.compile(
    r"/(?P<tenant>[^/]+)/(?P<what>"
    r"oauth2(?:/v2\.0)?/(?:authorize|token)|oauth2/v2\.0/logout"
    r"|(?:v2\.0/)?\.well-known/openid-configuration"
    r"|discovery/(?:v2\.0/)?keys|discovery/instance|openid/userinfo)/?",
    re.IGNORECASE,
)
_METHODS = {"authorize": {"GET", "POST"}, "token": {"POST"}}


def answer(request: Request, emulator: "Emulator") -> Response | None:
    """Answer a call to the sign-in service; None if the path is none of its own."""
    found = _ADDRESS.fullmatch(request.path)
    if found is None:
        return None
    what = found["what"].lower().rsplit("/", 1)[-1]
    if request.method not in _METHODS.get(what, {"GET"}):
        return Response("", status=405, content_type="text/plain")
    call = LoginCall(request, emulator, found["tenant"])
    try:
        response = _dispatch(call, what)
    except LoginRefused as refused:
        response = _refusal(call, what, refused)
    response.headers["Date"] = http_date(emulator.clock.now())
    response.headers["Cache-Control"] = "no-store"
    return response


def _dispatch(call: LoginCall, what: str) -> Response:
    page = _PAGES.get(what)
    return Response("Signed out.", content_type="text/plain") if page is None else page(call)


def _json(content: JSON, status: int = 200) -> Response:
    return Response(render.encode(content), status, content_type="application/json")


def _configuration(call: LoginCall) -> Response:
    call.check_tenant(COMMON)
    tenant_id = call.emulator.settings.tenant_id
    return _json(discovery.configuration(call.request, call.tenant, tenant_id))


def _userinfo(call: LoginCall) -> Response:
    given = call.request.authorization
    try:
        claims = call.emulator.tokens.read(
            "access", (given.token if given else None) or "", call.emulator.clock.now()
        )
    except (MalformedError, RevokedError, ExpiredError):
        return _json({"error": "invalid_token"}, 401)
    if "upn" not in claims:
        return _json({"error": "invalid_token"}, 401)
    upn = claims["upn"]
    return _json({"sub": token.object_id(upn), "name": upn.split("@")[0], "email": upn})


def _refusal(call: LoginCall, what: str, refused: LoginRefused) -> Response:
    """Answer a person with a page, a program with JSON."""
    if what == "authorize":
        return Response(refused.sentence, refused.status, content_type="text/plain; charset=utf-8")
    if what == "openid-configuration":
        refused.error = "invalid_tenant"
    now = call.emulator.clock.now()
    body = refused.body(
        trace_id=call.emulator.store.ids.guid(),
        correlation_id=call.request.headers.get("client-request-id")
        or call.emulator.store.ids.guid(),
        timestamp=now.strftime("%Y-%m-%d %H:%M:%SZ"),
    )
    return _json(body, refused.status)


_PAGES: dict[str, Callable[[LoginCall], Response]] = {
    "authorize": authorize.page,
    "token": lambda call: _json(token.answer(call)),
    "openid-configuration": _configuration,
    "keys": lambda _call: _json(signing.keys()),
    "instance": lambda call: _json(discovery.instance(call.request)),
    "userinfo": _userinfo,
}
