"""What staff type about a migration: the new term and billing, the seats, and when it happens."""

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.acting import RowForm
from orders.to_new_commerce.part import CYCLES, NOW, ON_DAY, ON_RENEWAL, TERMS
from portal.ui import formats

WHEN = [
    (NOW, _("Now")),
    (ON_DAY, _("On a day")),
    (ON_RENEWAL, _("When the present term ends")),
]


class PlanForm(RowForm):
    """The new subscription and its day; the page of a plan leaves out "now"."""

    term = forms.ChoiceField(
        label=_("Term"), choices=lambda: [(one, formats.term(one)) for one in TERMS]
    )
    cycle = forms.ChoiceField(
        label=_("Billing"), choices=lambda: [(one, formats.billing(one)) for one in CYCLES]
    )
    quantity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=10_000_000)
    full_term = forms.BooleanField(
        label=_("Begin a full term"),
        required=False,
        help_text=_("Otherwise the new term ends with the present one."),
    )
    when = forms.ChoiceField(label=_("When"), choices=WHEN, widget=forms.RadioSelect)
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class ReplanForm(PlanForm):
    """A plan that is there already."""

    def prepare(self) -> None:
        """It cannot begin at once: it would have to be cancelled first."""
        self.fields["when"].choices = WHEN[1:]  # type: ignore[attr-defined] # a ChoiceField
