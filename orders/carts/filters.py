"""Filters of a list of carts."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from orders.carts.models import Cart, CartState
from portal.ui import filters, operators

OPERATORS = (
    operators.text(
        "reseller", _("Reseller on record"), "reseller__name", aliases=("revendeur",), example="x"
    ),
    operators.text(
        "connection", _("Connection"), "connection__name", aliases=("connexion",), example="contoso"
    ),
)


class CartFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter carts"), placeholder=_("Name, customer or purchase order"), method="find"
    )
    state = filters.ChoiceFilter(
        label=_("State"), empty_label=_("Any state"), choices=CartState.choices
    )

    def find(self, queryset: QuerySet[Cart], name: str, value: str) -> QuerySet[Cart]:
        found = Q(name__icontains=value) | Q(customer__name__icontains=value)
        return queryset.filter(found | Q(purchase_order__iexact=value))
