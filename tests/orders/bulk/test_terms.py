"""Next terms, longer terms, billing and automatic renewal for many: what is asked, and what the dry run finds."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from orders import actions
from orders.models import Subscription
from orders.scheduling import alignment
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.lists.intake.reading import unusable
from portal.outbox import tasks
from portal.outbox.batches import feeding, steering
from portal.outbox.models import Batch, Command
from portal.ui import sentences
from tests.orders.renewals.conftest import ending
from tests.people import Estate

ClientOf = Callable[[User], Client]
PRODUCT = "CFQ7TTC0LH16:0001:CFQ7TTC0K18P"
GUID = "6a8f3c9e-0000-4000-8000-00000000000"
SCHEDULED = {"scheduledNextTermInstructions": {"quantity": 3}, "quantity": 3}


def make(estate: Estate, name: str, days: int = 200, **fields: object) -> Subscription:
    """A yearly subscription of ten seats, billed monthly, that renews by itself."""
    told: dict[str, object] = {"auto_renew": True, "quantity": 10, "offer_id": PRODUCT}
    told |= {"term_duration": "P1Y", "billing_cycle": "monthly"}
    return ending(estate, name, days, **(told | fields))


def checked(browser: Client, name: str, **values: object) -> Batch:
    """Select everything and have the rows checked."""
    answer = browser.post(reverse(name), {"all": "1", "query": "", "valued": "1", **values})
    assert answer.status_code == 302, answer.content.decode()
    batch = Batch.objects.latest("pk")
    assert answer["Location"] == batch.get_absolute_url()
    tasks.check_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def found(batch: Batch) -> dict[int, Any]:
    """By subscription: what it would be, or why not."""
    rows = batch.rows.values_list("target_id", "state", "after", "problem")
    return {
        pk: after if state == "ready" else problem["code"] for pk, state, after, problem in rows
    }


def start(batch: Batch, user: User) -> list[Command]:
    """Confirm it as its person; the Commands of the rows that can be done."""
    ready = batch.rows.filter(state="ready").count()
    steering.start(Actor.for_user(user), Scope.for_user(user), batch, seen=ready)
    feeding.feed(batch.pk)
    return list(batch.commands.order_by("target_id"))


def test_next_terms_are_scheduled_for_many_by_total_or_difference(
    estate: Estate, bob: User, client_of: ClientOf
) -> None:
    Subscription.objects.update(gone_at=estate.connection.now())
    one, few = make(estate, "One"), make(estate, "Few", quantity=2)
    ends = make(estate, "Ends", auto_renew=False)
    legacy = make(estate, "Legacy", product_type="")
    browser = client_of(bob)
    empty = browser.post(reverse("subscriptions_schedule"), {"all": "1", "query": ""})
    text = empty.content.decode()
    assert "As each is now" in text
    assert "For all that match" in text
    told = {"all": "1", "query": "", "valued": "1"}
    nothing = browser.post(reverse("subscriptions_schedule"), told)
    assert (nothing.status_code, Batch.objects.count()) == (422, 0)
    wrong = browser.post(reverse("subscriptions_schedule"), told | {"quantity": "many"})
    assert "Write digits only" in wrong.content.decode()

    batch = checked(browser, "subscriptions_schedule", quantity="-3", billing_cycle="annual")
    schedule = {"quantity": 7, "product": PRODUCT, "term": "P1Y", "cycle": "annual"}
    assert found(batch) == {
        one.pk: {"schedule": schedule},
        few.pk: "quantity_too_small",
        ends.pk: "needs_auto_renew",
        legacy.pk: "not_new_commerce",
    }
    page = browser.get(batch.get_absolute_url()).content.decode()
    assert "Change 1 subscription from its next term on?" in page
    assert "7 seats, 1 year" in page
    (command,) = start(batch, bob)
    assert (command.verb, command.after) == (actions.SCHEDULE_CHANGE, {"schedule": schedule})


def test_a_file_brings_next_terms_of_their_own(
    estate: Estate, bob: User, client_of: ClientOf
) -> None:
    one, two = make(estate, "One", pc_id=f"{GUID}1"), make(estate, "Two", pc_id=f"{GUID}2")
    browser = client_of(bob)
    template = browser.get(reverse("subscriptions_schedule_template")).content.decode("utf-8-sig")
    assert template == "Subscription ID,Seats,Term,Billing,Next term ends on\r\n"
    month = alignment.days(Scope.for_user(bob), two, "P1Y")
    day = next(iter(month))
    lines = (
        f"{GUID}1,+5,3 ans,,\n{GUID}2,12,,monthly,{day:%d/%m/%Y}\n"
        f"{GUID}3,1,,,\n{GUID}4,x,,,\n{GUID}5,,P2Y,,\n{GUID}6,,,weekly,\n"
    )
    table = SimpleUploadedFile("next.csv", (template + lines).encode(), content_type="text/csv")
    answer = browser.post(reverse("subscriptions_schedule_file"), {"table": table})
    batch = Batch.objects.get()
    assert answer["Location"] == batch.get_absolute_url()
    assert {unusable(told).line for told in batch.left_out} == {4, 5, 6, 7}
    tasks.check_batch(batch.pk)
    asked = {pk: after["schedule"] for pk, after in found(batch).items()}
    assert (asked[one.pk]["quantity"], asked[one.pk]["term"]) == (15, "P3Y")
    assert (asked[two.pk]["quantity"], asked[two.pk]["ends"]) == (12, day.isoformat())


def test_a_next_term_ends_with_a_month_or_with_another_of_the_customer(
    estate: Estate, bob: User, client_of: ClientOf, api_of: Callable[..., Client]
) -> None:
    row, other = make(estate, "Row", 10), make(estate, "Other", 100)
    monthly = make(estate, "Monthly", 101, term_duration="P1M")
    scope = Scope.for_user(bob)
    days = alignment.days(scope, row, "P1Y")
    assert other.commitment_end_date
    assert monthly.commitment_end_date
    assert row.commitment_end_date
    assert days[other.commitment_end_date.date()] == 1
    assert (
        monthly.commitment_end_date.date() not in days
        or days[monthly.commitment_end_date.date()] == 0
    ), "a year is not aligned with a month"
    longest = alignment.last(row, "P1Y")
    assert longest is not None
    assert all(row.commitment_end_date.date() < day <= longest for day in days)
    url = f"/api/v1/subscriptions/{row.pk}/schedule/"
    caller = api_of(bob, read_only=False)
    alone = next(
        day for day in (longest - dt.timedelta(days=n) for n in range(30)) if day not in days
    )
    for day, code in ((alone, "ends_alone"), (longest + dt.timedelta(days=40), "ends_outside")):
        refused = caller.post(url, {"quantity": 12, "ends": str(day)}, "application/json")
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    browser, place = client_of(bob), reverse("subscription_schedule", args=[row.pk])
    shared = other.commitment_end_date.date()
    assert "with 1 other subscription" in browser.get(place).content.decode()
    wanted = {"seats": 10, "terms": "P1Y|monthly", "ends": str(shared)}
    assert "Next term ends on" in browser.post(place, wanted).content.decode()
    sent = caller.post(url, {"quantity": "+2", "ends": str(shared)}, "application/json")
    assert sent.status_code == 202
    after = Command.objects.get().after["schedule"]
    assert (after["quantity"], after["ends"]) == (12, str(shared))


def test_longer_terms_billing_and_the_switch(
    estate: Estate, bob: User, client_of: ClientOf
) -> None:
    Subscription.objects.update(gone_at=estate.connection.now())
    year = make(estate, "Year")
    held = make(estate, "Held", scheduled_change=SCHEDULED)
    three = make(estate, "Three", term_duration="P3Y")
    market = make(estate, "Market", product_type="SaaS", scheduled_change=None)
    browser = client_of(bob)
    longer = checked(browser, "subscriptions_term", term="P3Y")
    after = {"term_duration": "P3Y", "billing_cycle": "monthly"}
    assert found(longer) == {
        year.pk: after,
        held.pk: "scheduled_change",
        three.pk: "term_same",
        market.pk: "not_new_commerce",
    }
    kept = checked(browser, "subscriptions_term", term="P3Y", keep_schedule="on")
    assert found(kept)[held.pk] == after
    commands = {one.target_id: one for one in start(kept, bob)}
    assert commands[held.pk].parameters["restore"] is True
    assert "restore" not in commands[year.pk].parameters

    seats = checked(browser, "subscriptions_quantity", quantity="+1", keep_schedule="on")
    assert found(seats)[held.pk] == {"quantity": 11}
    billing = checked(browser, "subscriptions_billing", billing_cycle="annual")
    assert found(billing)[three.pk] == {"next_cycle": "annual"}
    assert found(billing)[market.pk] == "not_new_commerce"
    switch = checked(browser, "subscriptions_auto_renew", renews="no")
    assert found(switch) == {
        market.pk: {"auto_renew": False},
        **dict.fromkeys((year.pk, held.pk, three.pk), "no_marketplace"),
    }
    told = switch.rows.get(target_id=year.pk).problem
    assert "Azure Marketplace" in sentences.shown(told)
    (command,) = start(switch, bob)
    assert command.after == {"auto_renew": False}
    Subscription.objects.filter(pk=three.pk).update(product_type="Azure")
    azure = checked(browser, "subscriptions_register")
    assert found(azure)[three.pk] == {"registration": "registered"}
    assert found(azure)[year.pk] == "no_azure"
