"""What the queue runs for customers."""

from celery import shared_task

from customers.creating import tidying


@shared_task(name="customers.tasks.tidy")
def tidy() -> int:
    """Empty the requests for customers that came to nothing; how many."""
    return tidying.tidy()
