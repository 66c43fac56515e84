"""What the clock starts."""

from celery import shared_task

from orders.renewals.alerts import telling


@shared_task(name="orders.renewals.alerts.tasks.tell")
def tell() -> int:
    """Tell people what is new; how many things."""
    return telling.tell()
