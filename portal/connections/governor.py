"""How fast we may ask: one budget per connection and throttle class, shared by every worker.

Microsoft documents 500 requests a minute and tenant for each of customers, orders and subscriptions
("api-throttling-guidance"). A token bucket in Redis spreads that budget: the refill rate plus one full
bucket make exactly the limit, so that no minute, wherever it begins, exceeds it. Sync may not take the
last tokens; they stay for writes and questions, which therefore never queue behind a sync.

Redis may be lost at any moment. Then each process falls back to a small budget of its own.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.partnercenter.errors import PartnerError
from portal.partnercenter.spec import Throttle

log = logging.getLogger(__name__)

DOCUMENTED = 500
FREE = 1_000_000
"""The limit of a test bed, which is not Microsoft: none to speak of, until it answers 429."""
BURST = 0.08
"""Share of the limit that a full bucket holds; the refill gives the rest."""
SYNC_BURST = 0.02
"""Share of the limit that a sync may take at once; the rest of the bucket is kept from it."""
PATIENT = ("sync", "bulk")
"""Purposes for which nobody waits at a page: they leave the kept share of the bucket alone."""
LOCAL_FLOOR = 0.05
"""Share of the limit that one process allows itself while Redis is gone."""
REDIS_RETRY = 5.0
"""Seconds before a lost Redis is tried again."""
WINDOW = 60.0
USED = ":used:"

# KEYS: bucket, counter of this minute. ARGV: now ("" = Redis's clock), then rate per second, capacity and
# floor, and the same three again for after the first 429. Answer: seconds to wait, as text; "0" means that
# a token was taken.
_TAKE = """
local now = tonumber(ARGV[1])
if not now then
  local t = redis.call('TIME')
  now = tonumber(t[1]) + tonumber(t[2]) / 1000000
end
local rate, capacity, floor = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local row = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'blocked', 'refused')
if row[4] then
  rate, capacity, floor = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
end
local tokens, at, blocked = tonumber(row[1]) or capacity, tonumber(row[2]) or now, tonumber(row[3]) or 0
tokens = math.min(capacity, tokens + math.max(0, now - at) * rate)
local wait = 0
if blocked > now then
  wait = blocked - now
elseif tokens - 1 < floor - 0.000001 then
  wait = (floor + 1 - tokens) / rate
else
  tokens = tokens - 1
  local minute = KEYS[2] .. math.floor(now / 60)
  redis.call('INCR', minute)
  redis.call('EXPIRE', minute, 180)
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(math.max(now, at)))
redis.call('EXPIRE', KEYS[1], 3600)
return tostring(wait)
"""

# KEYS: bucket, counter. ARGV: now, seconds, and how many requests of this minute and the last make the
# 429 believable as a limit. A later block never shortens an earlier one; the bucket restarts empty, as
# Microsoft's does. A test bed that answers 429 to a few requests is playing a fault: it is obeyed, and
# nothing is learnt from it.
_BLOCK = """
local now = tonumber(ARGV[1])
if not now then
  local t = redis.call('TIME')
  now = tonumber(t[1]) + tonumber(t[2]) / 1000000
end
local minute = math.floor(now / 60)
local used = tonumber(redis.call('GET', KEYS[2] .. minute)) or 0
used = used + (tonumber(redis.call('GET', KEYS[2] .. (minute - 1))) or 0)
local blocked = tonumber(redis.call('HGET', KEYS[1], 'blocked')) or 0
local till = math.max(blocked, now + tonumber(ARGV[2]))
redis.call('HSET', KEYS[1], 'blocked', tostring(till))
if used >= tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[1], 'tokens', '0', 'at', tostring(till), 'refused', '1')
end
redis.call('EXPIRE', KEYS[1], 3600 + math.ceil(tonumber(ARGV[2])))
"""


class BudgetSpent(PartnerError):  # noqa: N818 - not a fault, a "later"
    """No request is free within the time the caller may wait; nothing was sent.

    Not a ``Throttled``: Microsoft has not complained, so nobody else needs to stop.
    """

    transient = True

    def __init__(self, throttle: Throttle, retry_after: float) -> None:
        super().__init__(
            f"The portal's own request budget for {throttle} is spent for {retry_after:.0f} s.",
            retry_after=retry_after,
        )


@dataclass(frozen=True)
class Bucket:
    """The numbers of one bucket: ``rate`` tokens a second up to ``capacity``; sync leaves ``kept``."""

    rate: float
    capacity: float
    kept: float

    @classmethod
    def of(cls, limit: int) -> "Bucket":
        """Split ``limit`` requests a minute so that refill + one full bucket make the limit."""
        capacity = max(2.0, limit * BURST)
        kept = capacity - max(1.0, limit * SYNC_BURST)
        return cls(rate=max(limit - capacity, 1.0) / WINDOW, capacity=capacity, kept=kept)


@dataclass(frozen=True)
class Budget:
    """What the settings page shows of one class. ``last_minute`` counts the minute before this one."""

    throttle: Throttle
    limit: int
    this_minute: int
    last_minute: int
    blocked_for: float


@lru_cache(maxsize=1)
def redis_client(url: str) -> "redis.Redis":
    """One pool per process (redis-py notices a fork); short timeouts, because the floor is at hand."""
    return redis.Redis.from_url(
        url, socket_timeout=2.0, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 1)
    )


class _Local:
    """The floor of this process while Redis is gone: a bucket in memory for each key."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rows: dict[str, tuple[float, float]] = {}
        self.blocked: dict[str, float] = {}
        self.redis_lost_at: float | None = None

    def take(self, key: str, limit: int, now: float) -> float:
        rate = max(limit * LOCAL_FLOOR, 1.0) / WINDOW
        with self.lock:
            if self.blocked.get(key, 0.0) > now:
                return self.blocked[key] - now
            tokens, at = self.rows.get(key, (1.0, now))
            tokens = min(1.0, tokens + max(0.0, now - at) * rate)
            taken = tokens >= 1.0
            self.rows[key] = (tokens - 1.0 if taken else tokens, now)
            return 0.0 if taken else (1.0 - tokens) / rate

    def block(self, key: str, till: float) -> None:
        with self.lock:
            self.blocked[key] = max(till, self.blocked.get(key, 0.0))


