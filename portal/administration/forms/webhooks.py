"""The form of a webhook registration."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.mirror.models import WebhookRegistration

# What is worth an event here, and what the page is tested with.
USUAL = ("subscription-updated", "test-created")


class RegistrationForm(forms.Form):
    """Where events go and which. Events that Partner Center once offered stay choosable."""

    url = forms.URLField(
        label=_("Address"), max_length=500, assume_scheme="https", widget=forms.TextInput
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    ms_signature = forms.BooleanField(
        label=_("Signature in the header x-ms-signature"),
        required=False,
        help_text=_("For proxies that keep the header Authorization to themselves."),
    )
    submission = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def __init__(
        self, *args: Any, registration: WebhookRegistration, suggestion: str, **options: Any
    ) -> None:
        self.is_production = registration.connection.is_production
        options["initial"] = {
            "url": registration.url or suggestion,
            "events": registration.events or list(USUAL),
            "ms_signature": registration.ms_signature,
            "submission": str(uuid.uuid4()),
        }
        super().__init__(*args, **options)
        names = sorted({*USUAL, *registration.supported, *registration.events})
        self.fields["events"].choices = [(name, name) for name in names]  # type: ignore[attr-defined] # a choice field

    def clean_url(self) -> str:
        """Production events travel encrypted."""
        url: str = self.cleaned_data["url"]
        if self.is_production and urlsplit(url).scheme != "https":
            raise ValidationError(_("A production connection needs https."))
        return url
