"""The form on which an invited person makes the account their own."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from portal.access.models import User
from portal.administration.forms.profile import ProfileForm


class AcceptForm(ProfileForm):
    """Name, language, time zone and the first password."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]

    def clean_password(self) -> str:
        """The password as typed, if it is good enough for this person."""
        password: Any = self.cleaned_data["password"]
        password_validation.validate_password(password, self.instance)
        return str(password)
