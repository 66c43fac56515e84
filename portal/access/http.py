"""The request as views know it once a person has entered."""

from django.http import HttpRequest

from portal.access.models import User
from portal.access.scope import Scope


class Request(HttpRequest):
    """A type only: what the middleware adds. Views that are not public have a User."""

    scope: Scope
    user: User


def scope_of(request: HttpRequest) -> Scope:
    """The scope of a request that came through a registry typed for any; nobody's before entering."""
    scope: Scope = getattr(request, "scope", None) or Scope.nobody()
    return scope
