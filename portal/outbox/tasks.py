"""What the queue runs: one Command, and the sweep that makes a lost queue harmless."""

from celery import shared_task

from portal.outbox import engine, sweeping


@shared_task(name="portal.outbox.tasks.deliver")
def deliver(command_id: int) -> None:
    """Work on one Command; nothing happens if it is settled, not due, or in other hands."""
    engine.deliver(command_id)


@shared_task(name="portal.outbox.tasks.sweep")
def sweep() -> int:
    """Find what nobody works on and wake a worker for it; how many were woken."""
    return sweeping.sweep()
