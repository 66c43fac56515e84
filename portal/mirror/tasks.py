"""The mirror's tasks: thin, each with an id only. What is due stands in Postgres, not in the queue."""

import contextlib
import time
from typing import TYPE_CHECKING

from celery import shared_task
from django.core.cache import cache

from portal.connections.models import Connection
from portal.mirror import dirty, families, questions, refresh, rereading, rounds, runs, schedule
from portal.mirror.fetching import Pool
from portal.mirror.models import DirtyMark, Kind, SyncRun
from portal.mirror.webhooks import checking, registration
from portal.partnercenter.errors import PartnerError

if TYPE_CHECKING:
    from portal.connections.clients import Purpose

SLICE = 50.0
"""Seconds of one slice: no task of the mirror runs longer than a minute."""
HELD = 55
"""Seconds for which one worker reads for spare budget: less than the minute after which the clock asks again."""


@shared_task(ignore_result=True)
def run_slice(run_id: int) -> None:
    """Work on a run for one slice, and queue the next one if there is more."""
    run = SyncRun.objects.select_related("connection").filter(pk=run_id).first()
    if run is None:
        return
    if runs.work(run, time.monotonic() + SLICE) is runs.Slice.MORE:
        runs.queue(run_id)


@shared_task(ignore_result=True)
def start_due() -> None:
    """Begin what is due, and use a quiet minute for details."""
    for run_id in schedule.start_due():
        runs.queue(run_id)
    callable_now = Connection.objects.filter(problem_at=None, retired_at=None)
    for connection_id in callable_now.values_list("pk", flat=True):
        drip.delay(connection_id)
    schedule.tidy()


@shared_task(ignore_result=True)
def resume_stalled() -> None:
    """Queue runs whose worker is gone, and refreshes and webhooks whose task was lost."""
    for run_id in schedule.stalled():
        runs.queue(run_id)
    for mark_id in schedule.waiting_marks():
        refresh_one.delay(mark_id)
    for event_id in checking.waiting():
        check_webhook.delay(event_id)


@shared_task(ignore_result=True)
def drip(connection_id: int) -> None:
    """Read details for spare budget; one worker at a time for each connection."""
    if not cache.add(f"mirror-drip:{connection_id}", 1, HELD):
        return
    until = time.monotonic() + SLICE
    connection = Connection.objects.get(pk=connection_id)
    rounds.keep(connection)
    try:
        schedule.drip(connection, lambda: time.monotonic() < until)
    except PartnerError:
        # The marks keep what went wrong; the next minute tries again.
        return


@shared_task(ignore_result=True)
def refresh_one(mark_id: int) -> None:
    """Read one marked resource now; for a person with the share of the budget that is kept for them."""
    mark = DirtyMark.objects.select_related("connection").filter(pk=mark_id).first()
    if mark is None or mark.connection.is_paused:
        return
    family = families.get(mark.family)
    if family.bulk:
        # A long list is read by a run, which may be killed and goes on.
        with contextlib.suppress(runs.NothingMirrored):
            runs.queue(runs.start(mark.connection, Kind.CHANGES).pk)
        return
    purpose: Purpose = "question" if mark.priority >= dirty.VIEWED else "sync"
    try:
        with Pool(mark.connection, purpose=purpose, threads=1) as pool:
            reader = rereading.Reader(mark.connection, family, pool)
            for found in reader.batches([mark]):
                rereading.keep(mark.connection, family, found)
                refresh.remember(mark, found[0].at)
    except Exception as error:
        # A refused sign-in or a fault of ours: whoever waits on a page is told.
        dirty.postpone(mark, error)
        raise


@shared_task(ignore_result=True)
def ask_question(question_id: int) -> None:
    """Ask a live question."""
    questions.answer(question_id)


@shared_task(ignore_result=True)
def check_webhook(event_id: int) -> None:
    """Judge a webhook that was received."""
    checking.check(event_id)


@shared_task(ignore_result=True)
def read_webhook_registration(connection_id: int) -> None:
    """Read what Partner Center sends where."""
    registration.read(Connection.objects.get(pk=connection_id))
