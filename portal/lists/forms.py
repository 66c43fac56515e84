"""Forms of external ids."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lists.external import Value
from portal.lists.models.external import ExternalKind


class ExternalIdForm(forms.Form):
    """One value of one system."""

    system = forms.CharField(
        label=_("System"), max_length=40, help_text=_("For example ERP, PSA, VAT register.")
    )
    kind = forms.ChoiceField(label=_("Kind"))
    value = forms.CharField(label=_("Value"), max_length=120)
    valid_from = forms.DateField(
        label=_("Valid from"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    valid_to = forms.DateField(
        label=_("Valid to"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, kinds: tuple[ExternalKind, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), choices=[(kind.value, kind.label) for kind in kinds]
        )

    @property
    def given(self) -> Value:
        """The value of a valid form."""
        return Value(**self.cleaned_data)
