"""Subscriptions as things that other systems have names for."""

from collections.abc import Collection, Iterator

from django.db.models import TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from orders import queries
from orders.models import Subscription
from portal.access.scope import Scope
from portal.lists import objects
from portal.lists.models.external import ExternalKind


def _by_pc_ids(scope: Scope, ids: Collection[str]) -> Iterator[tuple[str, Subscription]]:
    rows = queries.subscriptions(scope).filter(pc_id__in={pc_id.lower() for pc_id in ids})
    return ((row.pc_id, row) for row in rows)


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
    by_pc_ids=_by_pc_ids,
    place=_place,
    url_name="subscription",
    named=lambda: Subscription.objects.annotate(
        label=Coalesce(NullIf("friendly_name", Value("", TextField())), "offer_name")
    ),
)
