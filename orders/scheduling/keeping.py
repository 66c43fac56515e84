"""The schedule that a suspension has deleted: it is offered again when the subscription is reactivated."""

from orders.models import Subscription
from orders.scheduling import schedules
from orders.scheduling.schedules import Schedule
from portal.outbox.models import Command
from portal.outbox.states import State

SUSPEND = "subscription.suspend"


def left_by_suspension(subscription: Subscription) -> Schedule | None:
    """What was scheduled when the subscription was suspended from here; None if nothing was kept. One query."""
    if schedules.told(subscription.scheduled_change) is not None:
        return None
    rows = Command.objects.filter(
        verb=SUSPEND,
        target_type="subscription",
        target_id=subscription.pk,
        state=State.SUCCEEDED,
    )
    found = rows.order_by("-pk").values_list("parameters", flat=True).first()
    kept: Schedule | None = (found or {}).get("schedule")
    return kept
