"""Forms of the catalogue: where a reservation is to be used, and an id to look up."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Customer
from orders.catalogue.asking import Place
from orders.catalogue.models import Sku
from portal.access.scope import Scope
from portal.ui import formats


class StockForm(forms.Form):
    """Asks for what the SKU's inventory variables name, and for the region, which decides."""

    customer = forms.CharField(
        label=gettext_lazy("Customer"),
        max_length=200,
        help_text=gettext_lazy("Tenant ID, domain or whole name."),
    )
    azure_subscription = forms.CharField(label=gettext_lazy("Azure subscription ID"), max_length=60)
    region = forms.CharField(label=gettext_lazy("Azure region"), max_length=60, required=False)

    def __init__(self, scope: Scope, sku: Sku, data: Mapping[str, Any] | None = None) -> None:
        """Leave out what this SKU does not ask for."""
        self.scope, self.sku = scope, sku
        super().__init__(data, initial={"region": sku.region})
        asked = {name.lower() for name in sku.inventory_variables or ()}
        for field, variable in (
            ("customer", "customerid"),
            ("azure_subscription", "azuresubscriptionid"),
        ):
            if variable not in asked:
                del self.fields[field]

    def clean_customer(self) -> str:
        """The tenant id of the one customer of this scope that is meant."""
        told = self.cleaned_data["customer"].strip()
        meant = Q(pc_id=told.lower()) | Q(domain__iexact=told) | Q(name__iexact=told)
        rows = Customer.objects.filter(connection=self.sku.connection_id, gone_at=None)
        found = list(self.scope.filter(rows.filter(meant)).values_list("pc_id", flat=True)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("More than one customer is called so.") if found else _("No such customer here.")
            )
        return found[0]

    @property
    def place(self) -> Place:
        """What a valid form says."""
        told = self.cleaned_data
        return Place(
            customer=told.get("customer", ""),
            azure_subscription=told.get("azure_subscription", "").strip(),
            region=told["region"].strip().lower(),
        )


class LookUpForm(forms.Form):
    """A product by its id, or one SKU of it, in a market."""

    market = forms.ChoiceField(label=gettext_lazy("Market"))
    product_id = forms.CharField(label=gettext_lazy("Product ID"), max_length=40)
    sku_id = forms.CharField(label=gettext_lazy("SKU ID"), max_length=20, required=False)

    def __init__(self, markets: list[str], data: Mapping[str, Any] | None = None) -> None:
        """``markets`` are those of the reader, the one that stands first is chosen."""
        super().__init__(data)
        field = self.fields["market"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, formats.country(code)) for code in markets]

    def clean(self) -> dict[str, Any]:
        """Take an id apart that was pasted with its SKU ("CFQ7TTC0LF8R:0001")."""
        told: dict[str, Any] = super().clean() or {}
        product, _colon, rest = told.get("product_id", "").strip().upper().partition(":")
        told["product_id"] = product
        told["sku_id"] = told.get("sku_id", "").strip().upper() or rest.partition(":")[0]
        return told
