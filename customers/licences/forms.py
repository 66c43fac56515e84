"""What staff choose for a licence: its service plans, and where missing seats are bought."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.asking.pages import AskingForm
from customers.licences.hooks import Offer
from customers.licences.rules import Known
from customers.users import rules as people


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


class AssignForm(AskingForm):
    """``plans`` are those that stay on; ``seats`` names the subscription that grows by one.

    ``usage_location`` is asked of a user who has none.
    """

    plans = forms.MultipleChoiceField(
        label=_("Service plans"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seats = forms.ChoiceField(label=_("Add 1 seat to"), required=False, widget=forms.RadioSelect)
    usage_location = forms.ChoiceField(
        label=_("Usage location"),
        choices=lambda: [("", "–"), *people.countries()],
        help_text=_("The user has none, and Microsoft gives no licence without it. Set first."),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose a country.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        state: Known,
        offers: Sequence[Offer] = (),
        location: str | None = None,
    ) -> None:
        """Offer the plans of one product, on where the user has them or has none; and the subscriptions that can grow.

        ``location`` is the country to begin with, None where none is asked.
        """
        sku, off = state.sku, set(state.off or ())
        every = [str(plan["id"]) for plan in sku.service_plans]
        on = [plan for plan in every if plan not in off]
        super().__init__(data, initial={"plans": on, "usage_location": location})
        if location is None:
            del self.fields["usage_location"]
        self.every = every
        choices = [(str(plan["id"]), str(plan["name"])) for plan in sku.service_plans]
        choices.sort(key=_by_name)
        self._field("plans").choices = choices
        self.able = [one for one in offers if not one.refused]
        self._field("seats").choices = [(str(one.subscription_id), one.label) for one in self.able]
        if len(self.able) == 1:
            self.initial["seats"] = str(self.able[0].subscription_id)
        if not self.able:
            del self.fields["seats"]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField), "declared above"
        return field

    @property
    def places(self) -> list[tuple[Any, Offer]]:
        """Each subscription that can grow: its radio, and what it means."""
        return list(zip(self["seats"], self.able, strict=True)) if self.able else []

    @property
    def off(self) -> list[str]:
        """The plans that are left out."""
        on = set(self.cleaned_data["plans"])
        return [plan for plan in self.every if plan not in on]

    @property
    def seats_of(self) -> int | None:
        """The subscription that is to grow first, None for none."""
        chosen = self.cleaned_data.get("seats")
        return int(chosen) if chosen else None
