"""One family in a run, phase by phase: list, sweep, then what was marked.

The pass's ``cursor`` holds the phase and the place in it, saved with every batch; any worker can go on
from there.
"""

import datetime as dt

from django.conf import settings
from django.db import connection as database
from django.utils import timezone

from portal.mirror import dirty, freshness, hooks, listing, optional, rereading, sweep
from portal.mirror.bulk import reading as bulk
from portal.mirror.families import Family, get
from portal.mirror.models import DirtyMark, Freshness, Kind, PassState, RunState, SyncPass, SyncRun
from portal.mirror.work import Work, count
from portal.partnercenter.errors import ConsentNeeded
from portal.partnercenter.spec import Cloud

OPEN = (PassState.WAITING, PassState.RUNNING, PassState.CONFIRMED)
CHUNK = 200


def background_budget() -> int:
    """How many details a full pass reads beyond those that are due now (MIRROR_DETAILS_PER_PASS)."""
    return int(getattr(settings, "MIRROR_DETAILS_PER_PASS", 100))


def most_marks() -> int:
    """How many marks one pass works off; the rest waits for the next (MIRROR_MARKS_PER_PASS)."""
    return int(getattr(settings, "MIRROR_MARKS_PER_PASS", 5000))


def advance(work: Work, one: SyncPass) -> bool:
    """Go on with the pass; True when it has come to an end (done, blocked or failed)."""
    family = get(one.family)
    if one.state == PassState.WAITING:
        _begin(work, one, family)
    phase = one.cursor["phase"]
    if phase == "list":
        if not listing.read(work, one, family):
            return False
        with work.commit(one):
            one.cursor = {**one.cursor, "phase": "sweep"}
        phase = "sweep"
    if phase == "sweep" and not _sweep(work, one, family):
        return one.state == PassState.BLOCKED or advance(work, one)
    if not _marks(work, one, family):
        return False
    _end(work, one)
    return True


def _begin(work: Work, one: SyncPass, family: Family) -> None:
    operation = family.listing.operation
    # The answers of the pass before may have told us more about Partner Center's clock.
    work.connection.refresh_from_db(fields=["clock_offset"])
    if operation.needs_user and not work.connection.has_consent:
        raise ConsentNeeded(
            "Only a person's consent opens this list.",
            code=optional.NO_CONSENT,
            operation=operation.name,
        )
    one.state = PassState.RUNNING
    one.started_at = timezone.now()
    lists = work.run.kind == Kind.FULL or family.incremental or family.bulk is not None
    if Cloud(work.connection.cloud) not in operation.clouds:
        lists = False
    one.cursor = {"phase": "list" if lists else "marks"}
    if lists:
        one.total = _expected(work, family)
    with work.commit(one):
        if not lists and family.dates_due:
            _mark_dates(work, family)


def _expected(work: Work, family: Family) -> int | None:
    """Estimate how much there is to read: the parents, or the rows known so far."""
    table = family.above if family.parent else family.table
    if family.writer:
        return None
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} AS rows WHERE connection_id = %s AND gone_at IS NULL",  # noqa: S608
            [work.connection.pk],
        )
        (rows,) = cursor.fetchone() or (0,)
    return int(rows) or None


def _mark_dates(work: Work, family: Family) -> None:
    """Mark what a date has changed since the last look: such changes leave no audit record."""
    now = work.connection.now()
    since = freshness.cursor(work.connection, family.name, "dates")
    if since is None:
        whole = freshness.complete_at(family.name, [work.connection.pk])
        since = whole or now
    if family.dates_due and since < now:
        family.dates_due(work.connection, since, now)
    freshness.save_cursor(work.connection, family.name, "dates", now)


# --- sweep --------------------------------------------------------------------------------------


def _sweep(work: Work, one: SyncPass, family: Family) -> bool:
    """Remove what is gone and close the listing; False if the pass must begin again or is blocked."""
    with work.commit(one):
        if not family.writer:
            if sweep.lost(one) and one.restarts < listing.RESTARTS:
                listing.restart(one)
                one.started_at = timezone.now()
                return False
            if not _removed(work, one, family):
                return False
        _close(work, one, family)
    return True


def _removed(work: Work, one: SyncPass, family: Family) -> bool:
    if not _partial(work, family):
        supersede(one)
    if one.state != PassState.CONFIRMED:
        verdict = _plan(family, one)
        if verdict.suspicious:
            one.would_remove = verdict.remove
            one.state = PassState.BLOCKED
            return False
    if family.bulk:
        one.gone += bulk.remove_missing(work, family, one)
        return True
    one.gone += sweep.carry_out(family, work.connection, one)
    sweep.forget(one)
    return True


def _partial(work: Work, family: Family) -> bool:
    """Tell whether this listing is of marked parents alone, so that it says nothing of the others."""
    return family.bulk is not None and work.run.kind != Kind.FULL


