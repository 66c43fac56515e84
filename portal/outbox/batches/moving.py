"""How a batch moves from one state to the next: once, whoever comes second is told."""

from django.utils.translation import gettext as _

from portal.activity.actors import Actor
from portal.outbox import commands
from portal.outbox.commands import OvertakenError
from portal.outbox.models import Batch, BatchRow, Command
from portal.outbox.states import CANCELLABLE


def moved(batch: Batch, target: str, among: tuple[str, ...], **fields: object) -> bool:
    """Move the batch into ``target`` if it is in one of ``among``; False if it no longer is."""
    if not Batch.objects.filter(pk=batch.pk, state__in=among).update(state=target, **fields):
        return False
    batch.refresh_from_db()
    return True


def move(batch: Batch, target: str, among: tuple[str, ...], **fields: object) -> None:
    """The same for a person. Raises OvertakenError."""
    if not moved(batch, target, among, **fields):
        raise OvertakenError(
            _("This batch has moved on meanwhile. The page shows where it is now.")
        )


def stop(actor: Actor, batch: Batch) -> None:
    """Rows not yet asked are skipped, Commands that have not left are taken back."""
    open_rows = batch.rows.filter(state__in=(BatchRow.State.NEW, BatchRow.State.READY))
    open_rows.filter(command=None).update(state=BatchRow.State.SKIPPED)
    open_rows.exclude(command=None).update(state=BatchRow.State.ASKED)
    for command in _cancellable(batch):
        commands.take_back(actor, command)


def _cancellable(batch: Batch) -> list[Command]:
    rows = batch.commands.filter(state__in=CANCELLABLE)
    return list(rows.select_related("connection", "actor").order_by("pk"))
