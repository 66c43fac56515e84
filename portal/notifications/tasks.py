"""What the queue runs: send one mail, the sweep that makes a lost queue harmless, the daily mails."""

from celery import shared_task
from django.utils import timezone

from portal.notifications import digests, outbound


@shared_task(name="portal.notifications.tasks.send_mail")
def send_mail(mail_id: int) -> None:
    """Send one mail; nothing happens if it is sent, not due, or in other hands."""
    outbound.send(mail_id)


@shared_task(name="portal.notifications.tasks.sweep")
def sweep() -> int:
    """Find mails that nobody takes; how many were woken."""
    return outbound.sweep()


@shared_task(name="portal.notifications.tasks.start_digests")
def start_digests() -> int:
    """Find the people whose daily mail is due; how many there are. What is lost is found again."""
    found = digests.due(timezone.now())
    for user_id in found:
        write_digest.delay(user_id)
    return len(found)


@shared_task(name="portal.notifications.tasks.write_digest")
def write_digest(user_id: int) -> None:
    """Write one person's daily mail, unless it is written."""
    digests.write(user_id, timezone.now())
