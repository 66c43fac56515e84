"""Incremental runs: what the audit records and the calendar touched, and nothing else."""

import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from customers.models import Customer, ResellerLink
from orders.models import Subscription
from portal.activity.models import AuditRecord
from portal.connections.models import Connection
from portal.mirror import dirty, families, refresh, rereading, runs, schedule, tasks
from portal.mirror.fetching import Pool
from portal.mirror.freshness import complete_at
from portal.mirror.models import DirtyMark, RawPage, RunState, SyncPass, SyncRun
from portal.partnercenter.errors import UpstreamUnavailable
from portal.partnercenter.wire import Ask
from tests.factories import (
    guid,
    make_customer,
    make_subscription,
    store,
    wire_subscription_detail,
)
from tests.mirror.conftest import numbers
from tests.mirror.world import World

Sync = Callable[..., SyncRun]


def change(world: World, customer: str, subscription: str, quantity: int) -> None:
    """Change a quantity upstream, as somebody else would, with its audit record."""
    row = world.subscriptions[customer][subscription]
    old = dict(row)
    row["quantity"] = quantity
    world.record(
        customerId=customer,
        resourceType="subscription",
        operationType="update_subscription",
        resourceOldValue=json.dumps({"Id": old["id"], "Quantity": old["quantity"]}),
        resourceNewValue=json.dumps({"Id": row["id"], "Quantity": quantity}),
    )


def test_what_the_records_touch_is_read_and_nothing_else(world: World, sync: Sync) -> None:
    ids = world.estate(5, 2)
    sync()
    for number in range(4):
        change(world, ids[number], guid(f"subscription S{number}.0"), 20 + number)
    world.calls.clear()
    run = sync("changes")
    assert run.state == RunState.SUCCEEDED
    assert numbers(run, "subscriptions") == (0, 4, 0, 0)
    assert Subscription.objects.get(friendly_name="S3.0").quantity == 23
    assert world.asked("GET_SUBSCRIPTION") == 4
    assert len(world.calls) == 5, "one page of records and one read for each change"
    assert not DirtyMark.objects.filter(priority__gte=0).exists()


def test_rows_stand_for_the_moment_up_to_which_changes_were_followed(
    world: World, sync: Sync, connection: Connection
) -> None:
    world.estate(2, 1)
    full = sync()
    read = complete_at("subscriptions")
    assert read is not None
    assert read >= full.started_at
    run = sync("changes")
    assert complete_at("customers") == complete_at("subscriptions") == run.started_at > read
    # Nothing tells of resellers but their own list.
    assert complete_at("resellers") < run.started_at


def test_without_the_records_nothing_was_followed(world: World, sync: Sync) -> None:
    world.estate(2, 1)
    sync()
    read = complete_at("subscriptions")
    sync("changes", ["subscriptions"])
    assert complete_at("subscriptions") == read


def test_many_records_of_one_resource_cost_one_read(world: World, sync: Sync) -> None:
    ids = world.estate(1, 1)
    sync()
    for quantity in range(20, 30):
        change(world, ids[0], guid("subscription S0.0"), quantity)
    world.calls.clear()
    sync("changes")
    assert world.asked("GET_SUBSCRIPTION") == 1
    assert Subscription.objects.get().quantity == 29
    world.calls.clear()
    sync("changes")
    assert world.asked("GET_SUBSCRIPTION") == 0, "records that are known touch nothing again"
    assert AuditRecord.objects.count() == 10
    assert RawPage.objects.count() == 1, "a page is kept only if it brought something new"


def test_a_full_run_does_not_read_again_what_its_lists_show(world: World, sync: Sync) -> None:
    ids = world.estate(1, 1)
    old = (timezone.now() - dt.timedelta(days=3)).isoformat()
    world.record(
        operationDate=old,
        customerId=ids[0],
        resourceType="subscription",
        operationType="update_subscription",
        resourceNewValue=json.dumps({"Id": guid("subscription S0.0")}),
    )
    sync()
    assert AuditRecord.objects.count() == 1
    assert not DirtyMark.objects.filter(priority__gte=0).exists()


