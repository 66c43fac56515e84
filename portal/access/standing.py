"""Where a person stands: the reseller they belong to, and their role in words."""

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.models import User
from portal.access.roles import Role
from portal.access.scope import Scope

_RANK = [role.value for role in Role]


def home_reseller(user: User) -> int | None:
    """The reseller whose staff somebody is; None for the partner's own staff, or staff of several."""
    scope = Scope.for_user(user)
    if scope.all_connections or scope.connection_ids or len(scope.reseller_ids) != 1:
        return None
    return next(iter(scope.reseller_ids))


def role_label(request: HttpRequest) -> str | Promise:
    """The widest role of the person behind a request, for the line under their name."""
    scope: Scope | None = getattr(request, "scope", None)
    held = [grant.role for grant in scope.grants if grant.role in _RANK] if scope else []
    if not held:
        return _("No role yet")
    return Role(min(held, key=_RANK.index)).label


def may(request: HttpRequest, right: str) -> bool:
    """Whether the person behind a request has a right somewhere: for menus and tabs."""
    scope: Scope | None = getattr(request, "scope", None)
    return scope is not None and scope.can(right)
