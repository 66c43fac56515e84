"""What staff write down of a customer's decision."""

from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.renewals.deciding import Decision
from orders.renewals.models import LONGEST_PERSON, LONGEST_PROOF
from portal.ui import formats


class DecisionFields(forms.Form):
    """Who decided, when, and the proof; every field may stay empty."""

    decided_by = forms.CharField(
        label=_("Decided by"),
        required=False,
        max_length=LONGEST_PERSON,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    decided_on = forms.DateField(
        label=_("Decided on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )
    proof = forms.CharField(
        label=_("Proof"),
        required=False,
        max_length=LONGEST_PROOF,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
    file = forms.FileField(
        label=_("File that proves it"),
        required=False,
        max_length=255,
        widget=forms.FileInput(attrs={"class": "form-control"}),
    )

    def clean_decided_on(self) -> Any:
        """Nobody has decided tomorrow."""
        day = self.cleaned_data["decided_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(gettext("Write a day that has been."))
        return day

    def clean_file(self) -> Any:
        """Not larger than what may be uploaded at all."""
        found = self.cleaned_data["file"]
        most: int = settings.INTAKE_MAX_BYTES
        if found and found.size > most:
            told = gettext("The file is larger than %(n)s MB.")
            raise forms.ValidationError(told % {"n": formats.number(round(most / 1_000_000, 1))})
        return found

    @property
    def of_decision(self) -> list[BoundField]:
        """The fields, for a template."""
        return [self[name] for name in DecisionFields.base_fields]

    @property
    def decision(self) -> Decision:
        """As it was written, of a valid form."""
        told = self.cleaned_data
        return Decision(
            by=" ".join(told.get("decided_by", "").split()),
            on=told.get("decided_on"),
            proof=told.get("proof", "").strip(),
            file=told.get("file"),
        )
