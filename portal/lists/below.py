"""Connections and indirect resellers as things that other systems have names for: they stand below."""

import re
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.access.models import Reseller
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.lists import objects
from portal.lists.models.external import ExternalKind


@dataclass(frozen=True)
class Product:
    """A product of Microsoft's catalogue as one connection sells it; it has no row of ours."""

    connection: Connection
    pc_id: str


def _product(_scope: Scope, _pk: int) -> Product:
    raise Http404


def _product_by_pc_id(scope: Scope, connection_id: int, pc_id: str) -> Product:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9:-]{3,99}", pc_id):
        raise Http404
    return Product(_connection(scope, connection_id), pc_id.upper())


_PARTY = (ExternalKind.COMPANY, ExternalKind.VAT, ExternalKind.TAX, ExternalKind.COST_CENTRE)


def _connection(scope: Scope, pk: int) -> Connection:
    found = Connection.objects.filter(pk=pk).first() if scope.sees_whole(pk) else None
    if found is None:
        raise Http404
    return found


def _connection_by_pc_id(scope: Scope, connection_id: int, pc_id: str) -> Connection:
    found = _connection(scope, connection_id)
    if pc_id.casefold() not in {found.tenant_id.casefold(), found.name.casefold()}:
        raise Http404
    return found


def _reseller(scope: Scope, pk: int) -> Reseller:
    found = scope.filter(Reseller.objects.filter(pk=pk)).first()
    if found is None:
        raise Http404
    return found


def _reseller_by_pc_id(scope: Scope, connection_id: int, pc_id: str) -> Reseller:
    rows = Reseller.objects.filter(connection=connection_id, pc_id=pc_id, gone_at=None)
    found = scope.filter(rows).first()
    if found is None:
        raise Http404
    return found


TYPES = (
    objects.ObjectType(
        "connection",
        _("Connection"),
        _PARTY,
        find=_connection,
        by_pc_id=_connection_by_pc_id,
        place=lambda row: objects.Place(row.pk, (), row.tenant_id),
    ),
    objects.ObjectType(
        "reseller",
        _("Indirect reseller"),
        (ExternalKind.CUSTOMER, *_PARTY),
        find=_reseller,
        by_pc_id=_reseller_by_pc_id,
        place=lambda row: objects.Place(row.connection_id, (row.pk,), row.pc_id),
    ),
    objects.ObjectType(
        "product",
        _("Product"),
        (ExternalKind.ITEM, ExternalKind.TAX, ExternalKind.COST_CENTRE),
        find=_product,
        by_pc_id=_product_by_pc_id,
        place=lambda row: objects.Place(row.connection.pk, (), row.pc_id),
        guard=lambda row: row.connection,
    ),
)
