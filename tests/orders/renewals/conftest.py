"""Subscriptions of Fabrikam's customer whose terms end at different times."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from orders.models import Subscription
from tests.people import Estate, make_subscription

CANCEL = {"scheduleType": "TermEnd", "actionType": "Cancel", "source": "scheduledActions"}


@pytest.fixture(autouse=True)
def fresh_numbers() -> None:
    """Numbers of the room are kept for a minute; tests look sooner."""
    cache.clear()


def midnight(days: int) -> dt.datetime:
    """The beginning of a day from now on in UTC, as last days are told."""
    today = timezone.now().astimezone(dt.UTC).date()
    return dt.datetime.combine(today + dt.timedelta(days=days), dt.time(), dt.UTC)


def ending(estate: Estate, name: str, days: int, **fields: object) -> Subscription:
    """A new-commerce subscription of Fabrikam's customer whose last day is in so many days; its detail was read."""
    row = make_subscription(estate.of_fabrikam, estate.fabrikam, name)
    told = {
        "product_type": "OnlineServicesNCE",
        "effective_start_date": midnight(days - 364),
        "creation_date": midnight(days - 364),
        "commitment_end_date": midnight(days),
        "detail_observed_at": timezone.now(),
    }
    for field, value in (told | fields).items():
        setattr(row, field, value)
    row.save()
    return row


@pytest.fixture
def soon(estate: Estate) -> Subscription:
    """It renews by itself in five days."""
    return ending(estate, "Soon", 5)
