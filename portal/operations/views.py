"""Health for load balancers: is the process up, and may it take work."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import Redis
from redis.exceptions import RedisError

from portal.access.guard import route


@route(effect="read", public=True)
def healthz(_request: HttpRequest) -> HttpResponse:
    """Whether this process answers; asks nobody else."""
    return JsonResponse({"status": "ok"})


@route(effect="read", public=True)
def readyz(_request: HttpRequest) -> HttpResponse:
    """Whether Postgres and Redis answer: 200, or 503 with the part that does not."""
    parts = {"database": _database(), "redis": _redis()}
    ready = all(parts.values())
    return JsonResponse(
        {
            "status": "ok" if ready else "unavailable",
            **{k: "ok" if up else "down" for k, up in parts.items()},
        },
        status=200 if ready else 503,
    )


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=2) as redis:
            return bool(redis.ping())
    except RedisError:
        return False
