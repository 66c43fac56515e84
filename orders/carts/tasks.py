"""What the queue runs for carts."""

from celery import shared_task

from orders.carts import following


@shared_task(name=following.FOLLOW)
def follow(cart_id: int) -> None:
    """Look for what came of a checkout."""
    following.look(cart_id)


@shared_task(name="orders.carts.tasks.follow_due")
def follow_due() -> int:
    """Look for those whose own task was lost; how many."""
    found = following.due()
    for cart_id in found:
        following.look(cart_id)
    return len(found)
