"""Filters of what can be migrated, of migrations and of plans."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from orders.models import Subscription
from orders.placed.filters import resellers
from orders.to_new_commerce.part import PLANNED
from portal.ui import filters


class LegacyFilters(filters.FilterSet):
    q = filters.TextFilter(
        label=_("Filter legacy subscriptions"),
        placeholder=_("Product, customer or subscription ID"),
        method="find",
    )
    reseller = filters.RequestChoiceFilter(
        label=_("Indirect reseller"),
        field_name="reseller_id",
        empty_label=_("All resellers"),
        choices_for=resellers,
    )
    ends_before = filters.DateFilter(
        label=_("Term ends before"), field_name="commitment_end_date", lookup_expr="date__lt"
    )

    def find(
        self, queryset: QuerySet[Subscription], name: str, value: str
    ) -> QuerySet[Subscription]:
        named = Q(friendly_name__icontains=value) | Q(offer_name__icontains=value)
        of = Q(customer__name__icontains=value) | Q(pc_id=value.strip().lower())
        return queryset.filter(named | of)


class _Filters(filters.FilterSet):
    q = filters.TextFilter(
        label=_("Filter migrations"), placeholder=_("Product or customer"), method="find"
    )
    reseller = filters.RequestChoiceFilter(
        label=_("Indirect reseller"),
        field_name="reseller_id",
        empty_label=_("All resellers"),
        choices_for=resellers,
    )

    def find(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        named = Q(subscription__friendly_name__icontains=value)
        of = Q(customer__name__icontains=value) | Q(current_pc_id=value.strip().lower())
        return queryset.filter(named | of)


class MigrationFilters(_Filters):
    status = filters.ChoiceFilter(
        label=_("Status"),
        empty_label=_("Any status"),
        choices=[
            ("processing", _("In progress")),
            ("completed", _("Completed")),
            ("failed", _("Failed")),
        ],
    )


class ScheduleFilters(_Filters):
    status = filters.ChoiceFilter(
        label=_("Status"),
        empty_label=_("Any status"),
        choices=[
            (PLANNED, _("Planned")),
            ("completed", _("Completed")),
            ("cancelled", _("Cancelled")),
            ("failed", _("Failed")),
        ],
    )
