"""Creating and changing a connection. Secrets are told as changed or not, never by value."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from portal.activity import log
from portal.activity.actors import Actor
from portal.administration import banners
from portal.connections.accounts import CONFIGURED, save_configuration
from portal.connections.models import Connection
from portal.connections.secrets import MASK

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
