"""Forms of price books and their rules."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.catalogue.filters import CYCLES, TERMS
from orders.catalogue.models import Segment
from orders.prices.actions import Given
from orders.prices.finding import Whom
from orders.prices.models import ChargeSide, PriceBook, PriceRule, RuleKind
from portal.access.models import Reseller
from portal.access.scope import Scope
from portal.connections.models import Connection

Owner = tuple[Connection, Reseller | None]
ANY = [("", _("Any"))]


def _day(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **options)


class BookForm(forms.Form):
    """A new book: in whose name, whom it charges, and what it is called."""

    name = forms.CharField(label=_("Name"), max_length=100)
    owner = forms.ChoiceField(label=_("Prices of"))
    side = forms.ChoiceField(label=_("Charges"), choices=ChargeSide.choices)

    def __init__(self, owners: list[Owner], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.owners = {_slug(one): one for one in owners}
        named = [(slug, str(one[1] or one[0].name)) for slug, one in self.owners.items()]
        self.fields["owner"] = forms.ChoiceField(label=_("Prices of"), choices=named)
        if len(named) == 1:
            self.fields["owner"].initial = named[0][0]
            self.fields["owner"].widget = forms.HiddenInput()
        if all(reseller is not None for _connection, reseller in owners):
            self.fields["side"].initial = ChargeSide.CUSTOMER
            self.fields["side"].widget = forms.HiddenInput()

    @property
    def chosen(self) -> Owner:
        """In whose name, of a valid form."""
        return self.owners[self.cleaned_data["owner"]]


class RenameForm(forms.Form):
    """Another name for a book."""

    name = forms.CharField(label=_("Name"), max_length=100)


class RuleForm(forms.Form):
    """One rule; what is left empty means any."""

    product = forms.CharField(
        label=_("Product ID"),
        max_length=60,
        required=False,
        help_text=_("As the catalogue shows it, for example CFQ7TTC0LH18. Empty: any product."),
    )
    sku = forms.CharField(label=_("SKU ID"), max_length=60, required=False)
    term = forms.ChoiceField(label=_("Term"), choices=[*ANY, *TERMS], required=False)
    cycle = forms.ChoiceField(label=_("Billing"), choices=[*ANY, *CYCLES], required=False)
    segment = forms.ChoiceField(
        label=_("Segment"), choices=[*ANY, *Segment.choices], required=False
    )
    reseller = forms.CharField(
        label=_("Indirect reseller"),
        max_length=200,
        required=False,
        help_text=_("Partner ID or whole name. Empty: all of them."),
    )
    customer = forms.CharField(
        label=_("Customer"),
        max_length=200,
        required=False,
        help_text=_("Tenant ID, domain or whole name. Empty: all of them."),
    )
    kind = forms.ChoiceField(label=_("Rule"), choices=RuleKind.choices)
    value = forms.DecimalField(
        label=_("Value"),
        max_digits=14,
        decimal_places=4,
        help_text=_("Per cent; for a fixed price what one costs for one billing cycle, net."),
    )
    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        required=False,
        help_text=_("For a fixed price, for example EUR."),
    )
    valid_from = _day(_("Valid from"))
    valid_to = _day(_("Valid to"), required=False)

    def __init__(self, scope: Scope, book: PriceBook, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.scope, self.book = scope, book
        if book.side != ChargeSide.RESELLER:
            del self.fields["reseller"]
        if not self.initial:
            self.initial = {"valid_from": timezone.localdate()}

    @property
    def given(self) -> Given:
        """What a valid form says. Raises RefusedError for somebody who is not found."""
        said = dict(self.cleaned_data)
        reseller, customer = said.pop("reseller", ""), said.pop("customer", "")
        whom = Whom(self.scope, self.book, {reseller}, {customer})
        return Given(**said, reseller=whom.reseller(reseller), customer=whom.customer(customer))


def initial(rule: PriceRule) -> dict[str, Any]:
    """A rule as its form shows it."""
    return {
        "product": rule.product_pc_id,
        "sku": rule.sku_pc_id,
        "term": rule.term,
        "cycle": rule.cycle,
        "segment": rule.segment,
        "reseller": rule.for_reseller.name if rule.for_reseller else "",
        "customer": rule.customer.pc_id if rule.customer else "",
        "kind": rule.kind,
        "value": rule.value.normalize(),
        "currency": rule.currency,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
    }


class EndForm(forms.Form):
    """The last day on which a rule holds."""

    last = _day(_("Last day"))

    @property
    def day(self) -> dt.date:
        """That day, of a valid form."""
        day: dt.date = self.cleaned_data["last"]
        return day


def _slug(owner: Owner) -> str:
    connection, reseller = owner
    return f"{connection.pk}" if reseller is None else f"{connection.pk}-{reseller.pk}"
