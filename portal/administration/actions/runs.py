"""Starting a sync and deciding about a blocked removal, each with its entry."""

from functools import partial

from django.db import transaction

from portal.activity import log
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.mirror import runs
from portal.mirror.models import SyncPass, SyncRun


def start(actor: Actor, connection: Connection, kind: str) -> SyncRun:
    """Begin a run, or find the one going on. Raises runs.NothingMirrored for changes before any full run."""
    with transaction.atomic():
        run = runs.start(connection, kind, actor_id=actor.user_id)
        log.record(
            "sync.started",
            actor=actor,
            connection=connection,
            target=connection,
            parameters={"kind": kind, "run": run.pk},
        )
        transaction.on_commit(partial(runs.queue, run.pk))
    return run


def decide(actor: Actor, blocked: SyncPass, *, remove: bool) -> bool:
    """Let a removal happen or keep the rows; False if somebody decided before."""
    with transaction.atomic():
        settle = runs.confirm_sweep if remove else runs.reject
        if not settle(blocked, actor.user_id or 0):
            return False
        connection = blocked.run.connection
        log.record(
            "sync.removal_confirmed" if remove else "sync.removal_refused",
            actor=actor,
            connection=connection,
            target=connection,
            parameters={"family": blocked.family, "rows": blocked.would_remove},
        )
    return True
