"""Reads of permissions over all customers. The scope comes first."""

from django.db.models import Q, QuerySet

from customers.models import AdminRelationship
from portal.access.scope import Scope
from portal.mirror.reading import for_people


def permissions(scope: Scope) -> QuerySet[AdminRelationship]:
    """The live rows of customers that this scope sees."""
    rows = scope.filter(AdminRelationship.objects.filter(gone_at=None, customer__isnull=False))
    return for_people(rows, "customer", "connection")


def matching(queryset: QuerySet[AdminRelationship], text: str) -> QuerySet[AdminRelationship]:
    """Keep rows whose name or customer holds the text."""
    return queryset.filter(Q(name__icontains=text) | Q(customer__name__icontains=text))
