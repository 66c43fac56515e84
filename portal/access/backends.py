"""Who a session belongs to: the person and their memberships, in one query."""

from allauth.account.auth_backends import AuthenticationBackend

from portal.access.models import User


class Backend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """The active person of a session; None for one who may no longer sign in."""
        return User.objects.with_memberships().filter(pk=user_id, is_active=True).first()
