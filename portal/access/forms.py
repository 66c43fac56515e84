"""Forms of the door that say their fields in our words."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.utils.translation import gettext_lazy as _


class NewPasswordForm(ResetPasswordForm):
    """Asks for the address that a link to a new password is sent to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
