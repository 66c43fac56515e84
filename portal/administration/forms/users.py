"""Forms about people. What may be chosen comes from the scope of who asks."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access import people
from portal.access.models import User
from portal.access.people import Place
from portal.access.scope import Scope

if TYPE_CHECKING:
    _UserForm = forms.ModelForm[User]
else:
    _UserForm = forms.ModelForm

EVERYWHERE = "all"


def place_key(place: Place) -> str:
    """A place as the value of an option."""
    if place.reseller:
        return f"r{place.reseller.pk}"
    return f"c{place.connection.pk}" if place.connection else EVERYWHERE


def place_label(place: Place) -> str | Promise:
    """A place in words: the reseller, the connection, or everything."""
    if place.reseller:
        return f"{place.reseller.name} ({place.connection})"
    return str(place.connection) if place.connection else _("Everything")


class MembershipForm(forms.Form):
    """A role and where it is held."""

    role = forms.ChoiceField(label=_("Role"))
    place = forms.ChoiceField(label=_("Where"))

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {place_key(place): place for place in people.places(scope)}
        self.fields["role"].choices = [(role.value, role.label) for role in people.roles(scope)]  # type: ignore[attr-defined]
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (key, place_label(place)) for key, place in self._places.items()
        ]

    @property
    def chosen_place(self) -> Place:
        """The place of a valid form."""
        return self._places[self.cleaned_data["place"]]


class PersonForm(MembershipForm):
    """A new person with their first role."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150, required=False)

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As the browser")), *settings.LANGUAGES],
        help_text=_("Of the invitation; the person may choose another."),
    )

    field_order = ["email", "name", "language", "role", "place"]


class NameForm(_UserForm):
    """The name that others see."""

    class Meta:
        model = User
        fields = ["name"]
