"""Reads of customers. The scope comes first; what is related is decided here, not in templates."""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.http import Http404

from customers import hooks
from customers.models import Customer, ResellerLink
from portal.access.models import Reseller
from portal.access.scope import Scope
from portal.mirror.reading import for_people

FEW = 1_000  # rows that a text filter looks up by their ids


def customers(scope: Scope) -> QuerySet[Customer]:
    """The live customers that this scope sees, each once."""
    return for_people(scope.filter(Customer.objects.filter(gone_at=None)), "connection")


def customer_list(scope: Scope) -> QuerySet[Customer]:
    """Customers with the columns of the list: ``reseller_names`` and the figures of other domains."""
    return customers(scope).annotate(
        reseller_names=Subquery(_reseller_names(scope)), **hooks.figures()
    )


def customer(scope: Scope, pk: int) -> Customer:
    """One customer, live or gone, with the figures of other domains; 404 outside the scope."""
    rows = for_people(scope.filter(Customer.objects.filter(pk=pk)), "connection")
    found = rows.annotate(**hooks.figures()).first()
    if found is None:
        raise Http404
    return found


def reseller_links(scope: Scope, row: Customer) -> QuerySet[ResellerLink]:
    """The indirect resellers of a customer that this scope may know of."""
    return for_people(
        scope.filter(ResellerLink.objects.filter(customer=row, gone_at=None)), "reseller"
    ).order_by("reseller__name")


def resellers(scope: Scope) -> QuerySet[Reseller]:
    """The indirect resellers of this scope, for filters."""
    return scope.filter(Reseller.objects.filter(gone_at=None)).order_by("name", "pk")


def with_reseller(scope: Scope, queryset: QuerySet[Customer]) -> QuerySet[Customer]:
    """Add ``reseller_id``: the reseller of a customer that has, for this person, one alone."""
    links = ResellerLink.objects.filter(
        customer=OuterRef("pk"), gone_at=None, reseller__isnull=False
    )
    counted = scope.filter(links).order_by().values("customer")
    counted = counted.annotate(n=Count("reseller", distinct=True), only=Min("reseller"))
    return queryset.annotate(reseller_id=Subquery(counted.filter(n=1).values("only")))


def of_reseller(queryset: QuerySet[Customer], reseller_id: int) -> QuerySet[Customer]:
    """Keep the customers that are linked to one reseller now."""
    linked = ResellerLink.objects.filter(reseller_id=reseller_id, gone_at=None)
    return queryset.filter(pk__in=linked.values("customer_id"))


def through_reseller(scope: Scope, name: str) -> Q:
    """Customers linked to a reseller whose name holds the text; links outside the scope are unknown."""
    links = scope.filter(ResellerLink.objects.filter(gone_at=None, reseller__name__icontains=name))
    return Q(pk__in=links.values("customer_id"))


def matching(queryset: QuerySet[Customer], text: str, ids: list[int] | None) -> QuerySet[Customer]:
    """Keep the customers whose name or domain holds the text, or whose tenant id is the text.

    ``ids`` is what ``search.ids`` found, at most ``FEW``. For more, and for too short a text, rows are
    read along the order of the list, which soon meets enough of them.
    """
    if ids is not None and len(ids) <= FEW:
        return queryset.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [ids]))
    return queryset.filter(Q(name__icontains=text) | Q(domain__icontains=text))


def _reseller_names(scope: Scope) -> QuerySet[Any, Any]:
    return (
        scope.filter(
            ResellerLink.objects.filter(
                customer=OuterRef("pk"), gone_at=None, reseller__name__isnull=False
            )
        )
        .order_by()
        .values("customer")
        .annotate(names=ArrayAgg("reseller__name", order_by="reseller__name"))
        .values("names")
    )
