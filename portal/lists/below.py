"""Connections and indirect resellers as things that other systems have names for: they stand below."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.access.models import Reseller
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.lists import objects, queries
from portal.lists.models.external import ExternalKind

_PRODUCT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:-]{3,99}")


@dataclass(frozen=True)
class Product:
    """A product of Microsoft's catalogue as one connection sells it; it has no row of ours."""

    connection: Connection
    pc_id: str


def _product(_scope: Scope, _pk: int) -> Product:
    raise Http404


def _products(scope: Scope, ids: Collection[str]) -> Iterator[tuple[str, Product]]:
    for connection in queries.whole_connections(scope):
        for pc_id in filter(_PRODUCT_ID.fullmatch, ids):
            yield pc_id, Product(connection, pc_id.upper())


_PARTY = (ExternalKind.COMPANY, ExternalKind.VAT, ExternalKind.TAX, ExternalKind.COST_CENTRE)


def _connection(scope: Scope, pk: int) -> Connection:
    found = Connection.objects.filter(pk=pk).first() if scope.sees_whole(pk) else None
    if found is None:
        raise Http404
    return found


def _connections(scope: Scope, ids: Collection[str]) -> Iterator[tuple[str, Connection]]:
    """By their tenant, or by the name that they have here."""
    wanted = {pc_id.casefold() for pc_id in ids}
    for found in queries.whole_connections(scope):
        for name in {found.tenant_id.casefold(), found.name.casefold()} & wanted:
            yield name, found


def _reseller(scope: Scope, pk: int) -> Reseller:
    found = scope.filter(Reseller.objects.filter(pk=pk)).first()
    if found is None:
        raise Http404
    return found


def _resellers(scope: Scope, ids: Collection[str]) -> Iterator[tuple[str, Reseller]]:
    """By their tenant, or by one of their MPN ids."""
    rows = scope.filter(Reseller.objects.filter(gone_at=None)).annotate(
        names=ArrayAgg("mpns__mpn_id", default=[]), tenant=Lower("pc_id")
    )
    wanted = {pc_id.casefold() for pc_id in ids}
    for found in rows.filter(Q(tenant__in=wanted) | Q(mpns__mpn_id__in=wanted)):
        for name in {found.tenant, *found.names} & wanted:
            yield name, found


TYPES = (
    objects.ObjectType(
        "connection",
        _("Connection"),
        _PARTY,
        find=_connection,
        by_pc_ids=_connections,
        place=lambda row: objects.Place(row.pk, (), row.tenant_id),
        named=lambda: Connection.objects.annotate(label=F("name")),
    ),
    objects.ObjectType(
        "reseller",
        _("Indirect reseller"),
        (ExternalKind.CUSTOMER, *_PARTY),
        find=_reseller,
        by_pc_ids=_resellers,
        place=lambda row: objects.Place(row.connection_id, (row.pk,), row.pc_id),
        url_name="reseller",
        named=lambda: Reseller.objects.annotate(label=F("name")),
    ),
    objects.ObjectType(
        "product",
        _("Product"),
        (ExternalKind.ITEM, ExternalKind.TAX, ExternalKind.COST_CENTRE),
        find=_product,
        by_pc_ids=_products,
        place=lambda row: objects.Place(row.connection.pk, (), row.pc_id),
        guard=lambda row: row.connection,
    ),
)
