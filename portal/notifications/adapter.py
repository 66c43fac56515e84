"""allauth's mails go through the portal's queue, in the person's language; of its many only one is sent."""

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from portal.access.adapter import AccountAdapter as Base
from portal.access.models import User
from portal.notifications import kinds
from portal.notifications.telling import News, mail

RESET = "account.password_reset"
TEMPLATE = "account/email/password_reset_key"


class AccountAdapter(Base):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the way to a new password. The link begins with PUBLIC_URL, whatever the request's host."""
        user = context.get("user")
        if template_prefix != TEMPLATE or not isinstance(user, User):
            return
        path = urlsplit(str(context["password_reset_url"])).path
        mail(email, user.language, News(kind=RESET, url=path))


def register() -> None:
    """Enter the kind; called from NotificationsConfig.ready."""
    kinds.register(
        kinds.Kind(
            slug=RESET,
            label=_("A new password"),
            subject=_("Choose a new password for the portal"),
            text=_(
                "Somebody, probably you, has asked for a new password. The link works once, for one "
                "day. If it was not you, there is nothing to do: the present password goes on working."
            ),
            choosable=False,
        )
    )
