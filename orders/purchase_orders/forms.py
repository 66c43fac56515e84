"""What staff tell with the customer's purchase order."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.asking.pages import AskingForm
from orders.models import Order
from orders.purchase_orders import rules
from orders.purchase_orders.rules import Wish


class FilesInput(forms.FileInput):
    """Several files at once, of the kinds that are taken."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        """Let the browser offer them alone."""
        super().__init__(attrs={"accept": ",".join(rules.KINDS)})

    def value_from_datadict(self, _data: Any, files: Any, name: str) -> Any:
        """All that were sent."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """A list of files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each by itself."""
        clean = super().clean
        return [clean(one, initial) for one in data or []]


class HandInForm(AskingForm):
    """Price, files, tender. Rules of the files are checked by ``rules``."""

    documents = FilesField(
        label=_("Purchase order"),
        required=False,
        help_text=_("PDF, PNG, JPEG or Word, up to 5 MB each."),
    )
    price = forms.DecimalField(
        label=_("Price for the customer"), min_value=0, max_digits=14, decimal_places=2
    )
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    fx_rate = forms.DecimalField(
        label=_("Exchange rate"),
        required=False,
        max_digits=14,
        decimal_places=6,
        help_text=_("Only where the price is in another currency than the order."),
    )
    is_tender = forms.BooleanField(label=_("It is part of a tender"), required=False)
    tender_link = forms.URLField(
        label=_("Link to the tender"), required=False, max_length=500, assume_scheme="https"
    )
    tender_documents = FilesField(label=_("Documents of the tender"), required=False)

    def __init__(
        self,
        row: Order,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
    ) -> None:
        """Start with the order's currency."""
        super().__init__(data, initial={"currency": row.currency})
        if files is not None:
            self.files = files

    @property
    def wish(self) -> Wish:
        """What a valid form says."""
        return Wish(**self.values)
