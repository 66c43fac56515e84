"""What the queue runs for the Settings pages."""

from celery import shared_task

from portal.administration.actions import consent


@shared_task(name="portal.administration.tasks.redeem_consent")
def redeem_consent(attempt_id: int) -> None:
    """Exchange the code of one consent; nothing happens if another worker took it."""
    consent.redeem(attempt_id)
