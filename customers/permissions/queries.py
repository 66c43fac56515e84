"""Reads of permissions over all customers. The scope comes first."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from customers.models import AdminRelationship
from customers.models.permission import STANDING
from customers.permissions import words
from customers.permissions.standing import SOON
from portal.access.scope import Scope
from portal.mirror.reading import for_people

NOT_EXTENDED = ("", "P0D", "PT0S")


def permissions(scope: Scope) -> QuerySet[AdminRelationship]:
    """The live rows of customers that this scope sees."""
    rows = scope.filter(AdminRelationship.objects.filter(gone_at=None, customer__isnull=False))
    return for_people(rows, "customer", "connection")


def matching(queryset: QuerySet[AdminRelationship], text: str) -> QuerySet[AdminRelationship]:
    """Keep rows whose name or customer holds the text."""
    return queryset.filter(Q(name__icontains=text) | Q(customer__name__icontains=text))


def in_state(word: str) -> Q:
    """Rows that stand, end within 30 days without being extended, wait for the customer, or are over."""
    soon = timezone.now() + SOON
    return {
        "active": Q(status__in=STANDING),
        "expiring": Q(status__in=STANDING, ends_at__lte=soon, extension__in=NOT_EXTENDED),
        "pending": Q(status=words.PENDING),
        "over": Q(status__in=("expired", "terminating", "terminated")),
    }.get(word, Q(pk__in=[]))
