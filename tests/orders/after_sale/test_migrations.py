"""Legacy to new commerce: checked, migrated, planned, changed, given up, and followed to the end."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from orders.models import NceMigration, NceSchedule, Subscription
from orders.to_new_commerce import rules
from orders.to_new_commerce.part import MIGRATIONS, SCHEDULES
from portal.access.models import User
from portal.access.refusing import RefusedError
from portal.mirror import hooks
from portal.outbox.models import Command
from tests.customers.users.conftest import Upstream
from tests.orders.after_sale.conftest import Confirm, Read, look_again
from tests.orders.after_sale.world import make_migration, make_schedule, make_transfer
from tests.people import Estate

ClientOf = Callable[[User], Client]
STORAGE = "53fc25f7-6639-4f78-bb44-3c2dfec3ed40"  # Office 365 Extra File Storage
PLAN = {"term": "P1Y", "cycle": "monthly", "quantity": "15"}


def test_it_is_checked_migrated_once_and_followed_to_its_end(
    customer: Customer,
    legacy: Subscription,
    upstream: Upstream,
    read: Read,
    alice: User,
    client_of: ClientOf,
    confirm: Confirm,
    answered: Callable[[], None],
) -> None:
    browser = client_of(alice)
    url = reverse("subscription_migrate", args=[legacy.pk])
    assert url in browser.get(legacy.get_absolute_url()).content.decode()
    check = reverse("migration_check", args=[legacy.pk])
    assert "being asked" in browser.post(check, PLAN).content.decode()
    young = Subscription.objects.get(customer=customer, offer_id=legacy.offer_id, quantity=4)
    barred = reverse("migration_check", args=[young.pk])
    browser.post(barred, PLAN)
    answered()
    assert "CFQ7TTC0LF8R:0001" in browser.post(check, PLAN).content.decode()
    assert "one month or less" in browser.post(barred, PLAN).content.decode()
    wrong = browser.post(url, PLAN | {"cycle": "triennial", "when": "now"})
    assert (wrong.status_code, "longer than the term" in wrong.content.decode()) == (422, True)
    upstream.fault("CREATE_MIGRATION", "lost_reply")
    command = confirm(alice, url, PLAN | {"when": "now"})
    assert command.state == "in_doubt"
    look_again(command)
    assert command.state == "succeeded"
    assert upstream.calls("CREATE_MIGRATION") == 1
    assert (upstream.calls("VALIDATE_MIGRATION"), upstream.calls("LIST_MIGRATIONS")) == (2, 1)
    row = NceMigration.objects.get(subscription=legacy)
    assert (row.status, row.quantity) == ("processing", 15)
    upstream.emulator.clock.advance(6 * 60)
    read(customer, MIGRATIONS, "subscriptions")
    row.refresh_from_db()
    legacy.refresh_from_db()
    assert (row.status, legacy.status) == ("completed", "deleted")
    made = Subscription.objects.get(pc_id=row.new_pc_id)
    page = browser.get(row.get_absolute_url()).content.decode()
    assert made.get_absolute_url() in page
    events = reverse("migration_events", args=[row.pk])
    browser.post(events)
    answered()
    assert "Migration completed" in browser.post(events).content.decode()
    told = browser.post(f"/api/v1/migrations/{row.pk}/follow/").json()
    assert (told["waits"], told["status"]) == (False, "completed")
    assert told["events"][-1]["name"] == "MigrationCompleted"
    assert (upstream.calls("GET_MIGRATION"), upstream.calls("LIST_MIGRATION_EVENTS")) == (1, 1)
    refused = confirm(
        alice, reverse("subscription_migrate", args=[young.pk]), PLAN | {"when": "now"}
    )
    assert (refused.state, refused.error["code"]) == ("failed", "900226")
    young.promotion_id = "39NFJQT1PJQB:0001:39NFJQT1Q5KN"
    with pytest.raises(RefusedError):
        rules.may_migrate(young)


def test_its_add_ons_go_along(
    customer: Customer,
    legacy: Subscription,
    upstream: Upstream,
    read: Read,
    alice: User,
    client_of: ClientOf,
    confirm: Confirm,
) -> None:
    order = f"/v1/customers/{customer.pc_id}/orders/{legacy.order_pc_id}"
    line = {"offerId": STORAGE, "parentSubscriptionId": legacy.pc_id, "quantity": 2}
    assert upstream.api.patch(order, {"lineItems": [line]}).status == 200
    read(customer, "subscriptions")
    addon = Subscription.objects.get(parent_pc_id=legacy.pc_id)
    url = reverse("subscription_migrate", args=[legacy.pk])
    told = client_of(alice).post(url, PLAN | {"when": "now"}).content.decode()
    assert "Its add-ons go along: Office 365 Extra File Storage." in told
    assert "seven days" not in told, "until when is Partner Center's word"
    command = confirm(alice, url, PLAN | {"when": "now"})
    assert command.state == "succeeded"
    follow = reverse("customer_migrations", args=[customer.pk])
    change = client_of(alice).get(command.get_absolute_url()).content.decode()
    assert f'<a class="btn mt-2" href="{follow}">' in change
    upstream.emulator.clock.advance(6 * 60)
    read(customer, "subscriptions")
    addon.refresh_from_db()
    assert addon.status == "deleted"
    made = Subscription.objects.get(customer=customer, offer_name=addon.offer_name, status="active")
    assert (made.quantity, made.product_type) == (2, "OnlineServicesNCE")
    alone = client_of(alice).get(reverse("subscription_migrate", args=[addon.pk]))
    assert alone.status_code == 422


def test_it_is_planned_changed_and_given_up(
    customer: Customer,
    legacy: Subscription,
    upstream: Upstream,
    read: Read,
    alice: User,
    client_of: ClientOf,
    confirm: Confirm,
) -> None:
    url = reverse("subscription_migrate", args=[legacy.pk])
    past = client_of(alice).post(url, PLAN | {"when": "day", "day": "2020-01-01"})
    assert (past.status_code, "from tomorrow on" in past.content.decode()) == (422, True)
    assert confirm(alice, url, PLAN | {"when": "renewal"}).state == "succeeded"
    row = NceSchedule.objects.get(subscription=legacy)
    assert (row.status, row.on_renewal, row.target_date) == ("created", True, None)
    day = (timezone.now() + dt.timedelta(days=20)).date()
    change = reverse("migration_schedule_change", args=[row.pk])
    values = PLAN | {"quantity": "12", "when": "day", "day": day.isoformat()}
    assert confirm(alice, change, values).state == "succeeded"
    row.refresh_from_db()
    assert row.target_date is not None
    assert (row.quantity, row.on_renewal, row.target_date.date()) == (12, False, day)
    assert confirm(alice, reverse("migration_schedule_cancel", args=[row.pk])).state == "succeeded"
    read(customer, SCHEDULES)
    row.refresh_from_db()
    assert row.status == "cancelled"
    named = ("SCHEDULE_MIGRATION", "UPDATE_MIGRATION_SCHEDULE", "CANCEL_MIGRATION_SCHEDULE")
    assert [upstream.calls(name) for name in named] == [1, 1, 1]
    assert upstream.calls("GET_MIGRATION_SCHEDULE") == 2, "before each change"
    assert upstream.calls("LIST_MIGRATION_SCHEDULES") == 1
    over = client_of(alice).get(change)
    assert (over.status_code, "is over" in over.content.decode()) == (422, True)
    tab = client_of(alice).get(reverse("customer_migrations", args=[customer.pk]))
    assert row.get_absolute_url() in tab.content.decode()


def test_a_reseller_sees_its_own_and_the_api_does_the_same(
    estate: Estate, bob: User, charlie: User, client_of: ClientOf, api_of: Callable[..., Client]
) -> None:
    legacy = estate.fabrikam_seats
    row, plan = make_migration(legacy), make_schedule(legacy)
    assert client_of(bob).get(row.get_absolute_url()).status_code == 200
    assert client_of(charlie).get(row.get_absolute_url()).status_code == 404
    assert client_of(charlie).get(plan.get_absolute_url()).status_code == 404
    caller = api_of(bob, read_only=False)
    query = {"customer": estate.of_fabrikam.pk}
    for name, one in (("migrations", row), ("planned-migrations", plan)):
        rows = caller.get(f"/api/v1/{name}/", query).json()["results"]
        assert [found["id"] for found in rows] == [one.pk]
        assert api_of(charlie).get(f"/api/v1/{name}/").json()["results"] == []
    base = f"/api/v1/subscriptions/{legacy.pk}/"
    sent = {"term": "P1Y", "cycle": "monthly", "quantity": 5}
    waits = caller.post(f"{base}check-migration/", sent, "application/json").json()
    assert (waits["waits"], waits["eligible"]) == (True, None)
    assert caller.post(f"{base}migrate/", sent, "application/json").status_code == 202
    base = f"/api/v1/planned-migrations/{plan.pk}/"
    now = caller.post(f"{base}change/", sent, "application/json")
    assert now.json()["code"] == "when"
    later = sent | {"when": "renewal"}
    assert caller.post(f"{base}change/", later, "application/json").status_code == 202
    assert caller.post(f"{base}cancel/", {}, "application/json").status_code == 202
    assert Command.objects.count() == 3


def test_what_is_known_of_a_customer_ends_with_it(estate: Estate) -> None:
    rows = [
        make_migration(estate.fabrikam_seats),
        make_schedule(estate.fabrikam_seats),
        make_transfer(estate.of_fabrikam),
    ]
    Customer.objects.filter(pk=estate.of_fabrikam.pk).update(gone_at=timezone.now())
    hooks.changed("customers", estate.connection, [estate.of_fabrikam.pk])
    for row in rows:
        row.refresh_from_db()
        assert row.gone_at is not None
