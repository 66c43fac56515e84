"""Forms of a person's own account."""

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.access.models import User

if TYPE_CHECKING:
    _UserForm = forms.ModelForm[User]
else:
    _UserForm = forms.ModelForm

_PSEUDO = ("Etc/", "SystemV/", "US/", "posix", "right")


@lru_cache(maxsize=1)
def time_zones() -> list[str]:
    """Places by IANA's names; abbreviations and old aliases are left out."""
    return sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(_PSEUDO)
    )


class ProfileForm(_UserForm):
    """Name, language, time zone and theme of the person signed in."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "theme"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the browser")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        server = _("As the server (%(zone)s)") % {"zone": settings.TIME_ZONE}
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
            ("", server),
            ("UTC", "UTC"),
            *((zone, zone.replace("_", " ")) for zone in time_zones()),
        ]


class PreferencesForm(_UserForm):
    """What the menu under the name posts: one or both of theme and language."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)

    class Meta:
        model = User
        fields = ["theme", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name not in self.data:
                del self.fields[name]


class TokenForm(forms.Form):
    """A new API token. A person who only reads gets a token that only reads."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What it is for, so that you know it again.")
    )
    read_only = forms.BooleanField(label=_("Read only"), required=False, initial=True)
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("1 year"))],
    )

    @property
    def lifetime(self) -> timedelta:
        """How long the token of a valid form lives."""
        return timedelta(days=self.cleaned_data["days"])
