"""How many things a person has not read yet: kept in the cache, so that no page asks the database."""

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from portal.access.models import User
from portal.notifications import queries
from portal.ui import shell

KEPT = 3600  # seconds


def count(request: HttpRequest) -> shell.Unread | None:
    """The number beside the bell; None before the sign-in."""
    user = request.user
    if not user.is_authenticated:
        return None
    key = _key(user)
    number: int | None = cache.get(key)
    if number is None:
        number = queries.inbox(request.scope).filter(read_at=None).count()  # type: ignore[attr-defined] # see portal.access.http
        cache.set(key, number, KEPT)
    return shell.Unread(number, "notifications")


def forget(user: User) -> None:
    """Count anew at the next page: now, and once more when what was written is there for all."""
    key = _key(user)
    cache.delete(key)
    transaction.on_commit(lambda: cache.delete(key))


def _key(user: User) -> str:
    # With the moment of the account: a number never outlives a database that was made anew.
    return f"notifications:unread:{user.pk}:{user.created_at.timestamp()}"
