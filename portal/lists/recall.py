"""What the lists' pages ask for: the columns and views of a person, in one query that is seldom made.

The answer is kept in the cache for a minute, under a stamp that every change of a view or a choice
renews; without Redis it is asked for each time.
"""

import hashlib
import secrets
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import JSONObject
from django.http import HttpRequest

from portal.access.http import scope_of
from portal.access.models import User
from portal.access.scope import Scope
from portal.lists.models import ColumnChoice, SavedView
from portal.ui import keeping

MOST = 30  # views in a bar
KEPT_SECONDS = 60
STAMP = "lists-kept"


def recall(request: HttpRequest, list_slug: str, key: str) -> keeping.Kept:
    """Columns, the views of the bar, and the view that the address names; at most one query."""
    scope = scope_of(request)
    if scope.user_id is None:
        return keeping.Kept()
    place = f"lists-kept:{scope.user_id}:{list_slug}:{key[:20]}:{_mark(scope)}"
    found = cache.get_many([STAMP, place])
    stamp, known = found.get(STAMP), found.get(place)
    if stamp is None or known is None or known[0] != stamp:
        known = (stamp or renew_stamp(), _read(scope, list_slug, key))
        cache.set(place, known, KEPT_SECONDS)
    return _kept(known[1], scope, key)


def renew_stamp() -> str:
    """Have everybody's lists read again what is kept; the new stamp."""
    stamp = secrets.token_hex(8)
    cache.set(STAMP, stamp, None)
    return stamp


def changed() -> None:
    """Say that views or choices change in this transaction: now, and again once others can see it."""
    renew_stamp()
    transaction.on_commit(renew_stamp)


def _mark(scope: Scope) -> str:
    """The scope in few letters: what a person sees of others' views follows their memberships."""
    return hashlib.sha256(scope.as_json.encode()).hexdigest()[:12]


def _read(scope: Scope, list_slug: str, key: str) -> dict[str, Any]:
    seen = in_bar(scope) | (Q(key=key) & readable(scope))
    named = ExpressionWrapper(Q(key=key), output_field=BooleanField())
    views = SavedView.objects.filter(seen, list_slug=list_slug).order_by(named.desc(), "name", "pk")
    chosen = ColumnChoice.objects.filter(user=scope.user_id, list_slug=list_slug)
    fields = JSONObject(key="key", name="name", query="query", shared="shared", owner="user_id")
    rows = User.objects.filter(pk=scope.user_id or 0).annotate(
        kept_columns=ArraySubquery(chosen.values(row=JSONObject(columns="columns"))),
        kept_views=ArraySubquery(views.values(row=fields)[: MOST + 1]),
    )
    found = rows.values("kept_columns", "kept_views").first()
    return dict(found) if found else {"kept_columns": [], "kept_views": []}


def _kept(row: dict[str, Any], scope: Scope, key: str) -> keeping.Kept:
    views = [
        keeping.View(
            view["key"],
            view["name"],
            view["query"],
            own=view["owner"] == scope.user_id,
            shared=view["shared"],
        )
        for view in sorted(row["kept_views"], key=lambda view: str(view["name"]).casefold())
    ]
    opened = next((view for view in views if view.key == key), None)
    columns = row["kept_columns"][0]["columns"] if row["kept_columns"] else None
    return keeping.Kept(
        columns=None if columns is None else tuple(columns), views=tuple(views), opened=opened
    )


def readable(scope: Scope) -> Q:
    """Views that a person may open by address: their own, and every shared one."""
    return Q(user=scope.user_id) | Q(shared=True)


def in_bar(scope: Scope) -> Q:
    """Views in a person's bar: their own, those the partner shares, those of their resellers.

    Another reseller's names stay with that reseller; whoever was given an address may open it.
    """
    own = Q(user=scope.user_id)
    if scope.all_connections:
        return own | Q(shared=True)
    shared = Q(home_reseller=None) | Q(home_reseller__in=scope.reseller_ids)
    if scope.connection_ids:
        shared |= Q(home_reseller__connection__in=scope.connection_ids)
    return own | (Q(shared=True) & shared)
