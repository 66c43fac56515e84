"""Filters of the list of indirect resellers."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from customers.resellers import queries
from portal.access.models import Reseller, ResellerMpn
from portal.lists.filters import external_operator
from portal.ui import filters, operators
from portal.ui.operators import Term


def _with_mpn(term: Term, _request: HttpRequest) -> Q:
    return Q(pk__in=ResellerMpn.objects.filter(mpn_id__in=term.values).values("reseller"))


OPERATORS = (
    operators.Operator("mpn", _("MPN ID"), _with_mpn, example="4390100"),
    operators.text(
        "country", _("Country"), "country", lookup="iexact", aliases=("pays",), example="FR"
    ),
    operators.text(
        "connection", _("Connection"), "connection__name", aliases=("connexion",), example="contoso"
    ),
    external_operator("reseller"),
)


class ResellerFilters(filters.FilterSet):
    operators = OPERATORS

    q = filters.TextFilter(
        label=_("Filter indirect resellers"),
        placeholder=_("Name, tenant ID or MPN ID"),
        method="find",
    )

    def find(self, queryset: QuerySet[Reseller], name: str, value: str) -> QuerySet[Reseller]:
        return queries.matching(queryset, value)
