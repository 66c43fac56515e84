"""The age of a customer that did not change is that of the last reading that could have told a change."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from portal.access.models import User
from portal.mirror import freshness
from portal.mirror.ages import age_of
from tests.people import Estate, make_person

FAMILIES = ("customers", "subscriptions")


@pytest.fixture(autouse=True)
def forgotten(db: None) -> None:
    cache.clear()


def test_an_unchanged_customer_is_as_old_as_the_last_whole_reading_or_followed_change(
    estate: Estate, client_of: Callable[[User], Client]
) -> None:
    now, row = timezone.now(), estate.of_fabrikam
    old = now - dt.timedelta(days=40)
    Customer.objects.filter(pk=row.pk).update(list_observed_at=old)
    row.refresh_from_db()

    def seen() -> dt.datetime | None:
        cache.clear()
        return age_of(row, *FAMILIES)

    assert seen() == old
    whole = now - dt.timedelta(hours=3)
    freshness.note(estate.connection, "customers", [("", whole)])
    assert seen() == old, "the subscriptions shown with it were never read whole"
    freshness.note(estate.connection, "subscriptions", [("", whole + dt.timedelta(minutes=1))])
    assert seen() == whole
    freshness.follow(estate.connection.pk, FAMILIES, now - dt.timedelta(minutes=7))
    assert seen() == now - dt.timedelta(minutes=7)
    cache.clear()
    browser = client_of(make_person("boss", "administrator"))
    page = browser.get(reverse("customer", args=[row.pk])).content.decode()
    shown = page.split('id="age"')[1][:600]
    assert "7 min" in shown
    row.gone_at = now
    assert seen() == old, "what is gone is read no more"
