"""The worker side of an export: read the list as its asker sees it now, write the file, keep it."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone, translation

from portal.access.entering import entered
from portal.access.models import User
from portal.access.scope import Scope
from portal.lists import files, hooks
from portal.lists.models import ExportJob
from portal.lists.models.exports import ExportState
from portal.ui import bulk, directory, workbooks
from portal.ui.exports import TYPES, Output, Read, Wish, file_name, pieces

LEASE = dt.timedelta(minutes=3)
KEPT = dt.timedelta(days=7)


class RefusedError(Exception):
    """The export cannot be written; the argument is a key of ``exports.REASONS``."""


def claim(job_id: int) -> ExportJob | None:
    """Take a job that waits, or whose worker is gone; None for any other."""
    now = timezone.now()
    free = Q(state=ExportState.WAITING) | Q(state=ExportState.RUNNING, lease_until__lt=now)
    taken = ExportJob.objects.filter(free, pk=job_id).update(
        state=ExportState.RUNNING, lease_until=now + LEASE, rows_done=0
    )
    return ExportJob.objects.select_related("user").get(pk=job_id) if taken else None


def write(job: ExportJob) -> None:
    """Write a claimed job's file. Raises RefusedError where the asker may not have it any more."""
    user = User.objects.with_memberships().get(pk=job.user_id)
    zone = ZoneInfo(user.time_zone) if user.time_zone else timezone.get_default_timezone()
    with translation.override(job.language), timezone.override(zone):
        scope = Scope.for_user(user)
        with entered(scope):
            output = _output(job, user, scope)
            total = output.keyset.queryset.order_by().values("pk").count()
        ExportJob.objects.filter(pk=job.pk).update(rows_total=total)
        file_id, path = files.reserve()
        _fill(job, output, _reporting(job, output.reader(lambda: entered(scope))), path)
        with transaction.atomic():
            stored = files.adopt(
                file_id,
                owner=user,
                kind="export",
                name=file_name(output.name, job.format),
                content_type=TYPES[job.format],
                expires_at=timezone.now() + KEPT,
            )
            _settle(job, ExportState.DONE, file=stored)


def fail(job: ExportJob, reason: str) -> None:
    """Note why there will be no file."""
    _settle(job, ExportState.FAILED, error=reason)


def _settle(job: ExportJob, state: ExportState, **values: object) -> None:
    with transaction.atomic():
        rows = ExportJob.objects.filter(pk=job.pk)
        values = {"state": state, "lease_until": None, "finished_at": timezone.now()} | values
        # A worker that was thought lost may come to its end too: the first one settles and tells.
        if rows.filter(finished_at=None).update(**values):
            hooks.export_settled(rows.select_related("user", "file").get())


def _output(job: ExportJob, user: User, scope: Scope) -> Output:
    """The list that the job names, for its asker's rights and scope of this moment."""
    entry = directory.get(job.list_slug)
    if entry is None or not user.is_active or (entry.right and not scope.can(entry.right)):
        raise RefusedError("right")
    request = _request(job, user, scope)
    try:
        rows = entry.rows(request)
    except Http404:
        raise RefusedError("right") from None
    part = entry.listing.part(request, rows)
    if part.problems:
        raise RefusedError("filter")
    ticked = bulk.numbers(request.GET.getlist("row"))
    codes = "codes" in request.GET
    return part.output(Wish(job.format, every_column=False, rows=ticked, codes=codes))


def _request(job: ExportJob, user: User, scope: Scope) -> HttpRequest:
    """The request that the list would have been asked with."""
    request = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(job.query), user
    request.scope = scope  # type: ignore[attr-defined] # see portal.access.http
    return request


def _reporting(job: ExportJob, read: Read) -> Read:
    """The same reading, with its progress and a longer lease noted after each piece."""
    done = 0

    def reporting() -> list[list[object]]:
        nonlocal done
        rows = read()
        done += len(rows)
        ExportJob.objects.filter(pk=job.pk).update(
            rows_done=done, lease_until=timezone.now() + LEASE
        )
        return rows

    return reporting


def _fill(job: ExportJob, output: Output, read: Read, path: Path) -> None:
    if job.format == "csv":
        with path.open("w", encoding="utf-8", newline="") as target:
            target.writelines(pieces(list(output.heads()), read))
    else:
        workbooks.write(path, output.heads(), read)
