"""Filters of the subscriptions list."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders import queries
from orders.models import Subscription
from portal.access.http import scope_of
from portal.ui import filters

# How far rows are counted where a text is looked for row by row.
COUNTED_ALONG = 100

STATUSES = [
    ("active", _("Active")),
    ("suspended", _("Suspended")),
    ("pending", _("Pending")),
    ("expired", _("Expired")),
    ("disabled", _("Disabled")),
    ("deleted", _("Cancelled")),
]
TERMS = [("P1M", _("1 month")), ("P1Y", _("1 year")), ("P3Y", _("3 years"))]


class SubscriptionFilters(filters.FilterSet):
    q = filters.TextFilter(
        label=_("Filter subscriptions"),
        placeholder=_("Product, customer or subscription ID"),
        method="find",
    )
    status = filters.ChoiceFilter(label=_("Status"), empty_label=_("Any status"), choices=STATUSES)
    term = filters.ChoiceFilter(
        label=_("Term"), field_name="term_duration", empty_label=_("Any term"), choices=TERMS
    )
    ends_before = filters.DateFilter(
        label=_("Term ends before"), field_name="commitment_end_date", lookup_expr="date__lt"
    )

    def find(
        self, queryset: QuerySet[Subscription], name: str, value: str
    ) -> QuerySet[Subscription]:
        assert self.request is not None
        ids = queries.found(scope_of(self.request), value)
        if ids is None:
            self.counted = COUNTED_ALONG
        return queries.matching(queryset, value, ids)
