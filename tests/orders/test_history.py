"""The history of a subscription says in a title what changed."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
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
        ({"scheduled_change": {"quantity": 8}}, "Scheduled change"),
    ],
)
def test_one_change_has_the_title_of_its_field(
    estate: Estate, bob: User, changes: dict[str, object], title: str
) -> None:
    row = estate.fabrikam_seats
    Subscription.objects.filter(pk=row.pk).update(refundable_total=0)
    apps.get_model("orders", "SubscriptionEvent").objects.all().delete()
    Subscription.objects.filter(pk=row.pk).update(**changes)
    row.refresh_from_db()
    (event,) = history.of_subscription(Scope.for_user(bob), row)
    assert event.title == title
    assert len(event.rows) == len(changes)


def test_a_schedule_told_in_another_shape_is_no_change(estate: Estate) -> None:
    row = estate.fabrikam_seats
    for values in ({"refundable_total": 0}, {"scheduled_change": {"actionType": "RenewToNewTerm"}}):
        Subscription.objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()
    assert history.of_subscription(Scope.system(), row) == []


def test_a_subscription_as_it_was_on_a_day(
    estate: Estate,
    bob: User,
    charlie: User,
    client_of: Callable[[User], Client],
    api_of: Callable[..., Client],
) -> None:
    row, now = estate.fabrikam_seats, timezone.now()
    known = now - dt.timedelta(days=30)
    Subscription.objects.filter(pk=row.pk).update(first_seen_at=known)
    Customer.objects.filter(pk=row.customer_id).update(first_seen_at=known)
    row.customer.reseller_links.update(first_seen_at=now - dt.timedelta(days=18))
    Subscription.objects.filter(pk=row.pk).update(
        quantity=12, refundable_total=2, scheduled_change={"quantity": 8}
    )
    events = apps.get_model("orders", "SubscriptionEvent").objects
    events.update(pgh_created_at=now - dt.timedelta(days=10))
    today = timezone.localdate()

    def seats(days: int) -> str | None:
        told = history.state_on(Scope.system(), subscription, today - dt.timedelta(days=days))
        return None if told is None else dict(told)["Seats"]

    subscription = Subscription.objects.select_related("customer").get(pk=row.pk)
    assert [seats(days) for days in (-5, 0, 10, 11, 29, 31)] == ["12", "12", "12", "10", "10", None]
    state = dict(history.state_on(Scope.system(), subscription, today) or [])
    assert state["Scheduled change"] == "8 seats"
    earlier = history.state_on(Scope.system(), subscription, today - dt.timedelta(days=11))
    assert "Scheduled change" not in dict(earlier or []), "nobody had read it yet"
    url = reverse("subscription_history", args=[row.pk])
    page = client_of(bob).get(url, {"on": (today - dt.timedelta(days=11)).isoformat()})
    assert "<dd>10</dd>" in page.content.decode()
    early = client_of(bob).get(url, {"on": (today - dt.timedelta(days=20)).isoformat()})
    assert "Not known here before" in early.content.decode(), "another sold to it then"
    assert client_of(bob).get(url, {"on": "never"}).status_code == 200
    assert client_of(charlie).get(url).status_code == 404
    api = f"/api/v1/subscriptions/{row.pk}/history/"
    assert api_of(bob).get(api, {"on": today.isoformat()}).json()["state"]["Seats"] == "12"
    assert api_of(bob).get(api).status_code == 400
    assert api_of(charlie).get(api, {"on": today.isoformat()}).status_code == 404
