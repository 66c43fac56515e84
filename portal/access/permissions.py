"""The API's permission: what the view declares, asked of the scope that authentication entered."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.access.guard import Effect, api_route, check_route
from portal.access.scope import Scope

if TYPE_CHECKING:
    # The views read their default permission from here.
    from rest_framework.views import APIView


class Entered(BasePermission):
    """A person is there and may use the route; a view that declares nothing is closed."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user.is_authenticated:
            return False
        method = request.method or "GET"
        action: str | None = getattr(view, "action", None)
        if method == "OPTIONS" or _answers_405(view, method):
            return True
        declared = api_route(type(view), method, action)
        if declared is None:
            return False
        if declared.effect is Effect.WRITE and getattr(request.auth, "read_only", False):
            raise PermissionDenied(_("This token may only read: nothing was changed."))
        check_route(declared, scope_of(request))
        return True


def _answers_405(view: "APIView", method: str) -> bool:
    """Whether the view has no action for the method, so that nothing but a 405 can follow."""
    actions: dict[str, str] | None = getattr(view, "action_map", None)
    return actions is not None and method.lower() not in actions


def scope_of(request: Request) -> Scope:
    """The scope of an API request."""
    scope: Scope = request._request.scope  # type: ignore[attr-defined] # noqa: SLF001
    return scope
