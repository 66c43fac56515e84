"""A lost Redis costs time, never a page."""

from django.core.cache import cache
from django.test import override_settings

GONE = {
    "default": {"BACKEND": "portal.cache.ForgivingRedisCache", "LOCATION": "unix:///nowhere/r.sock"}
}


@override_settings(CACHES=GONE)
def test_without_redis_the_cache_knows_nothing_and_does_not_fail() -> None:
    cache.set("a", 1, 10)
    assert cache.get("a") is None
    assert cache.get("a", "otherwise") == "otherwise"
    assert cache.add("a", 1) is True
    assert cache.delete("a") is False
    assert cache.get_many(["a", "b"]) == {}


def test_with_redis_it_remembers() -> None:
    cache.set("a", 1, 10)
    assert cache.get("a") == 1
    assert cache.add("a", 2) is False
    cache.delete("a")
    assert cache.get("a") is None
