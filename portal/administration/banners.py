"""The lines above every page: test environments, read-only modes, refused sign-ins, retired connections.

One small query feeds them. Its result is kept for a few seconds in the process, so that pages do not pay
for it; within a surrounding transaction (whose rows may never be committed) nothing is kept.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.connections.models import Connection, Environment, Mode
from portal.ui import shell

if TYPE_CHECKING:
    from portal.access.scope import Scope

KEPT = 5.0


@dataclass(frozen=True)
class _Row:
    pk: int
    name: str
    environment: str
    mode: str
    paused: bool
    retired: bool


_kept: tuple[float, list[_Row]] | None = None


def banners(request: HttpRequest) -> Iterable[shell.Banner]:
    """Say what holds for the whole page: sandbox, read only, sync paused.

    A retired connection has its line where nothing else is to be seen; elsewhere its records say it.
    """
    seen = _visible(request)
    rows = [row for row in seen if not row.retired]
    if sandbox := [row for row in rows if row.environment == Environment.SANDBOX]:
        text = _("Test data, no real customers.")
        yield shell.Banner(title=_named(request, _("Sandbox"), sandbox), text=text)
    if closed := [row for row in rows if row.mode == Mode.READ_ONLY]:
        text = _("Changes are kept and not sent.")
        yield shell.Banner(title=_named(request, _("Read only"), closed), text=text, icon="lock")
    for row in rows:
        if row.paused:
            yield _paused(request, row)
    if seen and not rows:
        text = _("Rows stay as they were last read; nothing is read or sent any more.")
        yield shell.Banner(title=_named(request, _("Retired"), seen), text=text)


def _named(request: HttpRequest, title: str, rows: list[_Row]) -> str:
    """Name the connections for the partner's own staff; a reseller's staff need not know them."""
    scope: Scope = request.scope  # type: ignore[attr-defined] # see portal.access.http
    if not all(scope.sees_whole(row.pk) for row in rows):
        return title
    return f"{title} ({', '.join(row.name for row in rows)})"


def _paused(request: HttpRequest, row: _Row) -> shell.Banner:
    seen = shell.may(request, "connections.view")
    return shell.Banner(
        title=_named(request, _("Microsoft refused the sign-in"), [row]),
        level="is-bad",
        text=_("Sync is paused; what was read stays readable."),
        url=reverse("connection", args=[row.name]) if seen else "",
        link=_("See what mends it") if seen else "",
        icon="alert-triangle",
    )


def forget() -> None:
    """Read anew at the next page: a connection was changed in this process."""
    global _kept  # noqa: PLW0603 - one value for the process
    _kept = None


def _visible(request: HttpRequest) -> list[_Row]:
    scope: Scope | None = getattr(request, "scope", None)
    if scope is None or scope.user_id is None:
        return []
    rows, ids = _rows(request), scope.visible_connection_ids()
    return rows if ids is None else [row for row in rows if row.pk in ids]


def _rows(request: HttpRequest) -> list[_Row]:
    global _kept  # noqa: PLW0603
    unit: Any = getattr(request, "unit", None)
    if unit is None or unit.nested:
        return _read()
    if _kept is None or time.monotonic() - _kept[0] > KEPT:
        _kept = (time.monotonic(), _read())
    return _kept[1]


def _read() -> list[_Row]:
    found = Connection.objects.order_by("name").values_list(
        "pk", "name", "environment", "mode", "problem_at", "retired_at"
    )
    return [
        _Row(pk, name, environment, mode, problem_at is not None, retired_at is not None)
        for pk, name, environment, mode, problem_at, retired_at in found
    ]
