"""How the API learns who asks: a personal token or the browser's session. Both enter the scope."""

from typing import cast

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.crypto import hash_token
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from portal.access.entering import enter
from portal.access.models import ApiToken, User


class TokenAuthentication(KnoxTokenAuthentication):
    """``Authorization: Token <token>``. An expired token is refused, not deleted: a GET writes nothing.

    The words are in the language of ``Accept-Language`` where that is sent, else in the owner's.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        found: tuple[User, ApiToken] | None = super().authenticate(request)
        if found is not None:
            user, token = found
            asked = translation.get_language()
            enter(request._request, user, read_only=token.read_only)  # noqa: SLF001
            if asked and request.headers.get("Accept-Language"):
                translation.activate(asked)
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """The token's owner; AuthenticationFailed for an unknown or expired token or a closed account."""
        try:
            digest = hash_token(token.decode())
        except UnicodeDecodeError:
            raise exceptions.AuthenticationFailed(_("This token is not valid.")) from None
        found = ApiToken.objects.filter(digest=digest).first()
        if found is None or (found.expiry is not None and found.expiry <= timezone.now()):
            raise exceptions.AuthenticationFailed(_("This token is not valid."))
        user = User.objects.with_memberships().filter(pk=found.user_id, is_active=True).first()
        if user is None:
            raise exceptions.AuthenticationFailed(_("This token is not valid."))
        return user, found


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with the CSRF check of every unsafe method."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found is not None:
            enter(request._request, cast("User", found[0]))  # noqa: SLF001
        return cast("tuple[User, None] | None", found)

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        """Without person the API answers 401 rather than 403."""
        return "Session"
