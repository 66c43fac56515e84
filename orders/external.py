"""Subscriptions as things that other systems have names for."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from orders import queries
from orders.models import Subscription
from portal.access.scope import Scope
from portal.lists import objects
from portal.lists.models.external import ExternalKind


def _by_pc_id(scope: Scope, connection_id: int, pc_id: str) -> Subscription:
    rows = queries.subscriptions(scope).filter(connection=connection_id, pc_id=pc_id.lower())
    found = rows.first()
    if found is None:
        raise Http404
    return found


def _place(row: Subscription) -> objects.Place:
    resellers = () if row.reseller_id is None else (row.reseller_id,)
    return objects.Place(row.connection_id, resellers, row.pc_id)


TYPE = objects.ObjectType(
    "subscription",
    _("Subscription"),
    (
        ExternalKind.ITEM,
        ExternalKind.AGREEMENT,
        ExternalKind.COST_CENTRE,
        ExternalKind.BILLING_GROUP,
        ExternalKind.PURCHASE_ORDER,
    ),
    find=queries.subscription,
    by_pc_id=_by_pc_id,
    place=_place,
    url_name="subscription",
)
