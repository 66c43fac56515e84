import logging
from collections import deque

import pytest
import redis
from django.conf import settings

from portal.connections import governor as module
from portal.connections.governor import Bucket, BudgetSpent, Governor
from portal.partnercenter.spec import Throttle


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1_000_020.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(clock, monkeypatch):
    """Governors of one connection over an empty Valkey."""
    monkeypatch.setattr(module, "_LOCAL", module._Local())
    client = redis.Redis.from_url(settings.REDIS_URL)
    for key in client.scan_iter("governor:*"):
        client.delete(key)
    client.close()
    return lambda limits=(), **more: Governor(1, dict(limits), clock=clock, wait=clock.wait, **more)


class Microsoft:
    """Counts a sliding minute and refuses what exceeds it."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.window: deque[float] = deque()
        self.answered = 0
        self.refused = 0

    def ask(self, now: float) -> None:
        while self.window and self.window[0] <= now - 60.0:
            self.window.popleft()
        if len(self.window) >= self.limit:
            self.refused += 1
        else:
            self.window.append(now)
            self.answered += 1


def test_a_long_sync_uses_nine_tenths_of_the_budget_and_is_never_refused(make, clock):
    governor = make()
    microsoft = Microsoft(500)
    start = clock.now
    while clock.now < start + 180.0:
        governor.acquire(Throttle.CUSTOMERS, "sync")
        microsoft.ask(clock.now)
    assert microsoft.refused <= (microsoft.answered + microsoft.refused) * 0.005
    assert microsoft.answered >= 0.9 * 500 * 3


def test_sync_and_writes_together_stay_within_the_limit(make, clock):
    governor = make()
    microsoft = Microsoft(500)
    start, turn = clock.now, 0
    while clock.now < start + 120.0:
        governor.acquire(Throttle.ORDERS, "write" if turn % 4 == 0 else "sync")
        microsoft.ask(clock.now)
        turn += 1
    assert microsoft.refused == 0


def test_a_write_does_not_wait_behind_a_sync(make, clock):
    governor = make()
    while not governor.attempt(Throttle.CUSTOMERS, "sync"):
        pass
    assert governor.attempt(Throttle.CUSTOMERS, "sync") > 0
    kept = int(Bucket.of(500).kept)
    assert kept >= 25
    assert [governor.attempt(Throttle.CUSTOMERS, "write") for _ in range(kept)] == [0.0] * kept
    assert governor.attempt(Throttle.CUSTOMERS, "question") > 0


def test_rows_of_batches_leave_the_same_share_alone(make, clock):
    governor = make()
    while not governor.attempt(Throttle.SUBSCRIPTIONS, "bulk"):
        pass
    assert governor.attempt(Throttle.SUBSCRIPTIONS, "bulk") > 0
    assert governor.attempt(Throttle.SUBSCRIPTIONS, "write") == 0


def test_classes_and_connections_have_budgets_of_their_own(make, clock):
    governor = make()
    while not governor.attempt(Throttle.CUSTOMERS, "sync"):
        pass
    assert governor.attempt(Throttle.SUBSCRIPTIONS, "sync") == 0
    other = Governor(2, {}, clock=clock, wait=clock.wait)
    assert other.attempt(Throttle.CUSTOMERS, "sync") == 0


def test_a_429_stops_everybody_until_it_is_over(make, clock):
    mine, theirs = make(), make()
    mine.penalise(Throttle.CUSTOMERS, 30.0)
    mine.penalise(Throttle.CUSTOMERS, 2.0)
    assert theirs.attempt(Throttle.CUSTOMERS, "write") == pytest.approx(30.0)
    assert theirs.attempt(Throttle.ORDERS, "write") == 0
    with pytest.raises(BudgetSpent) as caught:
        theirs.acquire(Throttle.CUSTOMERS, "sync")
    assert caught.value.retry_after == pytest.approx(30.0)
    assert caught.value.transient
    clock.now += 31.0
    theirs.acquire(Throttle.CUSTOMERS, "sync")


def test_a_connection_may_have_a_limit_of_its_own(make, clock):
    governor = make({"customers": 60})
    start = clock.now
    for _ in range(120):
        governor.acquire(Throttle.CUSTOMERS, "sync")
    assert clock.now - start == pytest.approx(120.0, rel=0.15)
    assert governor.limit(Throttle.ORDERS) == 500


def test_the_settings_page_can_read_what_was_used(make, clock):
    governor = make()
    for _ in range(3):
        governor.acquire(Throttle.CUSTOMERS, "sync")
    governor.penalise(Throttle.CUSTOMERS, 10.0)
    budgets = {budget.throttle: budget for budget in governor.budgets()}
    assert budgets[Throttle.CUSTOMERS].this_minute == 3
    assert budgets[Throttle.CUSTOMERS].blocked_for == pytest.approx(10.0)
    assert budgets[Throttle.ORDERS].this_minute == 0


def test_without_redis_each_process_keeps_to_a_small_budget_and_says_so_once(
    make, clock, monkeypatch, caplog
):
    governor = make()
    there = module.redis_client
    gone = there.__wrapped__("redis://127.0.0.1:1")
    monkeypatch.setattr(module, "redis_client", lambda url: gone)
    start = clock.now
    with caplog.at_level(logging.WARNING, "portal.connections.governor"):
        for _ in range(6):
            governor.acquire(Throttle.CUSTOMERS, "sync")
        assert len(caplog.records) == 1
        assert clock.now - start >= 5 * 60 / (500 * module.LOCAL_FLOOR)
        assert governor.budgets() == []

        monkeypatch.setattr(module, "redis_client", there)
        clock.now += module.REDIS_RETRY
        governor.acquire(Throttle.CUSTOMERS, "sync")
        assert "back" in caplog.records[-1].message
        assert governor.budgets()
    gone.close()


def test_a_test_bed_is_free_until_it_refuses_and_then_kept_to_microsofts_budget(make, clock):
    governor = make(free=True)
    assert [governor.attempt(Throttle.CUSTOMERS, "sync") for _ in range(2000)] == [0.0] * 2000
    governor.penalise(Throttle.CUSTOMERS, 20.0)
    clock.now += 20.0
    microsoft = Microsoft(500)
    start = clock.now
    while clock.now < start + 300.0:
        governor.acquire(Throttle.CUSTOMERS, "sync")
        microsoft.ask(clock.now)
    assert microsoft.refused == 0
    assert microsoft.answered >= 0.9 * 500 * 5
    assert governor.attempt(Throttle.ORDERS, "sync") == 0


def test_a_test_bed_that_plays_a_fault_is_obeyed_and_not_slowed_for_good(make, clock):
    governor = make(free=True)
    assert governor.attempt(Throttle.CUSTOMERS, "sync") == 0
    governor.penalise(Throttle.CUSTOMERS, 2.0)
    assert governor.attempt(Throttle.CUSTOMERS, "sync") == pytest.approx(2.0)
    clock.now += 2.0
    assert [governor.attempt(Throttle.CUSTOMERS, "sync") for _ in range(600)] == [0.0] * 600
