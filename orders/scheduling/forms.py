"""What is typed about a term: seats, and one of the terms and billing cycles in which it is sold."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders import rules
from orders.acting import RowForm
from orders.quantities import MOST, Quantity
from orders.scheduling import alignment, options, schedules, terms
from orders.scheduling.options import Option
from orders.scheduling.rules import Wish
from portal.ui import formats


class TermsForm(RowForm):
    """One of the ways in which it is sold; ``row`` is the subscription."""

    terms = forms.ChoiceField(label=_("Term and billing"))
    options: list[Option]

    def prepare(self) -> None:
        """Offer what the catalogue has."""
        self.options = self.sold()
        self.fields["terms"].choices = options.choices(self.options)  # type: ignore[attr-defined]

    def sold(self) -> list[Option]:
        """What is offered here."""
        product = str(self.data.get("product") or self.initial.get("product") or "")
        return options.of(self.scope, self.row, product) if self.scope else []

    @property
    def values(self) -> dict[str, Any]:
        """What the verb takes, with what it was chosen from."""
        return super().values | {"options": self.options}


class ScheduleForm(TermsForm):
    """The next term; ``product`` comes from the page of upgrades."""

    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST)
    ends = forms.TypedChoiceField(
        label=_("Next term ends on"),
        required=False,
        coerce=dt.date.fromisoformat,
        empty_value=None,
        help_text=_("The end of a month, or the last day of another subscription of the customer."),
    )
    product = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    field_order = ("seats", "terms", "ends", "reason")

    def prepare(self) -> None:
        """Offer the days inside the longest term that is sold."""
        super().prepare()
        sold = [one.term for one in self.options]
        longest = max(sold, key=terms.months, default="")
        days = alignment.days(self.scope, self.row, longest) if self.scope else {}
        told = [(day.isoformat(), _day(day, number)) for day, number in days.items()]
        self.fields["ends"].choices = [("", _("Its whole length")), *told]  # type: ignore[attr-defined]


def _day(day: dt.date, shared: int) -> str:
    """A day, and how many others end then."""
    if not shared:
        return formats.date_short(day)
    told = ngettext(
        "%(day)s, with %(n)s other subscription", "%(day)s, with %(n)s other subscriptions", shared
    )
    return told % {"day": formats.date_short(day), "n": formats.count(shared)}


class TermForm(TermsForm):
    """A longer term, and whether what is scheduled is to be put back."""

    keeps = forms.BooleanField(required=False)

    def prepare(self) -> None:
        """Say where no longer term is sold; name the schedule, where there is one."""
        super().prepare()
        if not self.options:
            self.fields["terms"].help_text = _("No longer term of this product is sold.")
        kept = rules.droppable(self.row)
        if kept is None:
            del self.fields["keeps"]
            return
        told = {"schedule": schedules.words(kept, self.row.offer_id)}
        self.fields["keeps"].label = _("Put the scheduled change back: %(schedule)s") % told

    def sold(self) -> list[Option]:
        """Longer ones only."""
        return [one for one in super().sold() if options.is_longer(self.row, one)]


class CycleForm(TermsForm):
    """Another billing cycle of the same term."""

    def sold(self) -> list[Option]:
        """Of its own term only."""
        term = self.row.term_duration.upper()
        return [one for one in super().sold() if one.term == term]


def wish_of(values: dict[str, Any]) -> Wish:
    """The values of a form as a wish."""
    term, _bar, cycle = str(values.get("terms") or "").partition("|")
    seats = values.get("seats")
    return Wish(
        quantity=Quantity(seats) if isinstance(seats, int) else None,
        term=term,
        cycle=cycle,
        product=str(values.get("product") or ""),
        ends=values.get("ends") or None,
    )
