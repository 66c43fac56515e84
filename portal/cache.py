"""The cache, which may be lost at any moment: a page that cannot read it works the value out again."""

from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache that answers "not here" instead of failing while Redis is away."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or(default, super().get, key, default, version)

    def set(self, key: Any, value: Any, *args: Any, **options: Any) -> None:
        self._or(None, super().set, key, value, *args, **options)

    def add(self, key: Any, value: Any, *args: Any, **options: Any) -> bool:
        # True as if it had been added: who uses it as "first within a while" works on, at worst twice.
        return bool(self._or(True, super().add, key, value, *args, **options))  # noqa: FBT003

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._or(False, super().delete, key, version))  # noqa: FBT003

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return dict(self._or({}, super().get_many, keys, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._or(delta, super().incr, key, delta, version))

    def _or(self, otherwise: Any, call: Callable[..., Any], *args: Any, **options: Any) -> Any:
        try:
            return call(*args, **options)
        except RedisError as error:
            log.warning("cache.away", error=type(error).__name__)
            return otherwise
