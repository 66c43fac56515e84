"""Activity entries of a batch: what a person did with it as a whole. Each row's Command tells its own."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.activity import kinds, log
from portal.activity.actors import Actor
from portal.connections.models import Connection
from portal.outbox.approvals.models import BatchApproval, named
from portal.outbox.models import Batch

EVENTS = {
    "captured": (_("Batch {batch} prepared: {rows} rows"), "requested"),
    "started": (_("Batch {batch} started: {rows} changes"), "requested"),
    "paused": (_("Batch {batch} paused"), "done"),
    "resumed": (_("Batch {batch} resumed"), "requested"),
    "cancelled": (_("Batch {batch}: the rest was cancelled"), "cancelled"),
    "retried": (_("Batch {batch}: {rows} failed changes tried again"), "requested"),
    "finished": (_("Batch {batch} finished: {rows} changes"), "confirmed"),
    "held": (
        _("Batch {batch} waits for a second person: {rows} changes, {seats} seats"),
        "requested",
    ),
    "held_by_rule": (
        _(
            "Batch {batch} waits for a second person (rule {rule}, version {version}):"
            " {rows} changes, {seats} seats"
        ),
        "requested",
    ),
    "approved": (_("Batch {batch} approved: {rows} changes"), "approved"),
    "approved_by_rule": (
        _("Batch {batch} approved (rule {rule}, version {version}): {rows} changes"),
        "approved",
    ),
    "declined": (_("Batch {batch} declined, nothing more is sent"), "cancelled"),
    "declined_by_rule": (
        _("Batch {batch} declined (rule {rule}, version {version}), nothing more is sent"),
        "cancelled",
    ),
    "expired": (_("Batch {batch} expired, nobody approved it in time"), "cancelled"),
    "expired_by_rule": (
        _("Batch {batch} expired, nobody approved it in time (rule {rule}, version {version})"),
        "cancelled",
    ),
}


def register_kinds() -> None:
    """Enter the kinds; called from OutboxConfig.ready."""
    for event, (words, outcome) in EVENTS.items():
        kinds.kind(f"batch.{event}", words, outcome=outcome)


def decided(approval: BatchApproval, event: str, actor: Actor) -> None:
    """What became of the wait for a second person; the entry names the rule and its version."""
    rule = named(approval)
    told = {"seats": approval.seats, **rule}
    record(approval.batch, f"{event}_by_rule" if rule else event, actor, approval.rows, told)


def record(
    batch: Batch,
    event: str,
    actor: Actor,
    rows: int | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Add the entry in the caller's transaction, where the batch's rows all lie."""
    places = set(batch.rows.values_list("connection_id", "reseller_id").distinct()[:2])
    connection_id, reseller_id = places.pop() if len(places) == 1 else (None, None)
    told: dict[str, Any] = {"batch": batch.pk, "verb": batch.verb, **(more or {})}
    told["rows"] = batch.rows.count() if rows is None else rows
    log.record(
        f"batch.{event}",
        actor=actor,
        connection=_connection(batch, connection_id),
        reseller_id=reseller_id,
        target=("batch", batch.pk, f"{batch.label} {batch.pk}"),
        parameters=told,
    )


def _connection(batch: Batch, connection_id: int | None) -> Any:
    """The one connection of all rows, None if there are several."""
    if connection_id is None and len(batch.connection_ids) != 1:
        return None
    found = connection_id or batch.connection_ids[0]
    return Connection.objects.filter(pk=found).first()
