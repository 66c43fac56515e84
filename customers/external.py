"""Customers as things that other systems have names for."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from customers import queries
from customers.models import Customer, ResellerLink
from portal.access.scope import Scope
from portal.lists import objects
from portal.lists.models.external import ExternalKind


def _by_pc_id(scope: Scope, connection_id: int, pc_id: str) -> Customer:
    found = queries.customers(scope).filter(connection=connection_id, pc_id=pc_id.lower()).first()
    if found is None:
        raise Http404
    return found


def _place(row: Customer) -> objects.Place:
    links = ResellerLink.objects.filter(customer=row, gone_at=None).exclude(reseller=None)
    resellers = links.order_by("reseller").values_list("reseller", flat=True)
    return objects.Place(row.connection_id, tuple(resellers), row.pc_id)


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
    by_pc_id=_by_pc_id,
    place=_place,
    url_name="customer",
)
