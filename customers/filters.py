"""Filters of the customers list."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from customers import queries
from customers.models import Customer
from portal.access.http import scope_of
from portal.ui import filters

# How far rows are counted where a text is looked for row by row.
COUNTED_ALONG = 100


def _reseller_choices(request: HttpRequest) -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in queries.resellers(scope_of(request))]


class CustomerFilters(filters.FilterSet):
    q = filters.TextFilter(
        label=_("Filter customers"), placeholder=_("Name, domain or tenant ID"), method="find"
    )
    reseller = filters.RequestChoiceFilter(
        label=_("Indirect reseller"),
        empty_label=_("All resellers"),
        choices_for=_reseller_choices,
        method="sold_by",
    )
    country = filters.TextFilter(
        label=_("Country"),
        placeholder=_("Country, for example FR"),
        method="seated_in",
    )

    def find(self, queryset: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        assert self.request is not None
        ids = queries.found(scope_of(self.request), value)
        if ids is None:
            self.counted = COUNTED_ALONG
        return queries.matching(queryset, value, ids)

    def seated_in(self, queryset: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        return queryset.filter(country=value.upper())

    def sold_by(self, queryset: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        return queries.of_reseller(queryset, int(value))
