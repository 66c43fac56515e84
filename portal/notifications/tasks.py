"""What the queue runs: send one mail, and the sweep that makes a lost queue harmless."""

from celery import shared_task

from portal.notifications import outbound


@shared_task(name="portal.notifications.tasks.send_mail")
def send_mail(mail_id: int) -> None:
    """Send one mail; nothing happens if it is sent, not due, or in other hands."""
    outbound.send(mail_id)


@shared_task(name="portal.notifications.tasks.sweep")
def sweep() -> int:
    """Find mails that nobody takes; how many were woken."""
    return outbound.sweep()