def test_new_customers_arrive_with_their_reseller_and_subscriptions(
    world: World, sync: Sync
) -> None:
    world.estate(1, 1)
    reseller = world.reseller("Fabrikam", "111")
    sync()
    pc_id = world.customer("Newcomer")
    world.sold_by[reseller].append(pc_id)
    key = world.subscription(pc_id, "First")
    world.record(customerId=pc_id, resourceType="customer", operationType="add_customer")
    lines = {"Id": "order", "LineItems": [{"SubscriptionId": key}]}
    world.record(
        customerId=pc_id,
        resourceType="order",
        operationType="create_order",
        resourceNewValue=json.dumps(lines),
    )
    run = sync("changes")
    assert run.state == RunState.SUCCEEDED
    assert numbers(run, "customers") == (1, 0, 0, 0)
    assert ResellerLink.objects.get(customer__name="Newcomer").reseller.name == "Fabrikam"
    row = Subscription.objects.get(pc_id=key)
    assert (row.customer.name, row.reseller.name) == ("Newcomer", "Fabrikam")


def test_customers_that_go_take_their_rows_along(world: World, sync: Sync) -> None:
    ids = world.estate(2, 2)
    sync()
    del world.customers[ids[0]]
    world.record(
        customerId=ids[0],
        resourceType="customer",
        operationType="remove_partner_customer_relationship",
    )
    run = sync("changes")
    assert numbers(run, "customers") == (0, 0, 0, 1)
    assert Customer.objects.exclude(gone_at=None).get().pc_id == ids[0]
    assert Subscription.objects.exclude(gone_at=None).count() == 2


def test_a_failed_operation_touches_nothing(world: World, sync: Sync) -> None:
    ids = world.estate(1, 1)
    sync()
    world.record(
        customerId=ids[0],
        resourceType="subscription",
        operationType="update_subscription",
        operationStatus="failed",
        resourceNewValue=json.dumps({"Id": guid("subscription S0.0")}),
    )
    world.calls.clear()
    sync("changes")
    assert len(world.calls) == 1


def test_dates_reached_are_read_again(world: World, sync: Sync, connection: Connection) -> None:
    ids = world.estate(1, 3)
    now = timezone.now()
    due = world.subscriptions[ids[0]][guid("subscription S0.1")]
    due["commitmentEndDate"] = (now + dt.timedelta(hours=1)).isoformat()
    sync()
    due["effectiveStartDate"] = due["commitmentEndDate"]
    due["commitmentEndDate"] = (now + dt.timedelta(days=366)).isoformat()
    world.calls.clear()
    sync("changes")
    assert world.asked("GET_SUBSCRIPTION") == 0, "not yet"
    # Partner Center's clock is two hours on: the term has ended there.
    Connection.objects.update(clock_offset=7200.0)
    sync("changes")
    assert world.asked("GET_SUBSCRIPTION") == 1
    found = Subscription.objects.get(friendly_name="S0.1")
    assert found.commitment_end_date > now + dt.timedelta(days=300)


