"""Tags and notes that a person may see."""

from django.db.models import Q, QuerySet

from customers.models import Customer, Note, Tag
from portal.access.scope import Scope
from portal.ui import operators


def tags(scope: Scope, customer: Customer) -> QuerySet[Tag]:
    """The tags of a customer, by name."""
    return scope.filter(Tag.objects.filter(customer=customer)).order_by("name", "pk")


def notes(scope: Scope, customer: Customer) -> QuerySet[Note]:
    """The notes of a customer, the newest first."""
    rows = scope.filter(Note.objects.filter(customer=customer)).select_related("author")
    return rows.order_by("-written_at", "-pk")


def tagged(scope: Scope, names: list[str]) -> Q:
    """Customers with any of these tags."""
    wanted = operators.any_of(Q(name__iexact=name) for name in names)
    rows = scope.filter(Tag.objects.filter(wanted))
    return Q(pk__in=rows.values("customer"))
