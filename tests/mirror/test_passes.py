"""Full runs: everything arrives, what vanished is gone, faults write nothing wrong."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.utils import timezone

from customers.models import Customer, ResellerLink
from orders.models import Subscription
from portal.access.models import Reseller, ResellerMpn
from portal.connections.models import Connection
from portal.mirror import dirty, fetching, freshness, runs, verifying
from portal.mirror.freshness import complete_at
from portal.mirror.models import (
    DirtyMark,
    Freshness,
    PassState,
    RunState,
    Seen,
    SyncPass,
    SyncRun,
)
from portal.partnercenter.errors import (
    BadAnswer,
    ConsentNeeded,
    Forbidden,
    NoAnswer,
    PartnerError,
    PermissionMissing,
    UpstreamUnavailable,
)
from portal.partnercenter.wire import Ask
from tests.factories import guid
from tests.mirror.conftest import numbers
from tests.mirror.world import World, expired

Sync = Callable[..., SyncRun]


def at(run: SyncRun, family: str) -> SyncPass:
    return SyncPass.objects.get(run=run, family=family)


def test_a_full_run_fills_everything(world: World, sync: Sync, connection: Connection) -> None:
    ids = world.estate(3, 2)
    world.reseller("Fabrikam", "111", (ids[0], ids[1]))
    world.page_size = 2
    run = sync()
    assert run.state == RunState.SUCCEEDED
    assert numbers(run, "customers") == (3, 0, 0, 0)
    assert numbers(run, "subscriptions") == (6, 0, 0, 0)
    assert Customer.objects.count() == 3
    assert Subscription.objects.filter(customer__isnull=False).count() == 6
    assert Reseller.objects.get().name == "Fabrikam"
    assert ResellerMpn.objects.get().mpn_id == "111"
    assert ResellerLink.objects.filter(customer__isnull=False, reseller__isnull=False).count() == 2
    assert Subscription.objects.filter(reseller__name="Fabrikam").count() == 4
    assert not Seen.objects.exists(), "the books of the sweep are closed"
    whole = Freshness.objects.get(family="subscriptions", parent="")
    assert whole.complete_at == at(run, "subscriptions").started_at
    assert Freshness.objects.filter(family="subscriptions").exclude(parent="").count() == 3
    # Relationships take one list for each reseller, not one call for each customer.
    assert world.asked("LIST_CUSTOMERS_OF_RESELLER") == 1
    assert world.asked("LIST_RESELLERS_OF_CUSTOMER") == 0


def test_a_second_run_writes_nothing(world: World, sync: Sync) -> None:
    world.estate(3, 2)
    sync()
    run = sync()
    assert numbers(run, "customers") == (0, 0, 3, 0)
    assert numbers(run, "subscriptions") == (0, 0, 6, 0)


def test_single_rows_vanish_and_come_back(world: World, sync: Sync) -> None:
    ids = world.estate(3, 2)
    sync()
    kept = world.subscriptions[ids[0]].pop(guid("subscription S0.1"))
    gone = world.customers.pop(ids[2])
    run = sync()
    assert run.state == RunState.SUCCEEDED
    assert Customer.objects.get(pc_id=ids[2]).gone_at == at(run, "customers").started_at
    lost = set(Subscription.objects.exclude(gone_at=None).values_list("friendly_name", flat=True))
    assert lost == {"S0.1", "S2.0", "S2.1"}, "and what belonged to the customer that went"
    world.subscriptions[ids[0]][kept["id"]] = kept
    world.customers[ids[2]] = gone
    sync()
    assert not Customer.objects.exclude(gone_at=None).exists()
    assert not Subscription.objects.exclude(gone_at=None).exists()


@pytest.mark.parametrize("left", [0, 13])
def test_a_short_listing_removes_nothing_by_itself(world: World, sync: Sync, left: int) -> None:
    world.estate(20, 1)
    sync()
    everything = dict(world.customers)
    world.customers = dict(list(everything.items())[:left])
    run = sync()
    one = at(run, "customers")
    assert (run.state, one.state, one.would_remove) == (
        RunState.BLOCKED,
        PassState.BLOCKED,
        20 - left,
    )
    assert not Customer.objects.exclude(gone_at=None).exists()
    assert not Subscription.objects.exclude(gone_at=None).exists()
    assert Freshness.objects.get(family="customers", parent="").complete_at < one.started_at


def test_one_parents_empty_list_is_not_believed(world: World, sync: Sync) -> None:
    ids = world.estate(20, 8)
    sync()
    world.subscriptions[ids[3]] = {}
    run = sync()
    assert at(run, "subscriptions").state == PassState.BLOCKED
    assert not Subscription.objects.exclude(gone_at=None).exists()


def test_a_person_confirms_the_removal(
    world: World, sync: Sync, django_capture_on_commit_callbacks: Any
) -> None:
    world.estate(20, 1)
    sync()
    world.customers = {}
    run = sync()
    one = at(run, "customers")
    with django_capture_on_commit_callbacks() as queued:
        assert runs.confirm_sweep(one, actor_id=9)
        assert not runs.confirm_sweep(one, actor_id=9), "decided once"
    assert len(queued) == 1
    assert runs.work(run, time.monotonic() + 30) is runs.Slice.FINISHED
    one.refresh_from_db()
    assert (one.state, one.gone, one.decided_by_id) == (PassState.DONE, 20, 9)
    assert Customer.objects.filter(gone_at=None).count() == 0


def test_a_person_refuses_the_removal(world: World, sync: Sync) -> None:
    world.estate(20, 1)
    sync()
    world.customers = {}
    run = sync()
    assert runs.reject(at(run, "customers"), actor_id=9)
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    assert Customer.objects.filter(gone_at=None).count() == 20
    runs.forget_rejected()
    assert not Seen.objects.exists()


def test_a_newer_listing_replaces_the_question(world: World, sync: Sync) -> None:
    world.estate(20, 1)
    sync()
    everything, world.customers = world.customers, {}
    blocked = sync()
    world.customers = everything
    assert sync().state == RunState.SUCCEEDED
    assert at(blocked, "customers").state == PassState.SUPERSEDED
    assert not runs.confirm_sweep(at(blocked, "customers"), actor_id=9)


def test_keys_lost_in_a_crash_start_the_pass_again(
    world: World, sync: Sync, connection: Connection
) -> None:
    world.estate(20, 0)
    sync()
    world.page_size = 10
    run = runs.start(connection, "full", ["customers"])
    runs.work(run, time.monotonic() - 1)
    assert at(run, "customers").cursor["page"] == {"token": "10"}
    Seen.objects.all().delete()
    while runs.work(run, time.monotonic() + 30) is runs.Slice.MORE:
        pass
    run.refresh_from_db()
    assert (run.state, at(run, "customers").restarts) == (RunState.SUCCEEDED, 1)
    assert not Customer.objects.exclude(gone_at=None).exists()


def test_a_slice_goes_on_where_the_last_one_ended(world: World, connection: Connection) -> None:
    world.estate(6, 0)
    world.page_size = 2
    run = runs.start(connection, "full", ["customers"])
    for _ in range(2):
        assert runs.work(run, time.monotonic() - 1) is runs.Slice.MORE
    assert Customer.objects.count() == 4
    assert runs.work(run, time.monotonic() + 30) is runs.Slice.FINISHED
    assert Customer.objects.count() == 6
    assert world.asked("LIST_CUSTOMERS") == 3, "no page was read twice"


def test_parents_already_read_are_not_read_again(world: World, connection: Connection) -> None:
    world.estate(12, 1)
    run = runs.start(connection, "full", ["customers", "subscriptions"])
    halfway = iter([True] * 6)
    real = fetching.Pool.each

    def short(self: Any, items: Any, work: Any, _go_on: Any = None, **how: Any) -> Any:
        return real(self, items, work, lambda: next(halfway, False), **how)

    checks = iter([True] * 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetching.Pool, "each", short)
        patch.setattr("portal.mirror.work.Work.more", lambda _self: next(checks, False))
        assert runs.work(run, time.monotonic() + 30) is runs.Slice.MORE
    assert Subscription.objects.count() == 6
    assert complete_at("subscriptions") is None
    while runs.work(run, time.monotonic() + 30) is runs.Slice.MORE:
        pass
    asked = [path["customer_id"] for name, path in world.calls if name == "LIST_SUBSCRIPTIONS"]
    assert sorted(asked) == sorted(set(asked))
    assert Subscription.objects.count() == 12


def test_an_expired_continuation_restarts_only_that_listing(world: World, sync: Sync) -> None:
    world.estate(6, 1)
    world.page_size = 4
    refusals = iter([True])

    def once(ask: Ask) -> None:
        if ask.token is not None and next(refusals, False):
            expired(ask)

    world.faults["LIST_CUSTOMERS"] = once
    run = sync()
    assert run.state == RunState.SUCCEEDED
    assert at(run, "customers").restarts == 1
    assert Customer.objects.filter(gone_at=None).count() == 6
    assert Subscription.objects.count() == 6


@pytest.mark.parametrize("error", [BadAnswer("the answer is an HTML page"), NoAnswer("cut short")])
def test_a_bad_page_writes_nothing_and_postpones_the_run(
    world: World, connection: Connection, error: Exception
) -> None:
    world.estate(6, 0)
    world.page_size = 4

    def bad(ask: Ask) -> None:
        if ask.token is not None:
            raise error

    world.faults["LIST_CUSTOMERS"] = bad
    run = runs.start(connection, "full", ["customers"])
    assert runs.work(run, time.monotonic() + 30) is runs.Slice.LATER
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    assert run.not_before > timezone.now()
    assert run.error["kind"] == type(error).__name__
    assert Customer.objects.count() == 4, "the good page stays"
    assert runs.work(run, time.monotonic() + 30) is runs.Slice.BUSY, "not before its time"
    SyncRun.objects.update(not_before=None)
    world.faults.clear()
    assert runs.work(run, time.monotonic() + 30) is runs.Slice.FINISHED
    assert Customer.objects.filter(gone_at=None).count() == 6


def test_a_source_that_stays_bad_parks_with_a_clear_error(
    world: World, connection: Connection
) -> None:
    def down(_ask: Ask) -> None:
        raise UpstreamUnavailable("Service Unavailable", status=503, correlation_id="abc")

    world.faults["LIST_CUSTOMERS"] = down
    run = runs.start(connection, "full", ["customers"])
    for _ in range(runs.ATTEMPTS):
        assert runs.work(run, time.monotonic() + 30) is runs.Slice.LATER
        SyncRun.objects.update(not_before=None)
    assert runs.work(run, time.monotonic() + 30) is runs.Slice.FINISHED
    run.refresh_from_db()
    one = at(run, "customers")
    assert (run.state, one.state) == (RunState.FAILED, PassState.FAILED)
    assert (one.error["status"], one.error["correlation_id"]) == (503, "abc")


def test_one_list_that_cannot_be_read_leaves_the_rest_stored(world: World, sync: Sync) -> None:
    ids = world.estate(5, 1)

    def closed(ask: Ask) -> None:
        if ask.path["customer_id"] == ids[2]:
            raise Forbidden("no GDAP role", status=403, code="900308")

    world.faults["LIST_SUBSCRIPTIONS"] = closed
    run = sync()
    one = at(run, "subscriptions")
    assert (run.state, one.state) == (RunState.FAILED, PassState.FAILED)
    assert (one.error["parent"], one.error["code"], one.error["failed"]) == (ids[2], "900308", 1)
    assert Subscription.objects.count() == 4
    assert complete_at("subscriptions") is None
    assert complete_at("subscriptions", parent=ids[0]) is not None


def test_a_transient_failure_of_one_list_is_tried_again(world: World, sync: Sync) -> None:
    ids = world.estate(5, 1)
    failures = iter([True, True])

    def shaky(ask: Ask) -> None:
        if ask.path["customer_id"] == ids[2] and next(failures, False):
            raise NoAnswer("reset")

    world.faults["LIST_SUBSCRIPTIONS"] = shaky
    assert sync().state == RunState.SUCCEEDED
    assert Subscription.objects.count() == 5


def test_a_customer_that_goes_meanwhile_is_marked_and_passed_over(
    world: World, connection: Connection
) -> None:
    ids = world.estate(3, 1)
    run = runs.start(connection, "full", ["customers", "subscriptions"])
    real = world._list_customers

    def then_gone(ask: Ask) -> Any:
        body = real(ask)
        world.customers.pop(ids[1], None)
        return body

    world._list_customers = then_gone  # type: ignore[method-assign]  # the world moves on
    while runs.work(run, time.monotonic() + 30) is runs.Slice.MORE:
        pass
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    assert Subscription.objects.count() == 2
    assert DirtyMark.objects.get(family="customers", reason="missing").key == ids[1]


def test_without_consent_only_what_needs_it_fails(
    world: World, sync: Sync, connection: Connection
) -> None:
    world.estate(2, 1)
    Connection.objects.update(refresh_token=None)
    run = sync()
    assert at(run, "relationships").error["code"] == "consent_needed"
    assert at(run, "relationships").state == PassState.FAILED
    assert at(run, "admin_relationships").state == PassState.NOT_PERMITTED
    assert not freshness.whole("admin_relationships", connection.pk).barred, "it is known already"
    assert at(run, "subscriptions").state == PassState.DONE
    assert world.asked("LIST_RELATIONSHIPS") == 0
    # With consent, rows written before any relationship was known get their reseller.
    Connection.objects.filter(pk=connection.pk).update(refresh_token="canary")
    world.reseller("Fabrikam", "111", tuple(world.customers))
    assert sync().state == RunState.SUCCEEDED
    assert Subscription.objects.filter(reseller__name="Fabrikam").count() == 2


@pytest.mark.parametrize(
    "refusal",
    [
        Forbidden("Insufficient privileges", code="Authorization_RequestDenied", status=403),
        PermissionMissing("AADSTS65001: not consented", code="AADSTS65001"),
    ],
)
def test_a_family_that_is_not_permitted_is_left_out_until_it_is(
    world: World, sync: Sync, connection: Connection, refusal: PartnerError
) -> None:
    world.estate(1, 1)
    name = "admin_relationships"

    def refused(_ask: Ask) -> None:
        raise refusal

    world.faults["LIST_ADMIN_RELATIONSHIPS"] = refused
    run = sync()
    one = at(run, name)
    assert (run.state, one.state) == (RunState.SUCCEEDED, PassState.NOT_PERMITTED)
    assert one.error["code"] == refusal.code
    stands = freshness.whole(name, connection.pk)
    assert (stands.current_at, stands.barred["code"]) == (None, refusal.code)
    assert name not in [one.family for one in verifying.verify(connection)]
    dirty.mark(connection, name, [("", "")], reason="changed")
    assert sync("changes").state == RunState.SUCCEEDED
    assert not DirtyMark.objects.filter(family=name).exists(), "the next full run asks"
    world.faults.clear()
    assert at(sync(), name).state == PassState.DONE
    assert freshness.whole(name, connection.pk).barred is None
    assert name in [one.family for one in verifying.verify(connection)]
    world.faults["LIST_CUSTOMERS"] = refused
    assert sync().state == RunState.FAILED, "what the portal cannot be without still fails"


def test_a_refused_token_pauses_and_does_not_loop(world: World, connection: Connection) -> None:
    def refused(_ask: Ask) -> None:
        raise ConsentNeeded("AADSTS50173", code="AADSTS50173")

    world.faults["LIST_CUSTOMERS"] = refused
    run = runs.start(connection, "full", ["customers"])
    assert runs.work(run, time.monotonic() + 30) is runs.Slice.PAUSED
    run.refresh_from_db()
    assert (run.state, run.error["code"]) == (RunState.PAUSED, "AADSTS50173")
    assert runs.work(run, time.monotonic() + 30) is runs.Slice.BUSY
    assert world.asked("LIST_CUSTOMERS") == 1
    Connection.objects.update(problem_at=timezone.now())
    run.connection.refresh_from_db()
    assert not runs.unpause(run), "the connection is still refused"
    Connection.objects.update(problem_at=None)
    run.connection.refresh_from_db()
    world.faults.clear()
    assert runs.unpause(run)
    assert runs.work(run, time.monotonic() + 30) is runs.Slice.FINISHED


def test_one_run_of_a_kind_at_a_time(world: World, connection: Connection) -> None:
    world.estate(1, 0)
    first = runs.start(connection, "full")
    assert runs.start(connection, "full").pk == first.pk
    assert SyncRun.objects.count() == 1
    with pytest.raises(runs.NothingMirrored):
        runs.start(connection, "changes")
    with pytest.raises(KeyError):
        runs.start(connection, "full", ["unicorns"])


def test_a_lease_is_held_by_one_worker_and_found_again(
    world: World, connection: Connection
) -> None:
    world.estate(1, 0)
    run = runs.start(connection, "full", ["customers"])
    assert runs.claim(run, "somebody")
    assert runs.work(run, time.monotonic() + 30) is runs.Slice.BUSY
    assert not Customer.objects.exists()
    SyncRun.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert runs.work(run, time.monotonic() + 30) is runs.Slice.FINISHED


def test_a_lost_lease_writes_nothing_more(world: World, connection: Connection) -> None:
    world.estate(2, 0)
    run = runs.start(connection, "full", ["customers"])

    def stolen(_begun: SyncPass) -> None:
        SyncRun.objects.update(lease_holder="thief")

    assert runs.work(run, time.monotonic() + 30, stolen) is runs.Slice.BUSY
    assert not Customer.objects.exists()


def test_the_seen_table_is_unlogged(db: None) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'mirror_seen'")
        assert cursor.fetchone() == ("u",)
