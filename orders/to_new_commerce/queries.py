"""Reads of migrations and schedules. The scope comes first."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from orders.models import Subscription
from orders.to_new_commerce.models import NceMigration, NceSchedule
from portal.access.scope import Scope
from portal.mirror.reading import for_people


def migrations(scope: Scope) -> QuerySet[NceMigration]:
    """The live migrations that this scope sees, with their subscription and customer."""
    rows = NceMigration.objects.filter(gone_at=None, customer__isnull=False)
    return for_people(scope.filter(rows), "customer", "subscription", "reseller", "connection")


def schedules(scope: Scope) -> QuerySet[NceSchedule]:
    """The live schedules that this scope sees, with their subscription and customer."""
    rows = NceSchedule.objects.filter(gone_at=None, customer__isnull=False)
    return for_people(scope.filter(rows), "customer", "subscription", "reseller", "connection")


def migratable(scope: Scope) -> QuerySet[Subscription]:
    """The legacy subscriptions that may be migrated, or already are on their way (``rules.is_legacy``)."""
    rows = Subscription.objects.filter(
        gone_at=None,
        status="active",
        product_type="",
        unit_type__iexact="licenses",
        parent_pc_id="",
        customer__isnull=False,
    )
    return for_people(scope.filter(rows), "customer", "reseller", "connection").annotate(
        migration=Coalesce(
            _last(NceMigration.objects.all(), "started_at"),
            _last(NceSchedule.objects.all(), "created_at"),
        )
    )


def _last(rows: QuerySet[Any], dated: str) -> Subquery:
    """How far the last attempt of a subscription is; it went where one has come to its end."""
    of_row = rows.filter(subscription=OuterRef("pk"), gone_at=None)
    return Subquery(of_row.order_by(F(dated).desc(nulls_last=True)).values("status")[:1])


def migration(scope: Scope, pk: int) -> NceMigration:
    """One migration, or 404."""
    found = migrations(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def schedule(scope: Scope, pk: int) -> NceSchedule:
    """One schedule, or 404."""
    found = schedules(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def made(scope: Scope, row: NceMigration) -> Subscription | None:
    """The subscription of new commerce that came of it, where it is known here and may be seen."""
    if not row.new_pc_id:
        return None
    rows = scope.filter(Subscription.objects.filter(connection=row.connection))
    return rows.filter(pc_id=row.new_pc_id).first()
