"""The form of a new user, with the products that it can be given by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from customers.licences.hooks import Offer
from customers.licences.newcomers.actions import FIELD, Product
from customers.models import SubscribedSku
from customers.users.forms import NewUserForm

PLANS, SEATS = "plans_", "seats_"


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


@dataclass(frozen=True)
class Line:
    """One product as the page shows it: its box, its plans, and where a missing seat is bought."""

    product: Product
    box: Any
    plans: Any
    seats: Any
    offers: Sequence[Offer]
    is_open: bool

    @property
    def places(self) -> list[tuple[Any, Offer]]:
        """Each radio with what it means."""
        able = [offer for offer in self.offers if not offer.refused]
        return list(zip(self.seats or (), able, strict=False))

    @property
    def refusals(self) -> list[Offer]:
        """Subscriptions that cannot grow now."""
        return [offer for offer in self.offers if offer.refused]


class NewcomerForm(NewUserForm):
    """``licences`` are products by GUID; of each, ``plans_<id>`` stay on and ``seats_<id>`` grows by one."""

    licences = forms.MultipleChoiceField(
        label=_("Licences"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        gives: bool,
        products: Sequence[Product],
        offers: Callable[[SubscribedSku], list[Offer]],
        may_read: bool = False,
        **options: Any,
    ) -> None:
        """Offer the products; ``offers`` is asked only for ticked ones of which no seat is left."""
        ticked = set(data.getlist(FIELD)) if data is not None else set()
        self.gives = gives
        self.products = products
        self.may_read = may_read
        self.offers = {
            one.sku.pc_id: offers(one.sku)
            for one in products
            if one.free < 1 and one.sku.pc_id in ticked
        }
        super().__init__(self._decided(data), **options)
        self._field(FIELD).choices = [(one.sku.pc_id, str(one.sku)) for one in products]
        for one in products:
            self._offer(one.sku)
        self.order_fields([name for name in self.fields if name != "reason"])

    def _decided(self, data: QueryDict | None) -> QueryDict | None:
        """Where only one subscription can grow there is nothing to choose."""
        if data is None:
            return None
        found = data.copy()
        for one in self.products:
            able = self._able(one.sku.pc_id)
            if len(able) == 1:
                found.setdefault(f"{SEATS}{one.sku.pk}", str(able[0].subscription_id))
        return found

    def _able(self, sku_pc_id: str) -> list[Offer]:
        return [offer for offer in self.offers.get(sku_pc_id, ()) if not offer.refused]

    def _offer(self, sku: SubscribedSku) -> None:
        plans = [(str(plan["id"]), str(plan["name"])) for plan in sku.service_plans]
        plans.sort(key=_by_name)
        self.fields[f"{PLANS}{sku.pk}"] = forms.MultipleChoiceField(
            label=_("Service plans"),
            required=False,
            choices=plans,
            initial=[plan for plan, _name in plans],
            widget=forms.CheckboxSelectMultiple,
        )
        if able := self._able(sku.pc_id):
            self.fields[f"{SEATS}{sku.pk}"] = forms.ChoiceField(
                label=_("Add 1 seat to"),
                choices=[(str(one.subscription_id), one.label) for one in able],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose where the seat is added.")},
            )

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField), "declared above"
        return field

    @property
    def values(self) -> dict[str, Any]:
        """The user's fields, and the ticked products as the verb takes them."""
        told = super().values
        kept = {name: value for name, value in told.items() if not name.startswith((PLANS, SEATS))}
        ticked = set(told[FIELD])
        chosen = [one.sku for one in self.products if one.sku.pc_id in ticked]
        return kept | {FIELD: [self._wanted(sku, told) for sku in chosen]}

    def _wanted(self, sku: SubscribedSku, told: Mapping[str, Any]) -> dict[str, Any]:
        on, grows = set(told[f"{PLANS}{sku.pk}"]), told.get(f"{SEATS}{sku.pk}")
        return {
            "sku": sku.pc_id,
            "off": [str(plan["id"]) for plan in sku.service_plans if plan["id"] not in on],
            "seats": {"subscription": int(grows), "number": 1} if grows else None,
        }

    @property
    def person(self) -> list[Any]:
        """The fields of the user itself."""
        apart = (FIELD, PLANS, SEATS)
        return [field for field in self.visible_fields() if not field.name.startswith(apart)]

    @property
    def lines(self) -> list[Line]:
        """The products with all that can be chosen of each."""
        return [self._line(one, box) for one, box in zip(self.products, self[FIELD], strict=True)]

    def _line(self, one: Product, box: Any) -> Line:
        plans, grows = self[f"{PLANS}{one.sku.pk}"], f"{SEATS}{one.sku.pk}"
        every = len(one.sku.service_plans)
        is_open = self.is_bound and len(plans.value() or ()) != every
        return Line(
            one,
            box,
            plans,
            self[grows] if grows in self.fields else None,
            self.offers.get(one.sku.pc_id, ()),
            is_open=is_open,
        )
