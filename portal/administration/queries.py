"""What the Settings pages read."""

from django.db.models import F, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from portal.access.scope import Scope
from portal.connections.models import Connection


def connections(scope: Scope) -> QuerySet[Connection]:
    """The connections that are wholly visible, retired ones last; staff of a reseller see none."""
    rows = Connection.objects.order_by(F("retired_at").asc(nulls_first=True), "name")
    return rows if scope.all_connections else rows.filter(pk__in=scope.connection_ids)


def connection(scope: Scope, name: str, *, lock: bool = False) -> Connection:
    """One of them by name, locked against workers if it is about to be changed; Http404 otherwise."""
    rows = connections(scope)
    return get_object_or_404(rows.select_for_update() if lock else rows, name=name)


def working(scope: Scope) -> QuerySet[Connection]:
    """Those of them that may still be called."""
    return connections(scope).filter(retired_at=None)


def working_connection(scope: Scope, name: str, *, lock: bool = False) -> Connection:
    """One that may still be called, as ``connection``; Http404 for a retired one too."""
    row = connection(scope, name, lock=lock)
    if row.is_retired:
        raise Http404
    return row
