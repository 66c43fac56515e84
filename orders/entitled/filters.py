"""Filters of the list of Azure subscriptions."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from orders.entitled.models import AzureSubscription
from orders.placed.filters import resellers
from portal.ui import filters, operators

STATUSES = [("active", _("Active")), ("inactive", _("Not active"))]
OPERATORS = (
    operators.text(
        "customer", _("Customer"), "customer__name", aliases=("client",), example="Contoso"
    ),
    operators.text(
        "reseller",
        _("Indirect reseller"),
        "reseller__name",
        aliases=("revendeur",),
        example="Fabrikam",
    ),
    operators.text(
        "connection", _("Connection"), "connection__name", aliases=("connexion",), example="contoso"
    ),
)


class AzureFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter Azure subscriptions"), placeholder=_("Name, ID or customer"), method="find"
    )
    status = filters.ChoiceFilter(
        label=_("Status"), empty_label=_("Any status"), choices=STATUSES, method="in_state"
    )
    reseller = filters.RequestChoiceFilter(
        label=_("Indirect reseller"),
        field_name="reseller_id",
        empty_label=_("All resellers"),
        choices_for=resellers,
    )

    def find(
        self, queryset: QuerySet[AzureSubscription], name: str, value: str
    ) -> QuerySet[AzureSubscription]:
        named = Q(name__icontains=value) | Q(pc_id=value.strip().lower())
        return queryset.filter(named | Q(customer__name__icontains=value))

    def in_state(
        self, queryset: QuerySet[AzureSubscription], name: str, value: str
    ) -> QuerySet[AzureSubscription]:
        """What cancelled ones are called is not documented, so it is what is not active."""
        active = Q(status="active")
        return queryset.filter(active if value == "active" else ~active)
