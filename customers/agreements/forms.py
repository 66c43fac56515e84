"""What staff say of an agreement, and what a qualification needs."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.agreements.part import KINDS, SEGMENTS
from customers.asking.pages import AskingForm


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
