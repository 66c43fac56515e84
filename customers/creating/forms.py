"""What staff type of a new customer, checked by the rules of its country before anything is asked."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.creating.rules import CountryRules
from portal.reference import markets
from portal.ui import formats

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}")
_PHONE = RegexValidator(
    r"^\+?[0-9 ()./-]{5,30}$", gettext_lazy("Digits, spaces and + only, 5 to 30 of them.")
)
_NUMBER = RegexValidator(
    r"^[A-Za-z0-9 ./-]{4,30}$", gettext_lazy("4 to 30 letters, digits, spaces, points or dashes.")
)


class PlaceForm(forms.Form):
    """For whom, and in which country: what the rest of the form depends on."""

    place = forms.ChoiceField(label=gettext_lazy("For"))
    country = forms.ChoiceField(label=gettext_lazy("Country"))

    def __init__(self, data: Mapping[str, Any] | None, choices: list[tuple[str, str]]) -> None:
        """Offer the places given, and every country by name."""
        super().__init__(data)
        self.fields["place"].choices = choices  # type: ignore[attr-defined] # a ChoiceField
        names = [(code, formats.country(code)) for code in markets.countries()]
        found = sorted(names, key=lambda pair: formats.alphabetical(pair[1]))
        named = [("", gettext_lazy("Choose")), *found]
        self.fields["country"].choices = named  # type: ignore[attr-defined]


class NewCustomerForm(forms.Form):
    """The company, its contact and its address."""

    company_name = forms.CharField(label=gettext_lazy("Company"), max_length=120)
    domain = forms.CharField(
        label=gettext_lazy("Domain"),
        max_length=253,
        help_text=gettext_lazy("A new one that ends in .onmicrosoft.com. It cannot be changed."),
    )
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=50)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=50)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=320)
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=30, required=False, validators=[_PHONE]
    )
    address_line1 = forms.CharField(label=gettext_lazy("Address"), max_length=100)
    address_line2 = forms.CharField(
        label=gettext_lazy("Address, second line"), max_length=100, required=False
    )
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=20)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80)
    state = forms.CharField(label=gettext_lazy("State or province"), max_length=60, required=False)
    registration_number = forms.CharField(
        label=gettext_lazy("Registration number"), max_length=30, validators=[_NUMBER]
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    culture = forms.ChoiceField(label=gettext_lazy("Formats of numbers and dates"))
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None, rules: CountryRules, *, auto_id: str | bool = "id_%s"
    ) -> None:
        """Ask what the country asks for, and nothing that it refuses."""
        self.rules = rules
        initial = {"submission": str(uuid.uuid4()), "culture": rules.culture}
        initial["language"] = rules.culture.partition("-")[0]
        super().__init__(data, initial=initial, auto_id=auto_id)
        if not rules.registration:
            del self.fields["registration_number"]
        self.fields["phone"].required = rules.registration
        self.fields["postal_code"].required = rules.postal_required
        if rules.sample:
            self.fields["postal_code"].help_text = _("For example %(sample)s.") % {
                "sample": rules.sample
            }
        if rules.states:
            choices = [("", _("Choose")), *((state, state) for state in rules.states)]
            self.fields["state"] = forms.ChoiceField(
                label=self.fields["state"].label, choices=choices, required=False
            )
        self.fields["state"].required = rules.state_required
        self._choose("language", rules.languages)
        self._choose("culture", rules.cultures)

    def _choose(self, name: str, values: tuple[str, ...]) -> None:
        choices = [(value, formats.language(value)) for value in values]
        self.fields[name].choices = choices  # type: ignore[attr-defined] # a ChoiceField

    def clean_domain(self) -> str:
        """In small letters; a name alone gets the ending."""
        domain = str(self.cleaned_data["domain"]).strip().lower()
        if "." not in domain:
            domain = f"{domain}.onmicrosoft.com"
        if not DOMAIN.fullmatch(domain):
            raise forms.ValidationError(
                _("Letters, digits and dashes, for example contoso.onmicrosoft.com."), code="domain"
            )
        return domain

    def clean_postal_code(self) -> str:
        """As the country writes it."""
        code = str(self.cleaned_data["postal_code"])
        if code and not self.rules.fits(code):
            told = _("This is no postal code of the country. For example %(sample)s.")
            raise forms.ValidationError(told % {"sample": self.rules.sample or "–"}, code="postal")
        return code

    @property
    def values(self) -> dict[str, str]:
        """What was typed, with the country."""
        texts = {n: str(v) for n, v in self.cleaned_data.items() if n != "submission"}
        return texts | {"country": self.rules.country}

    @property
    def key(self) -> str:
        """The submission key that was sent, "" for none."""
        return str(self.cleaned_data.get("submission") or "")
