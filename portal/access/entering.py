"""Enter and leave: the scope of one person, set for one transaction in the application and in Postgres.

The web process signs in as ``portal_web``. Row policies read ``portal.scope``, which is set with
``set_config(…, true)``: it ends with the transaction and never survives in a pooled connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone, translation

from portal.access.models import User
from portal.access.scope import Scope

WEB_ROLE = "portal_web"


def enter(request: HttpRequest, user: User | AnonymousUser, *, read_only: bool = False) -> Scope:
    """Set the scope of a request for the running transaction. ``read_only``: a read-only token.

    Called by the session middleware and by the API's authentication. One statement.
    """
    scope = Scope.for_user(user, read_only=read_only) if user.is_authenticated else Scope.nobody()
    request.scope = scope  # type: ignore[attr-defined] # see portal.access.http
    set_database_scope(scope, read_only=getattr(request, "reads_only", False))
    _speak(user)
    return scope


def reenter(request: HttpRequest) -> None:
    """Set a request's scope again in a later transaction: a streamed answer outlives the first one."""
    scope: Scope = request.scope  # type: ignore[attr-defined] # see portal.access.http
    set_database_scope(scope, read_only=True)
    _speak(cast("User", request.user))


@contextmanager
def entered(scope: Scope, *, read_only: bool = False) -> Iterator[None]:
    """A transaction in which the database shows what a scope sees."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        set_database_scope(scope, read_only=read_only)
        yield
        if nested:
            leave()


@contextmanager
def widened(scope: Scope) -> Iterator[None]:
    """Rows are read as ``scope`` sees them, then as before: for a decision of the portal's own.

    What is read inside must not reach the person who asks. Role and rights to write stay as they are.
    """
    with transaction.atomic():  # an error rolls the setting back with the savepoint
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('portal.scope', true)")
            (before,) = cursor.fetchone()
            cursor.execute("SELECT set_config('portal.scope', %s, true)", [scope.for_policies])
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.scope', %s, true)", [before or ""])


def set_database_scope(scope: Scope, *, read_only: bool = False) -> None:
    """Take the web role and the scope until the transaction ends; ``read_only`` bars every write."""
    sql = "SELECT set_config('role', %s, true), set_config('portal.scope', %s, true)"
    if read_only:
        sql += ", set_config('transaction_read_only', 'on', true)"
    with connection.cursor() as cursor:
        cursor.execute(sql, [WEB_ROLE, scope.for_policies])


def leave() -> None:
    """Give the role and the scope back within an outer transaction (savepoints keep settings)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', 'none', true), set_config('portal.scope', '', true)"
        )


def _speak(user: User | AnonymousUser) -> None:
    """Use the person's language and time zone, where they chose one."""
    if not user.is_authenticated:
        timezone.deactivate()
        return
    person = user
    if person.language:
        translation.activate(person.language)
    if person.time_zone:
        timezone.activate(ZoneInfo(person.time_zone))
    else:
        timezone.deactivate()
