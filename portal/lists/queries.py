"""Reads of what lists keep. A person's own things: the scope says whose."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import Http404

from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.lists.models import ExportJob, ExternalId

AT_ONCE = 1000


def export_jobs(scope: Scope) -> QuerySet[ExportJob]:
    """A person's exports, newest first."""
    return ExportJob.objects.filter(user=scope.user_id).select_related("file").order_by("-pk")


def export_job(scope: Scope, pk: int) -> ExportJob:
    """One of a person's exports; 404 for anybody else's."""
    found = export_jobs(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def external_ids(scope: Scope) -> QuerySet[ExternalId]:
    """The external ids that this scope sees."""
    return scope.filter(ExternalId.objects.all()).select_related("connection", "reseller")


def external_ids_of(scope: Scope, object_type: str, object_id: int) -> QuerySet[ExternalId]:
    """Those of one object."""
    return (
        external_ids(scope)
        .filter(object_type=object_type, object_id=object_id)
        .order_by("system", "kind", "value", "pk")
    )


def whole_connections(scope: Scope) -> QuerySet[Connection]:
    """The connections whose products this scope may name: those seen whole."""
    rows = Connection.objects.order_by("name")
    return rows if scope.all_connections else rows.filter(pk__in=scope.connection_ids)


def connections(scope: Scope) -> QuerySet[Connection]:
    """The connections of which something is visible."""
    visible = scope.visible_connection_ids()
    rows = Connection.objects.all()
    return rows if visible is None else rows.filter(pk__in=visible)


def with_values(scope: Scope, values: Iterable[str]) -> Iterator[ExternalId]:
    """External ids whose whole value is one of these (in small letters), some at a time."""
    sought = sorted(values)
    rows = external_ids(scope).annotate(sought=Lower("value")).order_by("pk")
    for start in range(0, len(sought), AT_ONCE):
        yield from rows.filter(sought__in=sought[start : start + AT_ONCE])


def external_id(scope: Scope, pk: int) -> ExternalId:
    """One external id; 404 outside the scope."""
    found = external_ids(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def named(scope: Scope, value: str, limit: int) -> list[ExternalId]:
    """External ids whose whole value is the text, in any case: one look into the index."""
    rows = external_ids(scope).annotate(sought=Lower("value")).filter(sought=value.lower())
    return list(rows.order_by("pk")[:limit])
