"""Reads of the log. Everybody reads the entries of their part that their role shows them."""

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404

from customers.models import Customer
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.models import AuditRecord, Entry

RIGHT = "activity.view"


def entries(scope: Scope) -> QuerySet[Entry]:
    """The entries that this scope may read, each with ``actor_name`` and ``customer_name``."""
    actor = User.objects.filter(pk=OuterRef("actor_id")).values(
        who=Coalesce(NullIf("name", Value("")), "email", output_field=CharField())
    )
    customer = Customer.objects.filter(
        connection=OuterRef("connection"), pc_id=OuterRef("customer_pc_id")
    ).values("name")
    return (
        scope.narrowed(RIGHT)
        .filter(Entry.objects.all())
        .annotate(actor_name=Subquery(actor), customer_name=Subquery(customer))
    )


def entry(scope: Scope, pk: int) -> Entry:
    """One entry with its connection, or 404 outside the scope."""
    found = entries(scope).filter(pk=pk).select_related("connection").first()
    if found is None:
        raise Http404
    return found


def recent(scope: Scope, limit: int) -> list[Entry]:
    """The newest entries, for the home page."""
    return list(entries(scope).order_by("-pk")[:limit])


def records_of(scope: Scope, entry: Entry) -> list[AuditRecord]:
    """What Partner Center recorded of the same change: its records with the same correlation id."""
    if not entry.correlation_id:
        return []
    visible = scope.narrowed(RIGHT).filter(AuditRecord.objects.all())
    same = visible.filter(connection=entry.connection_id, correlation_id=entry.correlation_id)
    return list(same.order_by("operation_date", "pk")[:20])


def people(scope: Scope) -> list[tuple[str, str]]:
    """Who can be chosen as the doer: (id, name) of everybody with a membership in this scope."""
    narrowed = scope.narrowed(RIGHT)
    found = User.objects.all()
    if not narrowed.all_connections:
        whole = found.filter(memberships__connection__in=narrowed.connection_ids)
        part = found.filter(memberships__reseller__in=narrowed.reseller_ids)
        found = (
            whole.union(part)
            if narrowed.connection_ids and narrowed.reseller_ids
            else (whole if narrowed.connection_ids else part)
        )
    rows = found.values_list("pk", "name", "email")
    return sorted({(str(pk), name or email) for pk, name, email in rows}, key=lambda row: row[1])