def _plan(family: Family, one: SyncPass) -> sweep.Plan:
    """Tell what would be removed. What was charged once never vanishes without a person."""
    if family.bulk:
        remove = bulk.missing(family, one)
        return sweep.Plan(remove, suspicious=remove > 0)
    plan = sweep.plan(family, one)
    if family.asks_before_removal and plan.remove:
        return sweep.Plan(plan.remove, suspicious=True)
    return plan


def _close(work: Work, one: SyncPass, family: Family) -> None:
    """Note the family's age, tell who waits for it, and mark the details that matter now."""
    assert one.started_at is not None, "a running pass has begun"
    whole = not one.cursor.get("failed") and not _partial(work, family)
    first = freshness.complete_at(family.name, [work.connection.pk]) is None
    if whole:
        freshness.note(work.connection, family.name, [("", one.started_at)])
        hooks.passed(
            hooks.Completed(
                connection=work.connection,
                family=family.name,
                started_at=one.started_at,
                first=first,
            )
        )
    if family.details_due:
        family.details_due(work.connection, one.started_at)
    if family.dates_due:
        freshness.save_cursor(work.connection, family.name, "dates", _there(work, one.started_at))
    one.state = PassState.RUNNING
    one.cursor = {**one.cursor, "phase": "marks"}


def _there(work: Work, moment: dt.datetime) -> dt.datetime:
    """Return the moment on Partner Center's clock."""
    return moment + dt.timedelta(seconds=work.connection.clock_offset)


def supersede(one: SyncPass) -> None:
    """Close older passes of this family that wait for a person: this listing is newer."""
    older = SyncPass.objects.filter(
        run__connection=one.run.connection_id, family=one.family, state=PassState.BLOCKED
    ).exclude(pk=one.pk)
    for blocked in older.select_related("run"):
        sweep.forget(blocked)
        blocked.state = PassState.SUPERSEDED
        blocked.save(update_fields=["state"])
        settle(blocked.run)


# --- marks --------------------------------------------------------------------------------------


def _marks(work: Work, one: SyncPass, family: Family) -> bool:
    """Read what is marked, the urgent first; True when nothing is due or the budget is used."""
    # The listing of a bulk family reads what is marked there.
    while not family.bulk:
        marks = _next_marks(work, one, family)
        if not marks:
            return True
        reader = rereading.Reader(work.connection, family, work.pool)
        for batch in reader.batches(marks):
            with work.commit(one):
                tally = rereading.store(work.connection, family, batch)
                count(one, tally.counts, tally.fetched)
                one.gone += tally.gone
        one.cursor["marks"] = one.cursor.get("marks", 0) + len(marks)
        with work.commit(one):
            pass
        if not work.more():
            return False
    return True


def _next_marks(work: Work, one: SyncPass, family: Family) -> list[DirtyMark]:
    used = one.cursor.get("marks", 0)
    room = most_marks() - used
    marks = dirty.due(work.connection, family.name, min(CHUNK, room)) if room > 0 else []
    if marks or work.run.kind != Kind.FULL:
        return marks
    spare = background_budget() - used
    if spare <= 0:
        return []
    return dirty.due(work.connection, family.name, min(CHUNK, spare), dirty.BACKGROUND)


# --- ends ---------------------------------------------------------------------------------------


def _end(work: Work, one: SyncPass) -> None:
    failed = one.cursor.get("failed")
    one.state = PassState.FAILED if failed else PassState.DONE
    if failed:
        parent, error = next(iter(failed.items()))
        one.error = {**error, "parent": parent, "failed": len(failed)}
    one.finished_at = timezone.now()
    one.cursor = None
    with work.commit(one):
        pass


def settle(run: SyncRun) -> None:
    """Give the run the verdict of its passes, once none is open any more."""
    states = set(SyncPass.objects.filter(run=run).values_list("state", flat=True))
    if states.intersection(OPEN):
        return
    if PassState.BLOCKED in states:
        run.state = RunState.BLOCKED
    else:
        run.state = RunState.FAILED if PassState.FAILED in states else RunState.SUCCEEDED
    run.finished_at = timezone.now()
    run.lease_until = None
    run.save(update_fields=["state", "finished_at", "lease_until"])
    if run.kind == Kind.CHANGES and run.state == RunState.SUCCEEDED:
        _follow(run)


def _follow(run: SyncRun) -> None:
    """What the records told has been read again, so the rows stand for the moment of this run.

    Where a row still waits to be read, its family waits with it.
    """
    read = [get(name) for name in run.families]
    if not any(family.incremental for family in read):
        return
    waiting = set(
        DirtyMark.objects.filter(connection=run.connection_id, priority__gte=0).values_list(
            "family", flat=True
        )
    )
    followed = [one.name for one in read if one.followed and one.name not in waiting]
    freshness.follow(run.connection_id, followed, run.started_at)


def ever_complete(connection_id: int, family: str) -> bool:
    """Tell whether this family was ever read whole."""
    return Freshness.objects.filter(
        connection=connection_id, family=family, parent="", complete_at__isnull=False
    ).exists()
