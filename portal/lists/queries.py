"""Reads of what lists keep. A person's own things: the scope says whose."""

from django.db.models import QuerySet
from django.http import Http404

from portal.access.scope import Scope
from portal.lists.models import ExportJob


def export_jobs(scope: Scope) -> QuerySet[ExportJob]:
    """A person's exports, newest first."""
    return ExportJob.objects.filter(user=scope.user_id).select_related("file").order_by("-pk")


def export_job(scope: Scope, pk: int) -> ExportJob:
    """One of a person's exports; 404 for anybody else's."""
    found = export_jobs(scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
