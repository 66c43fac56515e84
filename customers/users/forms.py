"""What staff fill in for a customer's user."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.asking.pages import AskingForm
from customers.models import DirectoryRole
from customers.users import directory, rules

LONG, SHORT, USER_NAME = 256, 64, 113
_TEXT = {"class": "form-control", "autocomplete": "off"}


def _text(label: Any, length: int, *, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        help_text=hint,
        widget=forms.TextInput(attrs=_TEXT),
    )


class UserForm(AskingForm):
    """Names, user name and usage location of a user that is there."""

    display_name = _text(_("Name to show"), LONG, required=True)
    first_name = _text(_("First name"), SHORT)
    last_name = _text(_("Last name"), SHORT)
    user_principal_name = _text(_("User name"), USER_NAME, required=True)
    usage_location = forms.ChoiceField(
        label=_("Usage location"),
        required=False,
        choices=lambda: [("", "–"), *rules.countries()],
        help_text=_("Microsoft gives no licence to a user without it."),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, domains: Sequence[str] | None = None, **kwargs: Any) -> None:
        """Tell the domains that are known: those given, else those of the customer."""
        super().__init__(*args, **kwargs)
        if domains is None and self.customer is not None:
            domains = directory.domains(self.customer)
        if domains is not None:
            known = ", ".join(domains) or "–"
            hint = _("Known domains: %(known)s") % {"known": known}
            self.fields["user_principal_name"].help_text = hint


class PasswordForm(AskingForm):
    """A new password, typed or made by the portal."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=rules.LONGEST,
        strip=False,
        help_text=_("Leave it empty to have one made. It is shown once, to you alone."),
        widget=forms.PasswordInput(
            attrs={"class": "form-control", "autocomplete": "new-password"}, render_value=False
        ),
    )
    must_change = forms.BooleanField(
        label=_("Must be changed at the first sign-in"), required=False, initial=True
    )


class NewUserForm(PasswordForm, UserForm):
    """A user that is to be."""

    field_order = [
        "display_name",
        "first_name",
        "last_name",
        "user_principal_name",
        "usage_location",
        "password",
        "must_change",
        "reason",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Bring the fields of both into one order."""
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)


class RoleForm(AskingForm):
    """One of the roles that the user does not hold; ``roles`` are those."""

    role = forms.ChoiceField(
        label=_("Role"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose a role.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        roles: list[DirectoryRole] | None = None,
        **kwargs: Any,
    ) -> None:
        """Offer the roles by their local ids."""
        super().__init__(data, **kwargs)
        choice = self.fields["role"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(str(role.pk), role.name) for role in roles or ()]
        self.order_fields(["role", "reason"])
