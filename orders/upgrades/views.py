"""The page of upgrades: what the subscription can become, asked live; then one of it, as a verb."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from customers.asking.pages import Consequence
from orders import actions as orders
from orders import queries, rules
from orders.acting import Acting, respond
from orders.models import Subscription
from orders.scheduling import schedules
from orders.scheduling.views import back, crumbs
from orders.upgrades import actions, asking, consequences, forms, kinds, targets
from orders.upgrades.progress import begun, lowered, status_of
from portal.access.guard import require, route
from portal.access.http import Request
from portal.access.refusing import RefusedError
from portal.ui.pages import page


def _tell(row: Subscription, values: dict[str, Any]) -> Consequence:
    state = rules.state_of(row, keeps=bool(values.get("keeps")))
    return consequences.of_upgrade(state, actions.plan(state, forms.wish_of(values)))


UPGRADE: Acting[Subscription] = Acting(
    title=_("Upgrade"),
    right=actions.RIGHT,
    form=forms.UpgradeForm,
    may=lambda row: actions.may_upgrade(rules.state_of(row)),
    tell=_tell,
    act=lambda actor, scope, row, values, asked: actions.upgrade(
        actor,
        scope,
        row,
        forms.wish_of(values),
        asked,
        orders.Confirmed(keeps=bool(values.get("keeps"))),
    ),
    verb=lambda row, _values: orders.UPGRADES[kinds.of(row)],
    crumbs=lambda row: [*crumbs(row), (str(row), back(row))],
    back=lambda row: reverse("subscription_upgrade", args=[row.pk]),
)


@route(effect="write", right=actions.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def upgrade(request: Request, pk: int) -> HttpResponse:
    """What it can become, asked by the loaded page; POST confirms one of it."""
    row = queries.subscription(request.scope, pk)
    if request.method == "POST":
        return respond(request, row, UPGRADE)
    require(request.scope, actions.RIGHT, row)
    refused = ""
    try:
        actions.may_upgrade(rules.state_of(row))
    except RefusedError as error:
        refused = str(error)
    context = {"subscription": row, "refused": refused, "kind": kinds.of(row)}
    return page(request, "orders/upgrades/page.html", context, status=422 if refused else 200)


@route(effect="write", right=actions.RIGHT)
@require_POST
def upgrade_targets(request: Request, pk: int) -> HttpResponse:
    """Ask; sent again by the page until Partner Center has answered."""
    row = queries.subscription(request.scope, pk)
    require(request.scope, actions.RIGHT, row)
    kind, asker = kinds.of(row), request.user.pk
    now = asking.targets(row, asker)
    told: dict[str, Any] = {"now": now, "targets": targets.read(kind, now.answer or [])}
    waits = now.waits
    if kind == kinds.TRIAL:
        told["targets"] = targets.with_terms(told["targets"], row.connection_id)
    if kind == kinds.TRANSITION:
        later, past = asking.targets(row, asker, scheduled=True), asking.history(row, asker)
        told |= {"later": targets.read(kind, later.answer or []), "past": _past(past.answer or [])}
        waits = waits or later.waits or past.waits
    context = {"subscription": row, "kind": kind, "waits": waits, **told}
    return page(request, "orders/upgrades/_targets.html", context)


def _past(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [lowered(row) for row in rows]
    return [
        {
            "product": schedules.product_name(str(row.get("tocatalogitemid") or "")),
            "quantity": row.get("quantity"),
            "at": begun(row),
            "status": status_of(row),
            "operation": row.get("operationid"),
        }
        for row in sorted(found, key=begun, reverse=True)
    ]
