"""The one place that says yes or no: out of scope is 404, in scope without the right is 403.

Every route declares what it does. ``route`` both declares and enforces for pages; API views declare by
attributes and ``portal.access.permissions`` enforces. A test walks the URL map and fails on a route
that declares nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from portal.access.scope import Scope

View = Callable[..., HttpResponseBase]


class Effect(StrEnum):
    """What a route may change. Read-only persons use all but the last."""

    READ = "read"
    OWN = "own"  # the person's own account and saved things
    EVIDENCE = "evidence"  # exports and proofs
    WRITE = "write"


@dataclass(frozen=True)
class Route:
    """A route's declaration. ``right`` "" asks for a signed-in person only; ``public`` for nobody.

    ``get_writes`` is for the one GET that others send us to with news: the answer to a consent.
    """

    effect: Effect
    right: str = ""
    public: bool = False
    get_writes: bool = False


def require(scope: Scope, right: str, obj: models.Model) -> None:
    """Stop unless some one membership covers the object and grants the right.

    Raises Http404 if the object is out of scope, PermissionDenied if it is in scope without the right.
    """
    if scope.can(right, obj):
        return
    if not scope.covers(obj):
        raise Http404
    raise PermissionDenied


def check_route(declared: Route, scope: Scope) -> None:
    """Raise PermissionDenied unless a person may use the route at all."""
    if declared.effect is Effect.WRITE and scope.read_only:
        raise PermissionDenied
    if declared.right and not scope.can(declared.right):
        raise PermissionDenied


def declare(
    *, effect: str, right: str = "", public: bool = False, get_writes: bool = False
) -> Callable[[View], View]:
    """Say what a view does without enforcing it: for views whose permissions stand elsewhere."""
    declared = Route(Effect(effect), right, public, get_writes)

    def mark(view: View) -> View:
        view.route = declared  # type: ignore[attr-defined] # functions take attributes
        return view

    return mark


def route(
    *, effect: str, right: str = "", public: bool = False, get_writes: bool = False
) -> Callable[[View], View]:
    """Declare and enforce a page's effect and right.

    A person who is not signed in is led to the sign-in page. ``right`` must be granted somewhere;
    whether it holds for the object of the page is asked with ``require``.
    """
    declared = Route(Effect(effect), right, public, get_writes)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not public:
                if not request.user.is_authenticated:
                    return to_sign_in(request)
                check_route(declared, request.scope)  # type: ignore[attr-defined] # EnterMiddleware
            return view(request, *args, **kwargs)

        guarded.route = declared  # type: ignore[attr-defined] # functions take attributes
        return guarded

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page; htmx is told to load it whole instead of swapping it in."""
    if request.headers.get("HX-Request") == "true":
        here = request.headers.get("HX-Current-URL", "")
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = f"{reverse('account_login')}?{urlencode({'next': _path(here)})}"
        return answer
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    return redirect_to_login(back)


def _path(url: str) -> str:
    """The local part of an address, so that a header never leads elsewhere."""
    _scheme, _slashes, rest = url.partition("//")
    _host, slash, path = rest.partition("/")
    return f"{slash}{path}" if slash else "/"


def declared_route(view: Any, method: str = "GET") -> Route | None:
    """What a URL's view declares for a method, whatever kind of view it is; None if nothing."""
    found: Route | None = getattr(view, "route", None)
    if found is not None:
        return found
    cls = getattr(view, "cls", None)
    if cls is None:
        return None
    actions: dict[str, str] = getattr(view, "actions", None) or {}
    return api_route(cls, method, actions.get(method.lower()))


def api_route(cls: Any, method: str, action: str | None) -> Route | None:
    """The declaration of an API view: ``rights`` and ``effects`` by action, or ``right`` and ``effect``."""
    rights: dict[str, str] | None = getattr(cls, "rights", None)
    if action is not None and rights is not None:
        if action not in rights:
            return None
        right = rights[action]
        effect = getattr(cls, "effects", {}).get(action)
    else:
        declared: str | None = getattr(cls, "right", None)
        if declared is None:
            return None
        right, effect = declared, getattr(cls, "effect", None)
    return Route(
        Effect(effect or ("read" if method in {"GET", "HEAD", "OPTIONS"} else "write")), right
    )


def refresh_url(scope: Scope, row: models.Model, route_name: str) -> str:
    """Where this person may have a mirrored row read again; "" for auditors and retired connections."""
    may = scope.can("mirror.refresh", row) and not row.connection.is_retired  # type: ignore[attr-defined] # a mirrored row
    return reverse(route_name, args=[row.pk]) if may else ""
