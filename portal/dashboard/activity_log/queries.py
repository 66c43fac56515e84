"""Reads of the log. Everybody reads the entries of their part that their role shows them."""

from typing import Any

from django.db.models import (
    Case,
    CharField,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404

from customers.models import Customer
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.models import AuditMatch, AuditRecord, Entry, Happening, Source

RIGHT = "activity.view"


def entries(scope: Scope) -> QuerySet[Entry]:
    """The entries that this scope may read, each with ``actor_name`` and ``customer_name``."""
    return (
        scope.narrowed(RIGHT)
        .filter(Entry.objects.all())
        .annotate(actor_name=Subquery(_actors()), customer_name=Subquery(_customers()))
    )


def timeline(scope: Scope) -> QuerySet[Happening]:
    """Entries and Partner Center's records that this scope may read.

    Each with ``actor_name`` and ``customer_name``; a record also with ``certainty`` and ``entry_id``,
    null where no entry tells of it.
    """
    match = AuditMatch.objects.filter(audit=OuterRef("row_id"))
    record = {"source": Source.PARTNER_CENTER}
    return (
        scope.narrowed(RIGHT)
        .filter(Happening.objects.all())
        .annotate(
            actor_name=Subquery(_actors()),
            customer_name=Coalesce(
                NullIf("recorded_name", Value("")), Subquery(_customers()), output_field=TextField()
            ),
            certainty=Case(
                When(**record, then=Subquery(match.values("certainty"))), output_field=TextField()
            ),
            entry_id=Case(
                When(**record, then=Subquery(match.values("entry_id"))), output_field=IntegerField()
            ),
        )
    )


def of_customer(scope: Scope, customer: Customer) -> QuerySet[Happening]:
    """Those of one customer."""
    return timeline(scope).filter(connection=customer.connection_id, customer_pc_id=customer.pc_id)


def not_by_us(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the timeline's rows that Partner Center tells and no entry does."""
    return rows.filter(source=Source.PARTNER_CENTER, certainty=None)


def customers(scope: Scope) -> QuerySet[Customer]:
    """The customers, live or gone, by whose name the log can be narrowed."""
    return scope.narrowed(RIGHT).filter(Customer.objects.all())


def _actors() -> QuerySet[User, Any]:
    return User.objects.filter(pk=OuterRef("actor_id")).values(
        who=Coalesce(NullIf("name", Value("")), "email", output_field=CharField())
    )


def _customers() -> QuerySet[Customer, Any]:
    return Customer.objects.filter(
        connection=OuterRef("connection"), pc_id=OuterRef("customer_pc_id")
    ).values("name")


def entry(scope: Scope, pk: int) -> Entry:
    """One entry with its connection, or 404 outside the scope."""
    found = entries(scope).filter(pk=pk).select_related("connection").first()
    if found is None:
        raise Http404
    return found


def record(scope: Scope, pk: int) -> AuditRecord:
    """One record of Partner Center with its connection, or 404 outside the scope."""
    visible = scope.narrowed(RIGHT).filter(AuditRecord.objects.all())
    found = visible.filter(pk=pk).select_related("connection").first()
    if found is None:
        raise Http404
    return found


def row(scope: Scope, source: str, pk: int) -> Happening:
    """An entry or a record as a line of the timeline, or 404 outside the scope."""
    double = pk * 2 + (source == Source.PARTNER_CENTER)
    found = timeline(scope).filter(pk=double).first()
    if found is None:
        raise Http404
    return found


def recent(scope: Scope, limit: int) -> list[Entry]:
    """The newest entries, for the home page."""
    return list(entries(scope).order_by("-pk")[:limit])


def records_of(scope: Scope, entry: Entry) -> list[AuditMatch]:
    """What Partner Center recorded of the same change, each with its certainty.

    A change has several entries; what was joined with one of them tells of all.
    """
    visible = scope.narrowed(RIGHT).filter(AuditMatch.objects.all())
    same = (
        visible.filter(entry__command_id=entry.command_id)
        if entry.command_id
        else visible.filter(entry=entry)
    )
    return list(same.select_related("audit").order_by("audit__operation_date", "audit_id")[:20])


def entry_of(scope: Scope, record: AuditRecord) -> AuditMatch | None:
    """The entry that tells of the same as a record, if one does and may be read."""
    matches = scope.narrowed(RIGHT).filter(AuditMatch.objects.filter(audit=record))
    return matches.first()


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
