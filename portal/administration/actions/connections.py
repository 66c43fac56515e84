"""Creating, changing and retiring a connection. Secrets are told as changed or not, never by value."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from portal.activity import log
from portal.activity.actors import Actor
from portal.administration import banners
from portal.connections import accounts
from portal.connections.accounts import CONFIGURED, save_configuration
from portal.connections.models import RETIRED, Connection
from portal.connections.secrets import MASK
from portal.mirror import runs
from portal.mirror.models import RunState, SyncRun
from portal.outbox import commands
from portal.outbox.models import Command
from portal.outbox.states import CANCELLABLE, State

SECRET = "client_secret"  # noqa: S105 - the name of a field


def snapshot(connection: Connection) -> dict[str, Any]:
    """Give what a person configured, as the log may keep it."""
    values = {name: getattr(connection, name) for name in CONFIGURED}
    values[SECRET] = MASK if connection.client_secret else ""
    return values


def create(actor: Actor, connection: Connection) -> None:
    """Save a new connection, validated by the caller."""
    with transaction.atomic():
        save_configuration(connection, CONFIGURED)
        log.record(
            "connection.created",
            actor=actor,
            connection=connection,
            target=connection,
            after=snapshot(connection),
        )
        transaction.on_commit(banners.forget)


def change(
    actor: Actor, connection: Connection, before: Mapping[str, Any], changed: Iterable[str]
) -> None:
    """Save changes, validated by the caller. ``before`` is the snapshot taken ahead of them."""
    names = [name for name in CONFIGURED if name in set(changed)]
    if not names:
        return
    after = snapshot(connection)
    with transaction.atomic():
        save_configuration(connection, names)
        _record_mode(actor, connection, before)
        others = [name for name in names if name != "mode"]
        if others:
            _record_change(actor, connection, before, after, others)
        transaction.on_commit(banners.forget)


class UnsettledError(Exception):
    """Changes are on their way whose outcome only Partner Center can tell; ``str`` says so."""


def retire(actor: Actor, connection: Connection) -> None:
    """End a connection for good. What has not left is cancelled, runs end, rows and activity stay.

    Raises UnsettledError while a change is being sent or in doubt: nobody could settle it any more.
    """
    before = snapshot(connection)
    with transaction.atomic():
        cancelled = _take_back(actor, connection)
        accounts.retire(connection, actor.email)
        _end_runs(connection)
        log.record(
            "connection.retired",
            actor=actor,
            connection=connection,
            target=connection,
            parameters={"cancelled": cancelled},
            before=before,
            after=snapshot(connection),
        )
        transaction.on_commit(banners.forget)


def _take_back(actor: Actor, connection: Connection) -> int:
    """Cancel what has not left, the newest first, so that none is let go by the end of another."""
    waiting = Command.objects.filter(connection=connection, state__in=CANCELLABLE).order_by("-pk")
    cancelled = sum(commands.take_back(actor, command) for command in waiting)
    left = Command.objects.filter(connection=connection, state__in=(State.SENDING, State.IN_DOUBT))
    if number := left.count():
        raise UnsettledError(
            ngettext(
                "%(n)s change is being sent or in doubt. Settle it first, under Changes.",
                "%(n)s changes are being sent or in doubt. Settle them first, under Changes.",
                number,
            )
            % {"n": number}
        )
    return cancelled


def _end_runs(connection: Connection) -> None:
    """Stop what is being read; whoever works on it finds no sign-in any more."""
    going_on = SyncRun.objects.filter(connection=connection, state__in=runs.ACTIVE)
    ended = {"code": RETIRED, "message": "", "correlation_id": ""}
    going_on.update(state=RunState.FAILED, finished_at=timezone.now(), error=ended)


def _record_mode(actor: Actor, connection: Connection, before: Mapping[str, Any]) -> None:
    """The mode decides what may leave the portal, so its change has a line of its own."""
    if before["mode"] == connection.mode:
        return
    log.record(
        "connection.mode_changed",
        actor=actor,
        connection=connection,
        target=connection,
        parameters={"from": before["mode"], "to": connection.mode},
        before={"mode": before["mode"]},
        after={"mode": connection.mode},
    )


def _record_change(
    actor: Actor,
    connection: Connection,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    names: list[str],
) -> None:
    log.record(
        "connection.changed",
        actor=actor,
        connection=connection,
        target=connection,
        parameters={"new_secret": SECRET in names},
        before={name: before[name] for name in names if name != SECRET},
        after={name: after[name] for name in names if name != SECRET},
    )