def test_what_has_ended_is_looked_at_again_when_it_moves_on(
    connection: Connection,
) -> None:
    customer = make_customer(connection, "Adatum")
    now = timezone.now()
    ended = (now - dt.timedelta(days=30)).isoformat()
    expired = make_subscription(customer, "Expired", status="expired", commitmentEndDate=ended)
    make_subscription(customer, "Active", status="active", commitmentEndDate=ended)
    due = families.get("subscriptions").dates_due
    due(connection, now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    assert DirtyMark.objects.get().key == expired.pc_id


def test_a_mark_set_while_its_resource_is_read_survives(
    world: World, connection: Connection
) -> None:
    ids = world.estate(1, 1)
    key = guid("subscription S0.0")
    dirty.mark(connection, "subscriptions", [(ids[0], key)], reason="audit")
    (mark,) = dirty.due(connection, "subscriptions", 10)
    dirty.mark(connection, "subscriptions", [(ids[0], key)], reason="audit")
    dirty.settle([mark])
    assert DirtyMark.objects.get().version == 2
    dirty.settle(dirty.due(connection, "subscriptions", 10))
    assert not DirtyMark.objects.exists()


def test_the_higher_priority_stays(connection: Connection) -> None:
    target = [("customer", "key")]
    dirty.mark(connection, "subscriptions", target, reason="viewed", priority=dirty.VIEWED)
    dirty.mark(connection, "subscriptions", target, reason="unread", priority=dirty.BACKGROUND)
    assert DirtyMark.objects.get().priority == dirty.VIEWED


def test_a_read_that_fails_waits_with_its_reason(world: World, sync: Sync) -> None:
    ids = world.estate(1, 1)
    sync()
    change(world, ids[0], guid("subscription S0.0"), 99)

    def down(_ask: Ask) -> None:
        raise UpstreamUnavailable("try later", status=503, correlation_id="abc")

    world.faults["GET_SUBSCRIPTION"] = down
    assert sync("changes").state == RunState.SUCCEEDED
    mark = DirtyMark.objects.get(family="subscriptions")
    assert (mark.attempts, mark.error["correlation_id"]) == (1, "abc")
    assert mark.not_before > timezone.now()
    assert world.asked("GET_SUBSCRIPTION") == 1, "not tried again in the same run"
    assert complete_at("subscriptions") < complete_at("customers"), "one row is older"
    world.faults.clear()
    DirtyMark.objects.update(not_before=None)
    sync("changes")
    assert Subscription.objects.get().quantity == 99


# --- refresh now --------------------------------------------------------------------------------


def test_refresh_reads_one_resource(world: World, sync: Sync, connection: Connection) -> None:
    ids = world.estate(1, 2)
    sync()
    key = guid("subscription S0.1")
    world.details[key] = {"refundableQuantity": {"totalQuantity": 3, "details": []}}
    mark = refresh.request(connection, "subscriptions", key, parent=ids[0])
    world.calls.clear()
    tasks.refresh_one(mark.pk)
    assert [name for name, _ in world.calls] == ["GET_SUBSCRIPTION"]
    assert Subscription.objects.get(pc_id=key).refundable_total == 3
    assert not DirtyMark.objects.filter(priority=dirty.VIEWED).exists()
    tasks.refresh_one(mark.pk)
    assert len(world.calls) == 1, "a task that comes twice reads once"


def test_refresh_of_a_list_removes_what_it_lacks(
    world: World, sync: Sync, connection: Connection
) -> None:
    ids = world.estate(2, 2)
    sync()
    before = complete_at("subscriptions", parent=ids[0])
    del world.subscriptions[ids[0]][guid("subscription S0.0")]
    mark = refresh.request(connection, "subscriptions", "", parent=ids[0])
    tasks.refresh_one(mark.pk)
    assert Subscription.objects.exclude(gone_at=None).get().friendly_name == "S0.0"
    assert complete_at("subscriptions", parent=ids[0]) > before


def test_refresh_does_not_believe_an_empty_list(
    world: World, sync: Sync, connection: Connection
) -> None:
    ids = world.estate(1, 8)
    sync()
    world.subscriptions[ids[0]] = {}
    mark = refresh.request(connection, "subscriptions", "", parent=ids[0])
    tasks.refresh_one(mark.pk)
    assert not Subscription.objects.exclude(gone_at=None).exists()
    mark.refresh_from_db()
    assert mark.error["code"] == "TooMany"


def test_refresh_of_what_is_gone_says_so(world: World, sync: Sync, connection: Connection) -> None:
    ids = world.estate(1, 1)
    sync()
    key = guid("subscription S0.0")
    del world.subscriptions[ids[0]][key]
    mark = refresh.request(connection, "subscriptions", key, parent=ids[0])
    tasks.refresh_one(mark.pk)
    assert Subscription.objects.get().gone_at is not None


# --- details ------------------------------------------------------------------------------------


def test_details_are_wanted_where_they_matter(
    world: World, sync: Sync, connection: Connection, settings: Settings
) -> None:
    # What is read by age has tests of its own.
    settings.MIRROR_AGED_PER_MINUTE = 0
    ids = world.estate(1, 3)
    recent = world.subscriptions[ids[0]][guid("subscription S0.1")]
    recent["effectiveStartDate"] = (timezone.now() - dt.timedelta(days=2)).isoformat()
    sync()
    wanted = DirtyMark.objects.filter(family="subscriptions")
    assert [mark.key for mark in wanted] == [recent["id"]]
    world.subscriptions[ids[0]][guid("subscription S0.2")]["quantity"] = 44
    sync()
    assert {mark.key for mark in wanted.all()} == {recent["id"], guid("subscription S0.2")}
    # They wait for spare budget: a run for changes leaves them alone.
    world.calls.clear()
    sync("changes")
    assert world.asked("GET_SUBSCRIPTION") == 0
    assert schedule.drip(connection) == 3
    assert not wanted.all().exists()


def test_details_within_the_budget_of_a_full_run(
    world: World, sync: Sync, settings: Settings
) -> None:
    settings.MIRROR_DETAILS_PER_PASS = 2
    world.estate(5, 0)
    sync()
    assert world.asked("GET_CUSTOMER") == 2
    assert DirtyMark.objects.filter(family="customers").count() == 3


def test_a_detail_of_a_later_reading_is_not_wanted_again(
    world: World, connection: Connection
) -> None:
    row = make_subscription(
        make_customer(connection, "Adatum"),
        "Seats",
        effectiveStartDate=timezone.now().isoformat(),
    )
    store(
        "subscriptions",
        connection,
        wire_subscription_detail("Seats"),
        parent=row.customer_pc_id,
        detail=True,
    )
    families.get("subscriptions").details_due(connection, timezone.now())
    assert not DirtyMark.objects.filter(family="subscriptions").exists()


# --- the clock ----------------------------------------------------------------------------------


def test_the_clock_starts_what_is_due(world: World, sync: Sync, connection: Connection) -> None:
    world.estate(1, 0)
    assert schedule.start_due() == [], "the first sync is a person's step"
    sync()
    (run_id,) = schedule.start_due()
    assert SyncRun.objects.get(pk=run_id).kind == "changes"
    assert schedule.start_due() == [], "one at a time"
    assert schedule.stalled() == [run_id]
    SyncRun.objects.filter(pk=run_id).update(state="succeeded")
    assert schedule.start_due() == [], "not due again yet"
    SyncRun.objects.update(started_at=timezone.now() - dt.timedelta(hours=25))
    (run_id,) = schedule.start_due()
    assert SyncRun.objects.get(pk=run_id).kind == "full"
    SyncRun.objects.filter(pk=run_id).update(state="failed")
    SyncRun.objects.update(started_at=timezone.now() - dt.timedelta(hours=25))
    Connection.objects.update(problem_at=timezone.now())
    assert schedule.start_due() == [], "a refused connection is left alone"


def test_a_task_works_one_slice_and_queues_the_next(
    world: World, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[int] = []
    monkeypatch.setattr("portal.mirror.runs.queue", queued.append)
    monkeypatch.setattr(tasks, "SLICE", -1.0)
    world.estate(3, 0)
    world.page_size = 2
    run = runs.start(connection, "full", ["customers"])
    tasks.run_slice(run.pk)
    assert queued == [run.pk]
    tasks.run_slice(run.pk)
    run.refresh_from_db()
    assert SyncPass.objects.get(run=run).fetched == 3
    tasks.run_slice(987654)
    assert queued == [run.pk], "a run that is done or unknown queues nothing"


def test_reading_marks_holds_no_transaction_open(world: World, connection: Connection) -> None:
    ids = world.estate(1, 1)
    dirty.mark(connection, "subscriptions", [(ids[0], guid("subscription S0.0"))], reason="audit")
    with Pool(connection) as pool:
        reader = rereading.Reader(connection, families.get("subscriptions"), pool)
        (batch,) = reader.batches(dirty.due(connection, "subscriptions", 10))
        assert not Subscription.objects.exists(), "nothing is written while reading"
        rereading.keep(connection, families.get("subscriptions"), batch)
    assert Subscription.objects.count() == 1
