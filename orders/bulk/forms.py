"""What is asked of a selection before its rows are written down: one value for all of them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders import term_end
from orders.quantities import misread, parse
from orders.refusals import say
from orders.renewals import deciding
from orders.renewals.forms import DecisionFields
from portal.access.scope import Scope
from portal.ui import formats

KEEP = "keep_schedule"
"""The parameter by which what is scheduled is put back after a change in mid-term."""
TERMS = ("P1M", "P1Y", "P3Y")
CYCLES = ("monthly", "annual", "triennial")


class ManyForm(forms.Form):
    """``rows`` are the selected ones, as far as the form has to look at them."""

    waits = False
    """Whether Partner Center has not answered yet what the form needs to know."""
    stopped = ""
    """Why there is nothing to be asked for this selection."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        rows: QuerySet[Any] | None = None,
        scope: Scope | None = None,
    ) -> None:
        """Fit the fields to the selection."""
        super().__init__(data)
        self.rows, self.scope = rows, scope
        self.prepare()

    def prepare(self) -> None:
        """Nothing to fit."""

    @property
    def parameters(self) -> dict[str, Any]:
        """What the batch keeps of a valid form; what was left empty is left out."""
        told = {name: _plain(value) for name, value in self.cleaned_data.items()}
        return {name: value for name, value in told.items() if value not in ("", None, False)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


class SeatsField(forms.CharField):
    """A total ("12") or a difference ("+5", "-3"), kept as it was written."""

    def __init__(self, **kwargs: Any) -> None:
        """Room for a mistake, which is told in words."""
        hint = kwargs.pop("help_text", _("A total (12) or a difference (+5, -3)."))
        super().__init__(label=_("Seats"), max_length=40, help_text=hint, **kwargs)
        self.widget.attrs |= {"class": "form-control seats", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        """The number as ``parse`` reads it again."""
        text = str(super().clean(value))
        found = parse(text) if text else None
        if text and found is None:
            problem = misread(text)
            raise forms.ValidationError(str(say(problem)), code=problem)
        return str(found or "")


def _keep() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Put scheduled changes back afterwards"),
        required=False,
        help_text=_("Otherwise subscriptions with a scheduled change are left out."),
    )


def _terms() -> list[tuple[str, str]]:
    return [(one, formats.term(one)) for one in TERMS]


def _cycles() -> list[tuple[str, str]]:
    return [(one, formats.billing(one)) for one in CYCLES]


def _as_now(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", str(_("As each is now"))), *choices]


class SeatsForm(ManyForm):
    """Another number of seats."""

    quantity = SeatsField(
        error_messages={
            "required": _("Write how many seats: a total (12) or a difference (+5, -3).")
        }
    )
    keep_schedule = _keep()


class EndForm(DecisionFields, ManyForm):
    """What happens when the terms end, and who at the customers decided it."""

    choice = forms.ChoiceField(
        label=_("At the end of the term"),
        choices=lambda: [(choice.value, choice.label) for choice in term_end.offered()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens at the end.")},
    )
    file = None  # type: ignore[assignment] # Django's way to leave a field out: one file proves one decision
    field_order = ("choice", "decided_by", "decided_on", "proof")

    @property
    def parameters(self) -> dict[str, Any]:
        """The choice and the decision."""
        return {"choice": self.cleaned_data["choice"], **deciding.written(self.decision)}


class NextTermForm(ManyForm):
    """What shall be otherwise in the next term; what is left empty stays as each is now."""

    quantity = SeatsField(
        required=False,
        help_text=_("A total (12) or a difference (+5, -3). Empty: as many as each has now."),
    )
    term = forms.ChoiceField(label=_("Term"), required=False, choices=lambda: _as_now(_terms()))
    billing_cycle = forms.ChoiceField(
        label=_("Billing"), required=False, choices=lambda: _as_now(_cycles())
    )
    ends = forms.DateField(
        label=_("Next term ends on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The end of a month, or the last day of another subscription of the customer."),
    )

    def clean(self) -> dict[str, Any]:
        """Nothing at all would schedule nothing."""
        told = super().clean() or {}
        if not any(told.values()) and not self.errors:
            raise forms.ValidationError(str(say("next_as_now")), code="next_as_now")
        return told


class TermForm(ManyForm):
    """A longer term, from now on."""

    term = forms.ChoiceField(label=_("Term"), choices=lambda: _terms()[1:])
    billing_cycle = forms.ChoiceField(
        label=_("Billing"), required=False, choices=lambda: _as_now(_cycles())
    )
    keep_schedule = _keep()


class CycleForm(ManyForm):
    """How all of them are billed from their next charge on."""

    billing_cycle = forms.ChoiceField(label=_("Billing"), choices=_cycles)


class SwitchForm(ManyForm):
    """Whether marketplace subscriptions renew by themselves."""

    renews = forms.ChoiceField(
        label=_("Automatic renewal"),
        choices=[("yes", _("Renews by itself")), ("no", _("Ends"))],
        widget=forms.RadioSelect,
    )


class CompromisedForm(ManyForm):
    """The only reason for which Partner Center cancels Azure subscriptions, as a statement."""

    compromised = forms.BooleanField(label=_("These Azure subscriptions are compromised"))
