"""What only get-by-id tells: until it is read the pages say so, and have it read; then they name the schedule."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.models import Subscription
from portal.access.models import User
from portal.mirror import dirty
from portal.mirror.models import DirtyMark
from portal.outbox.models import Command
from portal.partnercenter.errors import BadAnswer
from tests.people import Estate, make_order

ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
UNKNOWN = "is not known yet"


@pytest.fixture
def row(estate: Estate) -> Subscription:
    """As a listing leaves it."""
    found = estate.fabrikam_seats
    found.product_type = "OnlineServicesNCE"
    found.save()
    assert found.detail_observed_at is None
    return found


def known(row: Subscription, schedule: dict[str, object] | None = None) -> None:
    row.detail_observed_at = timezone.now()
    row.refundable_lots = []
    row.scheduled_change = schedule
    row.save()


def url(name: str, row: Subscription) -> str:
    return reverse(f"subscription_{name}", args=[row.pk])


def test_the_loaded_page_has_the_detail_read_and_looking_at_it_does_not(
    row: Subscription, bob: User, client_of: ClientOf
) -> None:
    text = client_of(bob).get(row.get_absolute_url()).content.decode()
    assert UNKNOWN in text
    assert f'hx-post="{url("detail", row)}"' in text
    assert 'hx-trigger="load"' in text
    assert DirtyMark.objects.count() == 0, "a GET changes nothing"


def test_it_is_asked_once_and_waited_for(row: Subscription, bob: User, client_of: ClientOf) -> None:
    client = client_of(bob)
    for _page in range(2):
        text = client.post(url("detail", row), {"place": "page"}, headers=HTMX).content.decode()
        assert "is being asked" in text
        assert f'hx-get="{url("detail_status", row)}?place=page"' in text
    mark = DirtyMark.objects.get()
    assert (mark.key, mark.priority, mark.version) == (row.pc_id, dirty.VIEWED, 1)


def test_without_javascript_it_leads_back_to_the_page(
    row: Subscription, bob: User, client_of: ClientOf
) -> None:
    answer = client_of(bob).post(url("detail", row), {"again": "1"})
    assert (answer.status_code, answer["Location"]) == (302, row.get_absolute_url())


def test_an_auditor_is_told_and_asks_nothing(
    row: Subscription, auditor: User, client_of: ClientOf
) -> None:
    client = client_of(auditor)
    text = client.get(row.get_absolute_url()).content.decode()
    assert UNKNOWN in text
    assert url("detail", row) + '"' not in text
    assert client.post(url("detail", row), headers=HTMX).status_code == 403
    assert DirtyMark.objects.count() == 0


def test_an_outsider_learns_nothing(row: Subscription, charlie: User, client_of: ClientOf) -> None:
    client = client_of(charlie)
    assert client.post(url("detail", row), headers=HTMX).status_code == 404
    assert client.get(url("detail_status", row)).status_code == 404


def test_a_failed_reading_is_told_and_can_be_asked_again(
    row: Subscription, bob: User, client_of: ClientOf
) -> None:
    client = client_of(bob)
    client.post(url("detail", row), headers=HTMX)
    DirtyMark.objects.update(
        error={"code": "Unreachable", "kind": "Unreachable", "message": "no route"}
    )
    text = client.get(url("detail_status", row)).content.decode()
    assert "could not be read" in text
    assert "The service cannot be reached. Nothing was sent." in text
    assert "no route" in text
    assert "hx-trigger" not in text
    client.post(url("detail", row), headers=HTMX)
    assert DirtyMark.objects.get().version == 1, "a page that loads does not try again by itself"
    client.post(url("detail", row), {"again": "1"}, headers=HTMX)
    assert DirtyMark.objects.get().version == 2


def test_a_page_does_not_wait_for_ever(row: Subscription, bob: User, client_of: ClientOf) -> None:
    client = client_of(bob)
    client.post(url("detail", row), headers=HTMX)
    DirtyMark.objects.update(marked_at="2020-01-01T00:00:00Z")
    text = client.get(url("detail_status", row)).content.decode()
    assert "No worker took the request" in text
    assert "hx-trigger" not in text


@pytest.mark.parametrize(
    ("verb", "query", "told"),
    [
        ("quantity", {"quantity": "+5"}, True),
        ("suspend", {}, True),
        ("term_end", {"choice": "cancel"}, True),
        ("rename", {"name": "Other"}, False),
    ],
)
def test_a_panel_says_that_a_schedule_is_not_known_of(
    row: Subscription,
    bob: User,
    client_of: ClientOf,
    verb: str,
    query: dict[str, str],
    *,
    told: bool,
) -> None:
    text = client_of(bob).get(url(verb, row), query, headers=HTMX).content.decode()
    assert (UNKNOWN in text) is told
    known(row)
    text = client_of(bob).get(url(verb, row), query, headers=HTMX).content.decode()
    assert UNKNOWN not in text


def test_once_read_the_page_names_a_schedule_that_could_not_be_put_back_in_place_of_the_field(
    row: Subscription, bob: User, client_of: ClientOf
) -> None:
    client = client_of(bob)
    lost = {"scheduleType": "CustomDate", "actionType": "Transition", "effectiveDate": "2027-01-01"}
    known(row, {"quantity": 7, "source": "scheduledActions", **lost})
    page = client.get(row.get_absolute_url()).content.decode()
    assert "A change is scheduled (7 seats" in page
    assert 'name="quantity"' not in page
    assert UNKNOWN not in page
    known(row, {"quantity": 7, "source": "scheduledNextTermInstructions"})
    page = client.get(row.get_absolute_url()).content.decode()
    assert 'name="quantity"' in page, "asked of its panel, it is put back"
    panel = client.get(url("detail_status", row), {"place": "panel"}).content.decode()
    assert "A change is scheduled (7 seats" in panel
    assert "hx-trigger" not in panel
    assert Command.objects.count() == 0


def test_once_read_the_page_loads_what_is_known(
    row: Subscription, bob: User, client_of: ClientOf
) -> None:
    known(row)
    text = client_of(bob).get(url("detail_status", row)).content.decode()
    assert f'hx-get="{row.get_absolute_url()}"' in text
    assert 'hx-target="#main"' in text
    panel = client_of(bob).get(url("detail_status", row), {"place": "panel"}).content.decode()
    assert "nothing is scheduled" in panel


def test_a_reading_that_failed_is_told_with_code_and_correlation_until_one_succeeds(
    row: Subscription, bob: User, client_of: ClientOf
) -> None:
    known(row)
    client = client_of(bob)
    client.post(url("refresh", row))
    mark = DirtyMark.objects.get()
    assert "last reading failed" not in client.get(row.get_absolute_url()).content.decode()
    error = BadAnswer("no JSON but <b>HTML</b>", correlation_id="cafe-1")
    dirty.postpone(mark, error)
    text = client.get(row.get_absolute_url()).content.decode()
    assert (
        "The last reading failed: The answer did not come from Partner Center, or only in part. · BadAnswer · no JSON but &lt;b&gt;HTML"
        in text
    )
    assert "cafe-1" in text
    mark.delete()
    assert "last reading failed" not in client.get(row.get_absolute_url()).content.decode()


def test_a_script_has_a_subscription_and_an_order_read_again(
    estate: Estate, bob: User, api_of: Any
) -> None:
    row, order = estate.fabrikam_seats, make_order(estate.fabrikam_seats)
    api = api_of(bob, read_only=False)
    for path in (f"subscriptions/{row.pk}", f"orders/{order.pk}"):
        asked = api.post(f"/api/v1/{path}/read/")
        assert (asked.status_code, asked.json()["reading"]) == (202, True)
    marks = DirtyMark.objects.all()
    assert {mark.family for mark in marks} == {"subscriptions", "orders"}
    error = {"code": "20003", "message": "gone", "status": 404, "correlation_id": "c-7"}
    marks.update(error=error)
    told = api.get(f"/api/v1/subscriptions/{row.pk}/read/").json()
    assert (told["reading"], told["observed_at"]) == (False, None)
    assert "Partner Center does not know this subscription." in told["problem"]
    assert "c-7" in told["problem"]
    other = estate.northwind_seats.pk
    assert api.post(f"/api/v1/subscriptions/{other}/read/").status_code == 404
