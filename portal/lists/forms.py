"""Forms of external ids."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.connections.models import Connection
from portal.lists.external import FIELDS, Value
from portal.lists.models.external import LONGEST_SYSTEM, LONGEST_VALUE, ExternalKind


class ExternalIdForm(forms.Form):
    """One value of one system."""

    system = forms.CharField(
        label=_("System"),
        max_length=LONGEST_SYSTEM,
        help_text=_("For example ERP, PSA, VAT register."),
    )
    kind = forms.ChoiceField(label=_("Kind"))
    value = forms.CharField(label=_("Value"), max_length=LONGEST_VALUE)
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
        return Value(**{name: self.cleaned_data[name] for name in FIELDS})


class ProductForm(ExternalIdForm):
    """The same for a product, which is named by its id in the catalogue."""

    connection = forms.ModelChoiceField(
        Connection.objects.none(), label=_("Connection"), empty_label=None
    )
    product = forms.CharField(
        label=_("Product ID"), max_length=100, help_text=_("For example CFQ7TTC0LH18:0001.")
    )
    field_order = ("connection", "product", "system", "kind", "value")

    def __init__(self, *args: Any, connections: QuerySet[Connection], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[Connection]", self.fields["connection"]).queryset = connections
