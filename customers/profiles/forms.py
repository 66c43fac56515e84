"""What staff may change of a billing profile."""

from typing import Any

from django import forms

from customers.asking.pages import AskingForm
from customers.profiles.rules import LABELS, NEEDED


class BillingProfileForm(AskingForm):
    """Ten fields; the country stays, because Partner Center does not let it change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the fields in the order of a letter."""
        super().__init__(*args, **kwargs)
        for name, label in LABELS.items():
            field = forms.EmailField if name == "email" else forms.CharField
            self.fields[name] = field(label=label, required=name in NEEDED, max_length=255)
        self.order_fields([*LABELS, "reason", "submission"])
