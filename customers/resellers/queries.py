"""Reads of indirect resellers. The scope comes first."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from customers import hooks
from customers.models import ResellerLink
from portal.access.models import Reseller, ResellerMpn
from portal.access.scope import Scope


def resellers(scope: Scope) -> QuerySet[Reseller]:
    """The live indirect resellers of this scope, each with ``mpn_ids`` and ``customer_count``."""
    return _told(scope.filter(Reseller.objects.filter(gone_at=None)))


def reseller_list(scope: Scope) -> QuerySet[Reseller]:
    """The same with the figures of other domains."""
    return resellers(scope).annotate(**hooks.reseller_figures())


def reseller(scope: Scope, pk: int) -> Reseller:
    """One of them, live or gone; 404 outside the scope."""
    found = _told(scope.filter(Reseller.objects.filter(pk=pk))).first()
    if found is None:
        raise Http404
    return found


def matching(queryset: QuerySet[Reseller], text: str) -> QuerySet[Reseller]:
    """Keep resellers whose name holds the text, or whose tenant or MPN id is the text."""
    by_mpn = ResellerMpn.objects.filter(mpn_id=text).values("reseller")
    return queryset.filter(Q(name__icontains=text) | Q(pc_id=text.lower()) | Q(pk__in=by_mpn))


def _told(rows: QuerySet[Reseller]) -> QuerySet[Reseller]:
    mpns = ResellerMpn.objects.filter(reseller=OuterRef("pk")).order_by("mpn_id")
    return rows.select_related("connection").annotate(
        mpn_ids=ArraySubquery(mpns.values("mpn_id")),
        customer_count=Coalesce(Subquery(_customers(), output_field=IntegerField()), 0),
    )


def _customers() -> QuerySet[Any, Any]:
    links = ResellerLink.objects.filter(
        reseller=OuterRef("pk"), gone_at=None, customer__gone_at=None, customer__isnull=False
    )
    return (
        links.order_by().values("reseller").annotate(n=Count("customer", distinct=True)).values("n")
    )