_LOCAL = _Local()


class Governor:
    """The budget of one connection. Purposes "sync" and "bulk" leave the kept share alone; every other may use it.

    ``wait`` blocks the thread for the given seconds; ``clock`` (seconds) replaces Redis's own clock in
    tests. A ``free`` connection is a test bed: no limit until it refuses many, then Microsoft's.
    ``patience`` is how long ``acquire`` may wait in all before it raises BudgetSpent.
    """

    def __init__(
        self,
        connection_id: int,
        limits: Mapping[str, int],
        *,
        free: bool = False,
        patience: float = 15.0,
        clock: Callable[[], float] | None = None,
        wait: Callable[[float], Any] | None = None,
    ) -> None:
        self.connection_id = connection_id
        self.limits = limits
        self.free = free
        self.patience = patience
        self._clock = clock
        self._wait = wait or threading.Event().wait

    def limit(self, throttle: Throttle) -> int:
        """Give the requests a minute for the class: the connection's own number or Microsoft's."""
        default = FREE if self.free else DOCUMENTED
        return max(1, int(self.limits.get(throttle.value, default)))

    def acquire(self, throttle: Throttle, purpose: str) -> None:
        """Take one request out of the class's budget, waiting for it if need be."""
        waited = 0.0
        while delay := self.attempt(throttle, purpose):
            if waited + delay > self.patience:
                raise BudgetSpent(throttle, delay)
            # Spread the workers that wait for the same token.
            delay += random.uniform(0.0, 0.01)  # noqa: S311 - no secret
            self._wait(delay)
            waited += delay

    def attempt(self, throttle: Throttle, purpose: str) -> float:
        """Take a request without waiting: 0 if taken, else the seconds until it is worth another try."""
        limit = self.limit(throttle)
        keys = [self._key(throttle), self._key(throttle) + USED]
        args: list[str | float] = [self._now_argument()]
        for bucket in (Bucket.of(limit), Bucket.of(min(limit, DOCUMENTED) if self.free else limit)):
            kept = bucket.kept if purpose in PATIENT else 0.0
            args += [bucket.rate, bucket.capacity, kept]
        answer = self._ask(lambda client: client.eval(_TAKE, 2, *keys, *args))
        if answer is None:
            return _LOCAL.take(self._key(throttle), limit, self._monotonic())
        return float(answer)

    def penalise(self, throttle: Throttle, retry_after: float) -> None:
        """Stop everybody's requests of this class for ``retry_after`` seconds (after a 429)."""
        key = self._key(throttle)
        _LOCAL.block(key, self._monotonic() + retry_after)
        believable = DOCUMENTED // 2 if self.free else 0
        args: list[str | float] = [self._now_argument(), retry_after, believable]
        self._ask(lambda client: client.eval(_BLOCK, 2, key, key + USED, *args))

    def budgets(self) -> list[Budget]:
        """Read what each class has used; empty if Redis is gone."""
        return [budget for throttle in Throttle if (budget := self._budget(throttle))]

    def _budget(self, throttle: Throttle) -> Budget | None:
        key = self._key(throttle)

        def read(client: "redis.Redis") -> list[Any]:
            now = self._clock() if self._clock else _redis_time(client)
            minute = int(now // 60)
            used = client.mget(f"{key}{USED}{minute}", f"{key}{USED}{minute - 1}")
            return [*used, client.hget(key, "blocked"), now]

        row = self._ask(read)
        if row is None:
            return None
        this, last, blocked, now = row
        return Budget(
            throttle=throttle,
            limit=self.limit(throttle),
            this_minute=int(this or 0),
            last_minute=int(last or 0),
            blocked_for=max(0.0, float(blocked or 0) - now),
        )

    def _key(self, throttle: Throttle) -> str:
        return f"governor:{self.connection_id}:{throttle.value}"

    def _now_argument(self) -> str:
        return "" if self._clock is None else repr(self._clock())

    def _monotonic(self) -> float:
        return self._clock() if self._clock else time.monotonic()

    def _ask(self, question: Callable[["redis.Redis"], Any]) -> Any | None:
        """Ask Redis; None while it is gone, which is logged once for each outage."""
        lost = _LOCAL.redis_lost_at
        if lost is not None and 0 <= self._monotonic() - lost < REDIS_RETRY:
            return None
        try:
            answer = question(redis_client(settings.REDIS_URL))
        except redis.RedisError:
            if lost is None:
                log.warning(
                    "Redis is gone: each process keeps to a small request budget of its own."
                )
            _LOCAL.redis_lost_at = self._monotonic()
            return None
        if lost is not None:
            _LOCAL.redis_lost_at = None
            log.warning("Redis is back: the shared request budget holds again.")
        return answer


def _redis_time(client: "redis.Redis") -> float:
    seconds, micro = client.time()
    return float(seconds) + float(micro) / 1_000_000
