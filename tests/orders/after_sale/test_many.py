"""Orders, Azure subscriptions and migrations for many: lists over all customers, dry runs, and what is sent."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers import queries as customers
from customers.models import Customer
from orders.entitled.part import AZURE
from orders.models import AzureSubscription, NceMigration, NceSchedule, Order, Subscription
from portal.access.models import User
from portal.access.scope import Scope
from portal.activity.actors import Actor
from portal.outbox import tasks
from portal.outbox.batches import feeding, steering
from portal.outbox.models import Batch
from tests.customers.users.conftest import Upstream
from tests.orders.after_sale.conftest import Read
from tests.orders.after_sale.world import make_azure, make_migration, make_schedule
from tests.people import Estate, make_order

ClientOf = Callable[[User], Client]


def checked(browser: Client, name: str, *rows: Any, **values: object) -> Batch:
    """Tick rows of a list and have them checked."""
    asked = {"row": [row.pk for row in rows], "valued": "1", **values}
    answer = browser.post(reverse(name), asked)
    assert answer.status_code == 302, answer.content.decode()
    batch = Batch.objects.latest("pk")
    tasks.check_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def told(batch: Batch) -> dict[int, str]:
    """By target: that it can be done, or the code why not."""
    rows = batch.rows.values_list("target_id", "problem")
    return {pk: problem["code"] if problem else "ready" for pk, problem in rows}


def sent(batch: Batch, user: User) -> list[str]:
    """Confirm and deliver; the states of the Commands."""
    ready = batch.rows.filter(state="ready").count()
    steering.start(Actor.for_user(user), Scope.for_user(user), batch, seen=ready)
    feeding.feed(batch.pk)
    commands = list(batch.commands.order_by("pk"))
    for command in commands:
        tasks.deliver(command.pk)
        command.refresh_from_db()
    return [command.state for command in commands]


def test_legacy_subscriptions_are_validated_and_migrated_together(
    customer: Customer, legacy: Subscription, upstream: Upstream, alice: User, client_of: ClientOf
) -> None:
    browser = client_of(alice)
    page = browser.get(reverse("migratable")).content.decode()
    assert legacy.get_absolute_url() in page
    young = Subscription.objects.get(customer=customer, offer_id=legacy.offer_id, quantity=4)
    other = Subscription.objects.filter(customer=customer, product_type="OnlineServicesNCE").first()
    upstream.fault("VALIDATE_MIGRATION", "status", status=503)
    batch = checked(browser, "migrations_start", legacy, young, other, term="P1Y")
    assert (batch.state, batch.rows.filter(state="new").count()) == ("draft", 2)
    tasks.check_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.state == "ready"
    assert told(batch) == {legacy.pk: "ready", young.pk: "not_eligible"}, "others are not listed"
    assert upstream.calls("VALIDATE_MIGRATION") == 3
    assert upstream.calls("CREATE_MIGRATION") == 0
    problem = batch.rows.get(target_id=young.pk).problem
    assert "one month or less" in problem["message"]
    page = browser.get(batch.get_absolute_url()).content.decode()
    assert "Migrate 1 subscription to new commerce now?" in page
    assert sent(batch, alice) == ["succeeded"]
    assert upstream.calls("CREATE_MIGRATION") == 1
    assert upstream.calls("VALIDATE_MIGRATION") == 3, "what was answered counts when it is sent"
    migration = NceMigration.objects.get(subscription=legacy)
    listed = browser.get(reverse("migrations")).content.decode()
    assert migration.get_absolute_url() in listed

    no_day = {"row": legacy.pk, "valued": "1", "when": "day"}
    assert browser.post(reverse("migrations_plan"), no_day).status_code == 422
    again = checked(browser, "migrations_plan", legacy, young, when="renewal")
    assert told(again) == {legacy.pk: "under_way", young.pk: "not_eligible"}
    assert not NceSchedule.objects.exists()
    plan = make_schedule(young)
    over = make_schedule(legacy)
    NceSchedule.objects.filter(pk=over.pk).update(status="completed")
    listed = browser.get(reverse("planned_migrations")).content.decode()
    assert reverse("migration_plans_cancel") in listed
    assert f'{plan.get_absolute_url()}">{young}<' in listed
    given_up = checked(browser, "migration_plans_cancel", plan, over)
    assert told(given_up) == {plan.pk: "ready", over.pk: "over"}


def test_azure_subscriptions_of_all_customers_are_cancelled_and_brought_back(
    customer: Customer,
    estate: Estate,
    upstream: Upstream,
    read: Read,
    alice: User,
    bob: User,
    client_of: ClientOf,
) -> None:
    read(customer, AZURE)
    rows = list(AzureSubscription.objects.order_by("pk"))
    northwind = make_azure(estate.shared_northwind)
    browser, name = client_of(alice), "azure_subscriptions_cancel"
    url = reverse("azure_subscriptions")
    page = browser.get(url).content.decode()
    assert all(f'{row.get_absolute_url()}">{row}<' in page for row in (*rows, northwind))
    assert reverse(name) in page
    seen = client_of(bob).get(url).content.decode()
    assert northwind.get_absolute_url() not in seen
    assert reverse(name) not in seen, "a reseller's salesman may not"
    assert (
        northwind.get_absolute_url() not in browser.get(url, {"q": customer.name}).content.decode()
    )
    unsaid = browser.post(reverse(name), {"row": rows[0].pk, "valued": "1"})
    assert (unsaid.status_code, Batch.objects.count()) == (422, 0)
    AzureSubscription.objects.filter(pk=rows[0].pk).update(status="inactive")
    batch = checked(browser, name, *rows, compromised="on")
    assert told(batch) == {rows[0].pk: "not_active"} | {row.pk: "ready" for row in rows[1:]}
    assert set(sent(batch, alice)) == {"succeeded"}
    assert upstream.calls("CANCEL_AZURE_ENTITLEMENT") == len(rows) - 1
    back = checked(browser, "azure_subscriptions_reactivate", *rows[1:])
    assert set(sent(back, alice)) == {"succeeded"}
    assert (
        not browser.get(url, {"status": "inactive"})
        .content.decode()
        .count(rows[1].get_absolute_url())
    )


def test_orders_are_cancelled_together_where_they_can_be(
    estate: Estate, alice: User, client_of: ClientOf
) -> None:
    browser = client_of(alice)
    empty = browser.get(reverse("orders")).content.decode()
    seen = customers.customers(Scope.for_user(alice)).count()
    assert f"Read so far: 0 of {seen} customers" in empty
    rows = (estate.fabrikam_seats, estate.northwind_seats, estate.direct_seats)
    free, over, seats = map(make_order, rows)
    Order.objects.filter(pk=over.pk).update(status="cancelled")
    Subscription.objects.filter(pk=rows[0].pk).update(
        product_type="Software", cancellation_allowed_until=timezone.now() + dt.timedelta(days=3)
    )
    assert "Read so far" not in browser.get(reverse("orders")).content.decode()
    batch = checked(browser, "orders_cancel", free, over, seats)
    assert told(batch) == {free.pk: "ready", over.pk: "cancelled", seats.pk: "of_subscriptions"}
    page = browser.get(batch.get_absolute_url()).content.decode()
    assert "This order is cancelled already." in page
    assert "Cancel 1 order?" in page
    steering.start(Actor.for_user(alice), Scope.for_user(alice), batch, seen=1)
    feeding.feed(batch.pk)
    command = batch.commands.get()
    assert (command.verb, command.target_id) == ("order.cancel", free.pk)
    line = dict(free.lines[0], offer_id="796b6b5f-613c-4e24-a17c-eba730d49c02")
    Order.objects.filter(pk=seats.pk).update(lines=[line])
    billing = checked(browser, "orders_billing", seats, over, cycle="annual")
    assert told(billing) == {seats.pk: "ready", over.pk: "cancelled"}
    assert billing.rows.get(target_id=seats.pk).after == {"billing_cycle": "annual"}


def test_what_went_to_new_commerce_says_so_in_the_list(
    estate: Estate, alice: User, client_of: ClientOf
) -> None:
    row = estate.direct_seats
    Subscription.objects.filter(pk=row.pk).update(product_type="", unit_type="Licenses")
    make_migration(row)
    page = client_of(alice).get(reverse("migratable")).content.decode()
    assert "Completed" in page
