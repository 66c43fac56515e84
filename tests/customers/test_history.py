"""A customer as it was on a day: the old rows that the trigger keeps, told as states and as changes."""

import datetime as dt
from collections.abc import Callable

from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.history import past
from customers.models import Customer
from portal.access.models import User
from portal.access.scope import Scope
from tests.people import Estate


def rename(customer: Customer, name: str, days_ago: int) -> None:
    """Another name, as a sync that many days ago would have brought it."""
    customer.name = name
    customer.save()
    model = apps.get_model("customers", "CustomerEvent")
    newest = model.objects.filter(pgh_obj_id=customer.pk).order_by("-pgh_id").first()
    assert newest is not None, "the trigger kept the old row"
    moment = timezone.now() - dt.timedelta(days=days_ago)
    model.objects.filter(pk=newest.pk).update(pgh_created_at=moment)


def name_on(customer: Customer, days_ago: int) -> str | None:
    state = past.state_on(
        Scope.system(), customer, timezone.localdate() - dt.timedelta(days=days_ago)
    )
    return None if state is None else dict(state)["Name"]


def test_the_name_on_each_day_and_nothing_before_it_was_known(
    estate: Estate, bob: User, charlie: User, client_of: Callable[[User], Client]
) -> None:
    customer = estate.of_fabrikam
    known = timezone.now() - dt.timedelta(days=30)
    Customer.objects.filter(pk=customer.pk).update(first_seen_at=known)
    customer.reseller_links.update(first_seen_at=timezone.now() - dt.timedelta(days=18))
    customer.refresh_from_db()
    rename(customer, "Adatum Group", 20)
    rename(customer, "Adatum Holding", 10)
    assert [name_on(customer, days) for days in (0, 10, 11, 20, 21, 31)] == [
        "Adatum Holding",
        "Adatum Holding",
        "Adatum Group",
        "Adatum Group",
        "Adatum",
        None,
    ]
    told = [event.rows for event in past.events(Scope.system(), customer)]
    assert told == [
        [("Name", "Adatum Group", "Adatum Holding")],
        [("Name", "Adatum", "Adatum Group")],
    ]
    url = reverse("customer_history", args=[customer.pk])
    day = timezone.localdate() - dt.timedelta(days=15)
    page = client_of(bob).get(url, {"on": day.isoformat()}).content.decode()
    assert "<dd>Adatum Group</dd>" in page
    longer = client_of(bob).get(url, {"on": (day - dt.timedelta(days=5)).isoformat()})
    assert "Not known here before" in longer.content.decode(), "another sold to it then"
    assert (
        "<dd>Adatum Holding</dd>" in client_of(bob).get(url, {"on": "9999-12-31"}).content.decode()
    )
    assert [event.rows for event in past.events(Scope.for_user(bob), customer)] == told[:1]
    early = client_of(bob).get(url, {"on": "2001-01-01"}).content.decode()
    assert "Not known here before" in early
    assert client_of(bob).get(url, {"on": "never"}).status_code == 200
    assert client_of(charlie).get(url).status_code == 404


def test_the_api_tells_a_day(estate: Estate, bob: User, api_of: Callable[..., Client]) -> None:
    url = f"/api/v1/customers/{estate.of_fabrikam.pk}/history/"
    today = timezone.localdate().isoformat()
    assert api_of(bob).get(url, {"on": today}).json()["state"]["Name"] == "Adatum"
    assert api_of(bob).get(url, {"on": "2001-01-01"}).json()["state"] is None
    assert api_of(bob).get(url).status_code == 400


def test_the_first_reading_of_details_is_no_change(estate: Estate) -> None:
    customer = estate.of_fabrikam
    long_ago = timezone.now() - dt.timedelta(days=30)
    Customer.objects.filter(pk=customer.pk).update(country="", first_seen_at=long_ago)
    apps.get_model("customers", "CustomerEvent").objects.all().delete()
    customer.refresh_from_db()
    customer.country, customer.city, customer.language = "FR", "Lyon", "fr"
    customer.save()
    assert past.events(Scope.system(), customer) == []
    customer.city = "Paris"
    customer.save()
    (event,) = past.events(Scope.system(), customer)
    assert event.rows == [("City", "Lyon", "Paris")]
