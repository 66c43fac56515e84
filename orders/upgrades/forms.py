"""What is asked of an upgrade; its product, way and place come from what Partner Center has offered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from orders import rules
from orders.acting import RowForm
from orders.quantities import MOST
from orders.scheduling import schedules
from orders.upgrades import targets
from orders.upgrades.actions import Wish


class UpgradeForm(RowForm):
    """Seats, and by hidden fields what was chosen on the page of targets."""

    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST)
    way = forms.ChoiceField(
        label=_("How"), required=False, choices=[("", "–"), *targets.WAYS.items()]
    )
    keeps = forms.BooleanField(required=False)
    product = forms.CharField(max_length=200, widget=forms.HiddenInput)
    title = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    into = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    term = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    cycle = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    order = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    field_order = ("seats", "way", "keeps", "reason")

    def prepare(self) -> None:
        """Name the schedule that seats on their way delete, where there is one."""
        kept = rules.droppable(self.row)
        if kept is None:
            del self.fields["keeps"]
            return
        told = {"schedule": schedules.words(kept, self.row.offer_id)}
        self.fields["keeps"].label = _("Put the scheduled change back: %(schedule)s") % told


def wish_of(values: dict[str, object]) -> Wish:
    """The values of a form as a wish."""
    seats = values.get("seats")
    names = ("product", "title", "into", "term", "cycle", "way", "order")
    told = {name: str(values.get(name) or "") for name in names}
    return Wish(quantity=seats if isinstance(seats, int) else None, **told)
