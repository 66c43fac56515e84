"""Customers as things that other systems have names for."""

from collections.abc import Collection, Iterator

from django.db.models import F, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from customers import queries
from customers.models import Customer, ResellerLink
from portal.access.scope import Scope
from portal.lists import objects
from portal.lists.models.external import ExternalKind


def _by_pc_ids(scope: Scope, ids: Collection[str]) -> Iterator[tuple[str, Customer]]:
    rows = queries.customers(scope).filter(pc_id__in={pc_id.lower() for pc_id in ids})
    for row in rows.prefetch_related(Prefetch("reseller_links", _links(), to_attr="now_sold_by")):
        yield row.pc_id, row


def _place(row: Customer) -> objects.Place:
    known = getattr(row, "now_sold_by", None)
    links = _links().filter(customer=row) if known is None else known
    resellers = tuple(link.reseller_id for link in links if link.reseller_id is not None)
    return objects.Place(row.connection_id, resellers, row.pc_id)


def _links() -> QuerySet[ResellerLink]:
    return ResellerLink.objects.filter(gone_at=None, reseller__isnull=False).order_by("reseller")


TYPE = objects.ObjectType(
    "customer",
    _("Customer"),
    (
        ExternalKind.CUSTOMER,
        ExternalKind.COMPANY,
        ExternalKind.AGREEMENT,
        ExternalKind.VAT,
        ExternalKind.TAX,
        ExternalKind.COST_CENTRE,
        ExternalKind.BILLING_GROUP,
        ExternalKind.PURCHASE_ORDER,
    ),
    find=queries.customer,
    by_pc_ids=_by_pc_ids,
    place=_place,
    url_name="customer",
    named=lambda: Customer.objects.annotate(label=F("name")),
)
