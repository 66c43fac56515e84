"""The lines above every page: test environments, read-only modes, refused sign-ins; and the mirror's health.

One small query feeds both. Its result is kept for a few seconds in the process, so that pages do not pay
for it; within a surrounding transaction (whose rows may never be committed) nothing is kept.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, FilteredRelation, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.connections.models import Connection, Environment, Mode
from portal.ui import shell

if TYPE_CHECKING:
    from portal.access.scope import Scope

KEPT = 5.0
STALE = timedelta(hours=24)


@dataclass(frozen=True)
class _Row:
    pk: int
    name: str
    environment: str
    mode: str
    paused: bool
    complete_at: datetime | None


_kept: tuple[float, list[_Row]] | None = None


def banners(request: HttpRequest) -> Iterable[shell.Banner]:
    """Say what holds for the whole page: sandbox, read only, sync paused."""
    rows = _visible(request)
    if sandbox := [row for row in rows if row.environment == Environment.SANDBOX]:
        text = _("Test data, no real customers.")
        yield shell.Banner(title=_named(request, _("Sandbox"), sandbox), text=text)
    if closed := [row for row in rows if row.mode == Mode.READ_ONLY]:
        text = _("Changes are kept and not sent.")
        yield shell.Banner(title=_named(request, _("Read only"), closed), text=text, icon="lock")
    for row in rows:
        if row.paused:
            yield _paused(request, row)


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


def mirror(request: HttpRequest) -> shell.Mirror | None:
    """Tell the health of the mirror by its oldest visible part."""
    rows = _visible(request)
    if not rows:
        return None
    url = reverse("sync") if shell.may(request, "sync.view") else ""
    ages = [row.complete_at for row in rows if row.complete_at]
    oldest = min(ages, default=None)
    if any(row.paused for row in rows):
        return shell.Mirror("is-bad", _("Sync is paused"), oldest, url)
    if oldest is None or len(ages) < len(rows):
        return shell.Mirror("is-off", _("Not read yet"), oldest, url)
    if timezone.now() - oldest > STALE:
        return shell.Mirror("is-warn", _("Mirror out of date"), oldest, url)
    return shell.Mirror("is-ok", _("Mirror up to date"), oldest, url)


def forget() -> None:
    """Read anew at the next page: a connection was changed in this process."""
    global _kept  # noqa: PLW0603 - one value for the process
    _kept = None


def _visible(request: HttpRequest) -> list[_Row]:
    scope: Scope | None = getattr(request, "scope", None)
    if scope is None or scope.user_id is None:
        return []
    kept: list[_Row] | None = getattr(request, "connection_rows", None)
    if kept is None:
        kept = _rows(request)
        request.connection_rows = kept  # type: ignore[attr-defined] # asked twice per page
    ids = scope.visible_connection_ids()
    return kept if ids is None else [row for row in kept if row.pk in ids]


def _rows(request: HttpRequest) -> list[_Row]:
    global _kept  # noqa: PLW0603
    unit: Any = getattr(request, "unit", None)
    if unit is None or unit.nested:
        return _read()
    if _kept is None or time.monotonic() - _kept[0] > KEPT:
        _kept = (time.monotonic(), _read())
    return _kept[1]


def _read() -> list[_Row]:
    whole = FilteredRelation(
        "freshness", condition=Q(freshness__family="customers", freshness__parent="")
    )
    found = (
        Connection.objects.annotate(whole=whole, complete_at=F("whole__complete_at"))
        .order_by("name")
        .values_list("pk", "name", "environment", "mode", "problem_at", "complete_at")
    )
    return [
        _Row(pk, name, environment, mode, problem_at is not None, complete_at)
        for pk, name, environment, mode, problem_at, complete_at in found
    ]
