"""What staff type about a cart: for whom, what it is called, a line, the checkout."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Customer
from orders.carts import choices, partners, provisioning, queries, savings
from orders.carts.actions import Wish
from orders.carts.choices import Choice
from orders.carts.models import Cart, CartLine
from orders.carts.ordering import Word
from orders.carts.provisioning import Variable
from orders.catalogue import words
from orders.catalogue.models import Sku
from portal.access.models import Reseller
from portal.access.scope import Scope

MOST_CUSTOMERS = 50


class NewForm(forms.Form):
    """A cart for a customer who is named as staff know it."""

    customer = forms.CharField(
        label=gettext_lazy("Customer"),
        max_length=200,
        help_text=gettext_lazy("Tenant ID, domain or whole name."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the cart"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Optional. Without one it is called after the customer."),
    )

    def __init__(
        self,
        scope: Scope,
        data: Mapping[str, Any] | None = None,
        *,
        connection_id: int | None = None,
        market: str = "",
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """``connection_id`` and ``market`` narrow to where something is sold."""
        self.scope, self.connection_id, self.market = scope, connection_id, market
        super().__init__(data, initial=dict(initial or {}))

    def clean_customer(self) -> Customer:
        """The one customer that is meant."""
        found = the_customer(self.scope, self.cleaned_data["customer"], self.connection_id)
        if self.market and found.country != self.market:
            raise forms.ValidationError(_("This customer is in another market."))
        return found


def the_customer(scope: Scope, told: str, connection_id: int | None = None) -> Customer:
    """The one customer that a text means. Raises ValidationError."""
    found = queries.customer_named(scope, told.strip(), connection_id)
    if len(found) != 1:
        raise forms.ValidationError(
            _("More than one customer is called so.") if found else _("No such customer here.")
        )
    return found[0]


class CartForm(forms.Form):
    """Name, purchase order, and for the partner's own staff the reseller on record."""

    name = forms.CharField(label=gettext_lazy("Name of the cart"), max_length=120)
    purchase_order = forms.CharField(
        label=gettext_lazy("Purchase order number"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Kept here with the order."),
    )
    reseller = forms.ModelChoiceField(
        label=gettext_lazy("Reseller on record"),
        queryset=Reseller.objects.none(),
        required=False,
        empty_label=gettext_lazy("None, sold directly"),
    )

    def __init__(
        self, cart: Cart, resellers: Sequence[Reseller], data: Mapping[str, Any] | None = None
    ) -> None:
        """No resellers: there is nothing to choose."""
        told = {
            "name": cart.name,
            "purchase_order": cart.purchase_order,
            "reseller": cart.reseller_id,
        }
        super().__init__(data, initial=told)
        field = self.fields["reseller"]
        if resellers:
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Reseller.objects.filter(pk__in=[one.pk for one in resellers])
        else:
            del self.fields["reseller"]


class LineForm(forms.Form):
    """A line: how long and how it is billed, how many, when it ends, a promotion, its own terms."""

    choice = forms.ChoiceField(label=gettext_lazy("Term and billing"))
    quantity = forms.IntegerField(label=gettext_lazy("Quantity"), min_value=1, max_value=10**9)
    name = forms.CharField(
        label=gettext_lazy("Name of the subscription"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Optional. Without one it is called after the product."),
    )
    end_date = forms.DateField(label=gettext_lazy("Ends on"), required=False)
    promotion_id = forms.CharField(label=gettext_lazy("Promotion"), max_length=200, required=False)
    commitment = forms.DecimalField(
        label=gettext_lazy("Commitment by the hour"),
        max_digits=12,
        decimal_places=3,
        min_value=Decimal(0),
        required=False,
    )
    more_partner_ids = forms.CharField(
        label=gettext_lazy("Additional resellers"),
        max_length=100,
        required=False,
        help_text=gettext_lazy(
            "PartnerIDs of up to 5 resellers beside the one on record, apart by spaces."
        ),
    )
    attested = forms.BooleanField(
        label=gettext_lazy("The customer accepts the terms of this product"), required=False
    )

    def __init__(
        self,
        sku: Sku,
        found: Sequence[Choice],
        data: Mapping[str, Any] | None = None,
        line: CartLine | None = None,
        *,
        names_partners: bool = False,
    ) -> None:
        """Start with the line as it is, or with the least that can be bought."""
        self.found, self.variables = found, provisioning.of(sku)
        super().__init__(data, initial=_initial(sku, found, line))
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.key, one.label) for one in found]
        self.fields["quantity"].help_text = words.quantity(sku)
        if not sku.is_attested:
            del self.fields["attested"]
        if not names_partners:
            del self.fields["more_partner_ids"]
        if savings.is_one(sku):
            self.fields["commitment"].help_text = savings.least(sku)
        else:
            del self.fields["commitment"]
        for one in self.variables:
            self.fields[one.field] = _field_of(one)

    def offer(self, customer: Customer) -> None:
        """Offer the Azure subscriptions of the customer that are known, for what one of them is to use."""
        name = f"with_{savings.ONE.lower()}"
        known = savings.choices(customer) if name in self.fields else []
        if known:
            label = self.fields[name].label
            self.fields[name] = forms.ChoiceField(
                label=label, choices=[("", "–"), *known], required=False
            )

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields for what the SKU asks for with the order."""
        return [self[one.field] for one in self.variables]

    @property
    def wish(self) -> Wish:
        """What a valid form says."""
        told = self.cleaned_data
        choice = choices.find(self.found, told["choice"])
        assert choice is not None, "the field has checked it"
        return Wish(
            choice=choice,
            quantity=told["quantity"],
            name=told["name"],
            end_date=told["end_date"],
            promotion_id=told["promotion_id"].strip(),
            attested=told.get("attested", False),
            provisioning={one.name: told[one.field].strip() for one in self.variables},
            commitment=told.get("commitment"),
            more_partner_ids=partners.read(told.get("more_partner_ids", "")),
        )


def _field_of(one: Variable) -> forms.Field:
    label = str(one.label)  # in the reader's language: the form is made for one request
    if one.choices:
        return forms.ChoiceField(label=label, choices=one.choices)
    return forms.CharField(label=label, max_length=100, required=one.name != savings.ONE)


def _initial(sku: Sku, found: Sequence[Choice], line: CartLine | None) -> dict[str, Any]:
    if line is None:
        first = found[0].key if found else ""
        return provisioning.start(sku) | {"choice": first, "quantity": sku.minimum or 1}
    kept = {one.field: line.provisioning.get(one.name, "") for one in provisioning.of(sku)}
    return kept | {
        "choice": f"{line.catalog_item_id}|{line.term}|{line.cycle}",
        "quantity": line.quantity,
        "name": line.name,
        "end_date": line.end_date,
        "promotion_id": line.promotion_id,
        "attested": line.attested,
        "commitment": (line.commitment or {}).get("amount"),
        "more_partner_ids": " ".join(line.more_partner_ids),
    }


class CopyForm(forms.Form):
    """Other customers, one a line."""

    customers = forms.CharField(
        label=gettext_lazy("Customers"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One a line: tenant ID, domain or whole name."),
    )

    def __init__(self, scope: Scope, cart: Cart, data: Mapping[str, Any] | None = None) -> None:
        """Customers of the cart's connection."""
        self.scope, self.cart = scope, cart
        super().__init__(data)

    def clean_customers(self) -> list[Customer]:
        """All of them, or none: each line that means nobody is named."""
        told = [one.strip() for one in self.cleaned_data["customers"].splitlines() if one.strip()]
        if len(told) > MOST_CUSTOMERS:
            most = _("At most %(most)s at once.") % {"most": MOST_CUSTOMERS}
            raise forms.ValidationError(most)
        found, wrong = [], []
        for text in dict.fromkeys(told):
            try:
                found.append(the_customer(self.scope, text, self.cart.connection_id))
            except forms.ValidationError as error:
                wrong.append(f"{text}: {error.messages[0]}")
        if wrong:
            raise forms.ValidationError(wrong)
        return found


