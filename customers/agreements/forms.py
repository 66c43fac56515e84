"""What staff say of an agreement, and what a qualification needs."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.agreements.part import KINDS, SEGMENTS
from customers.asking.pages import AskingForm
from customers.models import Customer
from portal.reference import markets
from portal.ui import formats

LOCALES = (
    *("en-US", "fr-FR", "de-DE", "es-ES", "it-IT", "nl-NL", "pl-PL", "pt-PT", "pt-BR"),
    *("cs-CZ", "da-DK", "fi-FI", "nb-NO", "sv-SE", "ja-JP", "ko-KR", "tr-TR", "zh-CN"),
)


class AgreementForm(AskingForm):
    """Who at the customer accepted the agreement, and when."""

    first_name = forms.CharField(label=_("First name"), max_length=255)
    last_name = forms.CharField(label=_("Last name"), max_length=255)
    email = forms.EmailField(label=_("E-mail"), max_length=255)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    agreed_on = forms.DateField(
        label=_("Agreed on"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class QualificationForm(AskingForm):
    """A kind, with what the kind needs."""

    qualification = forms.ChoiceField(label=_("Qualification"), choices=list(KINDS.items()))
    segment = forms.ChoiceField(
        label=_("Kind of school"),
        required=False,
        choices=[("", "–"), *SEGMENTS.items()],
        help_text=_("Needed for Education."),
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        help_text=_("Of the school. Microsoft looks there first."),
    )
    code = forms.CharField(
        label=_("Validation code"),
        required=False,
        max_length=60,
        help_text=_("Needed for Government Community Cloud."),
    )


class DocumentForm(forms.Form):
    """The language of the agreement's text, the customer's own first."""

    language = forms.ChoiceField(label=_("Language of the text"))

    def __init__(self, customer: Customer, data: Any = None) -> None:
        """Offer what is spoken in the customer's country, then the languages of most others."""
        known = markets.countries().get(customer.country)
        own = known.locales if known else ()
        super().__init__(data, initial={"language": own[0] if own else LOCALES[0]})
        found = dict.fromkeys((*own, *LOCALES))
        choices = [(code, formats.language(code)) for code in found]
        self.fields["language"].choices = choices  # type: ignore[attr-defined] # a ChoiceField
