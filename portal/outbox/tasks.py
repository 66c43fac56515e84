"""What the queue runs: one Command, a batch's next slice or portion, and the sweep that makes a lost queue harmless."""

from celery import shared_task

from portal.outbox import engine, secrets, sweeping
from portal.outbox.batches import checking, feeding


@shared_task(name="portal.outbox.tasks.deliver")
def deliver(command_id: int) -> None:
    """Work on one Command; nothing happens if it is settled, not due, or in other hands."""
    command = engine.deliver(command_id)
    if command is not None and command.batch_id is not None:
        feeding.top_up(command.batch_id)


@shared_task(name="portal.outbox.tasks.check_batch")
def check_batch(batch_id: int) -> None:
    """Check a batch's rows for one slice, without sending anything."""
    checking.check(batch_id)


@shared_task(name="portal.outbox.tasks.feed_batch")
def feed_batch(batch_id: int) -> None:
    """Ask the next rows of a running batch."""
    feeding.feed(batch_id)


@shared_task(name="portal.outbox.tasks.sweep")
def sweep() -> int:
    """Find what nobody works on and wake a worker for it; how many were woken."""
    return sweeping.sweep()


@shared_task(name="portal.outbox.tasks.forget_secrets")
def forget_secrets() -> int:
    """Delete the passwords that nobody has read in time; how many."""
    return secrets.forget()
