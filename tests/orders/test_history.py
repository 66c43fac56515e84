"""The history of a subscription says in a title what changed, and how it was on a day."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from orders import history
from orders.models import Subscription
from portal.access.models import User
from portal.access.scope import Scope
from tests.people import Estate


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"quantity": 12}, "Seats changed"),
        ({"status": "suspended"}, "Status changed"),
        ({"friendly_name": "Other"}, "Renamed"),
        ({"promotion_id": "X"}, "Promotion"),
        ({"quantity": 12, "status": "suspended"}, "Several values"),
    ],
)
def test_one_change_has_the_title_of_its_field(
    estate: Estate, bob: User, changes: dict[str, object], title: str
) -> None:
    row = estate.fabrikam_seats
    Subscription.objects.filter(pk=row.pk).update(**changes)
    row.refresh_from_db()
    (event,) = history.of_subscription(Scope.for_user(bob), row)
    assert event.title == title
    assert len(event.rows) == len(changes)


def change(row: Subscription, days_ago: int, **fields: object) -> None:
    """Other values, as a sync that many days ago would have brought them."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    old = apps.get_model("orders", "SubscriptionEvent").objects.filter(pgh_obj_id=row.pk)
    newest = old.order_by("-pgh_id").first()
    assert newest is not None
    moment = timezone.now() - dt.timedelta(days=days_ago)
    old.filter(pk=newest.pk).update(pgh_created_at=moment)


def test_it_is_told_as_it_was_on_a_day(
    estate: Estate, bob: User, charlie: User, alice: User, client_of: Any, api_of: Any
) -> None:
    row = estate.fabrikam_seats
    known = timezone.now() - dt.timedelta(days=60)
    Subscription.objects.filter(pk=row.pk).update(
        first_seen_at=known, product_type="OnlineServicesNCE", auto_renew=True, refundable_total=0
    )
    apps.get_model("orders", "SubscriptionEvent").objects.all().delete()
    row.refresh_from_db()
    change(row, 50, reseller=estate.northwind, quantity=11)
    change(row, 30, reseller=estate.fabrikam, quantity=12)
    later = {"scheduleType": "TermEnd", "actionType": "RenewToNewTerm", "quantity": 20}
    change(row, 20, scheduled_change=later)
    change(row, 10, scheduled_change={"scheduleType": "TermEnd", "actionType": "Cancel"})
    url, api = f"/subscriptions/{row.pk}/history/", f"/api/v1/subscriptions/{row.pk}/history/"

    def on(user: User, days_ago: int) -> dict[str, str] | None:
        day = timezone.localdate() - dt.timedelta(days=days_ago)
        state: dict[str, str] | None = (
            api_of(user).get(api, {"on": day.isoformat()}).json()["state"]
        )
        return state

    now = on(bob, 0)
    assert now is not None
    assert (now["Seats"], now["At the end of the term"]) == ("12", "Cancel at the end of the term")
    earlier = on(bob, 15)
    assert earlier is not None
    assert earlier["Scheduled for the next term"] == "20 seats"
    assert earlier["At the end of the term"] == "Renew for another term"
    whole = on(alice, 40)
    assert whole is not None
    assert whole["Seats"] == "11"
    assert on(bob, 40) is None, "another reseller had it then"
    assert on(bob, 55) is None
    assert on(alice, 70) is None
    assert api_of(charlie).get(api, {"on": "2026-01-01"}).status_code == 404
    assert api_of(bob).get(api).status_code == 400
    day = (timezone.localdate() - dt.timedelta(days=15)).isoformat()
    page = client_of(bob).get(url, {"on": day}).content.decode()
    assert "<dd>20 seats</dd>" in page
    assert "Scheduled change" in page
    assert url in client_of(bob).get(row.get_absolute_url()).content.decode()
