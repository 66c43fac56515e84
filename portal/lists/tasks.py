"""Tasks of lists: write an export, take up lost ones, remove what has expired."""

import datetime as dt

import structlog
from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import Q
from django.utils import timezone

from portal.lists import files, writing
from portal.lists.models import ExportJob
from portal.lists.models.exports import ExportState

LOG = structlog.get_logger(__name__)
LOST_AFTER = dt.timedelta(minutes=2)
SOFT_LIMIT = 1500  # seconds


@shared_task(ignore_result=True, soft_time_limit=SOFT_LIMIT, time_limit=SOFT_LIMIT + 60)
def write_export(job_id: int) -> None:
    """Write the file of one job, unless another worker does."""
    job = writing.claim(job_id)
    if job is None:
        return
    try:
        writing.write(job)
    except writing.RefusedError as refused:
        writing.fail(job, str(refused))
    except SoftTimeLimitExceeded:
        writing.fail(job, "slow")
    except Exception:
        writing.fail(job, "broken")
        raise


@shared_task(ignore_result=True)
def tidy() -> None:
    """Queue exports whose task or worker was lost; remove files whose time is over."""
    now = timezone.now()
    lost = Q(state=ExportState.WAITING, created_at__lt=now - LOST_AFTER)
    lost |= Q(state=ExportState.RUNNING, lease_until__lt=now)
    for job_id in ExportJob.objects.filter(lost).values_list("pk", flat=True):
        write_export.delay(job_id)
    removed = files.remove_expired(now)
    ExportJob.objects.filter(state=ExportState.DONE, file=None).update(state=ExportState.EXPIRED)
    if removed:
        LOG.info("files_expired", count=removed)
