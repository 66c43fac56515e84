"""Indirect resellers into the mirror, with the partner ids that name them on Microsoft's rows."""

from collections.abc import Sequence
from typing import Any

from django.db import connection as database

from portal.access import mapping
from portal.access.models import Reseller
from portal.connections.models import Connection
from portal.mirror import hooks
from portal.mirror.families import Family, Listing, Representation, register
from portal.partnercenter.operations.relationships import LIST_RELATIONSHIPS

LIST = Representation(name="list", columns=mapping.RESELLER_COLUMNS, map=mapping.reseller)


def _query(_connection: Connection, _parent: str) -> dict[str, Any]:
    return {"relationship_type": "IsIndirectCloudSolutionProviderOf"}


def keep_mpn_ids(connection: Connection, ids: Sequence[int]) -> None:
    """Give each written reseller the partner id of its entry; ids that people added stay."""
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_resellermpn AS stored (connection_id, reseller_id, mpn_id)"
            " SELECT connection_id, id, left(trim(list_payload ->> 'mpnId'), 20)"
            " FROM access_reseller WHERE connection_id = %s AND id = ANY(%s)"
            " AND coalesce(trim(list_payload ->> 'mpnId'), '') <> '' ORDER BY 3"
            " ON CONFLICT (connection_id, mpn_id) DO UPDATE SET reseller_id = EXCLUDED.reseller_id"
            " WHERE stored.reseller_id <> EXCLUDED.reseller_id",
            [connection.pk, list(ids)],
        )


RESELLERS = Family(
    name="resellers",
    model=Reseller,
    position=10,
    listing=Listing(operation=LIST_RELATIONSHIPS, representation=LIST, query=_query),
)


def setup() -> None:
    """Register the family (from ``AppConfig.ready``)."""
    register(RESELLERS)
    hooks.on_change("resellers", "mpn_ids", keep_mpn_ids)