class AskForm(forms.Form):
    """A check or a checkout: why, the key of a double click, what was seen, the attestation."""

    whole = forms.BooleanField(
        label=gettext_lazy("All lines or none"),
        required=False,
        help_text=gettext_lazy(
            "Sends one order without a cart. Otherwise Partner Center leaves out what it refuses."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Optional, kept with the change."),
    )
    attested = forms.BooleanField(
        label=gettext_lazy("I confirm that the indirect reseller named above makes this sale."),
        required=False,
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        cart: Cart,
        data: Mapping[str, Any] | None = None,
        *,
        seen: str = "",
        may_be_whole: bool = False,
    ) -> None:
        """Start with a fresh key; nobody attests a sale of one's own."""
        fresh = {"submission": str(uuid.uuid4()), "seen": seen}
        super().__init__(data, initial=fresh)
        if cart.reseller_id is None:
            del self.fields["attested"]
        if not may_be_whole:
            del self.fields["whole"]

    @property
    def word(self) -> Word:
        """What a valid form says of the checkout."""
        told = self.cleaned_data
        attested, whole = told.get("attested", False), told.get("whole", False)
        return Word(seen=told["seen"], attested=attested, whole=whole)

    @property
    def key(self) -> str:
        """The submission key that was sent, "" for none."""
        return str(self.cleaned_data.get("submission") or "")
