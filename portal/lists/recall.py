"""What the lists' pages ask for: the columns and views of a person, in one query."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import JSONObject
from django.http import HttpRequest

from portal.access.http import scope_of
from portal.access.models import User
from portal.access.scope import Scope
from portal.lists.models import ColumnChoice, SavedView
from portal.ui import keeping

MOST = 30  # views in a bar


def recall(request: HttpRequest, list_slug: str, key: str) -> keeping.Kept:
    """Columns, the views of the bar, and the view that the address names; one query."""
    scope = scope_of(request)
    if scope.user_id is None:
        return keeping.Kept()
    seen = in_bar(scope) | (Q(key=key) & readable(scope))
    named = ExpressionWrapper(Q(key=key), output_field=BooleanField())
    views = SavedView.objects.filter(seen, list_slug=list_slug).order_by(named.desc(), "name", "pk")
    row = (
        User.objects.filter(pk=scope.user_id)
        .annotate(
            kept_columns=ArraySubquery(
                ColumnChoice.objects.filter(user=scope.user_id, list_slug=list_slug).values(
                    row=JSONObject(columns="columns")
                )
            ),
            kept_views=ArraySubquery(
                views.values(
                    row=JSONObject(
                        key="key", name="name", query="query", shared="shared", owner="user_id"
                    )
                )[: MOST + 1]
            ),
        )
        .values("kept_columns", "kept_views")
        .first()
    )
    return _kept(row or {"kept_columns": [], "kept_views": []}, scope, key)


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
