"""Contact and address of requests that came to nothing do not stay: after a month they are emptied."""

import datetime as dt

from django.db.models import Exists, OuterRef
from django.utils import timezone

from customers.creating.actions import CREATE, TARGET
from customers.models import NewCustomer
from portal.outbox.models import Command
from portal.outbox.states import OPEN

KEPT = dt.timedelta(days=30)


def tidy() -> int:
    """Empty what is older than a month and not under way; how many requests."""
    under_way = Command.objects.filter(
        verb=CREATE, target_type=TARGET, target_id=OuterRef("pk"), state__in=OPEN
    )
    old = NewCustomer.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(details={})
    return old.filter(~Exists(under_way)).update(details={})
