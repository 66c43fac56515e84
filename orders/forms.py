"""What staff type: a number of seats, and why."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from orders import refusals, term_end
from orders.models import Subscription
from orders.quantities import MOST, Quantity, misread, parse
from orders.renewals import lifecycle
from orders.renewals.forms import DecisionFields


class VerbForm(forms.Form):
    """The part of every verb: an optional reason, and the key that makes a double click one change."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)
    # What is scheduled is put back after the change has deleted it.
    keeps = forms.BooleanField(required=False)
    value_field: ClassVar[str] = ""

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        """Start with a fresh key; so does a number that was only looked at, which brings none."""
        fresh = str(uuid.uuid4())
        if data is not None and not data.get("submission"):
            data = {**{name: data[name] for name in data}, "submission": fresh}
        super().__init__(data, **kwargs)
        self.initial.setdefault("submission", fresh)

    @property
    def value(self) -> BoundField | None:
        """The field that the verb is about."""
        return self[self.value_field] if self.value_field else None

    @property
    def key(self) -> str:
        """The submission key that was sent, "" for none."""
        return str(self.cleaned_data.get("submission") or "")


class QuantityForm(VerbForm):
    """A total ("12") or a difference ("+5", "-3"). ``seen`` is the number that the person confirmed against."""

    quantity = forms.CharField(
        label=_("Seats"),
        max_length=40,  # room for a mistake, which is told in words
        widget=forms.TextInput(
            attrs={"class": "form-control seats", "inputmode": "text", "autocomplete": "off"}
        ),
        error_messages={
            "required": _("Write how many seats: a total (12) or a difference (+5, -3).")
        },
    )
    seen = forms.IntegerField(required=False, max_value=MOST, widget=forms.HiddenInput)

    field_order = ["quantity", "reason"]
    value_field = "quantity"

    def clean_quantity(self) -> Quantity:
        """The number, or what to write instead."""
        found = parse(self.cleaned_data["quantity"])
        if found is None:
            problem = misread(self.cleaned_data["quantity"])
            raise forms.ValidationError(str(refusals.say(problem)), code=problem)
        return found

    def clean_number(self) -> Quantity | None:
        """The number of a bound form, None where the field cannot be read or has been refused."""
        if self.has_error("quantity"):
            return None
        found: Quantity | None = self.cleaned_data.get("quantity")
        return found


class NameForm(VerbForm):
    """The new name of a subscription."""

    name = forms.CharField(
        label=_("New name"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": _("Write the new name.")},
    )
    field_order = ["name", "reason"]
    value_field = "name"


class TermEndForm(DecisionFields, VerbForm):
    """What happens when the term ends, and who at the customer decided it; of one ``row``, or of many."""

    choice = forms.ChoiceField(
        label=_("At the end of the term"),
        choices=lambda: [(choice.value, choice.label) for choice in term_end.offered()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens at the end.")},
    )
    field_order = ["choice", "decided_by", "decided_on", "proof", "file", "reason"]
    value_field = "choice"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        row: Subscription | None = None,
        **kwargs: Any,
    ) -> None:
        """Show the choices that the row has; another one is refused with its reason."""
        super().__init__(data, **kwargs)
        self.shown = lifecycle.offered(row) if row is not None else term_end.offered()

    @property
    def radios(self) -> list[Any]:
        """The choices that are offered."""
        return [radio for radio in self["choice"] if radio.data["value"] in self.shown]

    @property
    def chosen(self) -> str:
        """A choice that can be read, "" while there is none."""
        self.is_valid()
        return str(self.cleaned_data.get("choice", ""))
