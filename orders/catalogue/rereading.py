"""A catalogue item as Partner Center has it now: for a worker that is about to send a cart or an order.

An availability that was read a day ago may be gone; a cart that names it is refused with 400019.
"""

import datetime as dt
from typing import Any

from django.utils import timezone

from orders.catalogue import mapping
from orders.catalogue.models import Availability
from orders.catalogue.part import AVAILABILITIES
from portal.connections.models import Connection
from portal.mirror import families
from portal.mirror.upsert import mark_gone, upsert
from portal.partnercenter.client import PartnerClient
from portal.partnercenter.errors import NotFound
from portal.partnercenter.operations.catalogue import GET_AVAILABILITY


def reread(
    client: PartnerClient, connection: Connection, market: str, catalog_item_id: str
) -> Availability | None:
    """Read one "product:sku:availability" again and keep it; None if it is not sold there any more.

    The mirror's row is brought up to date or marked as gone, if there is one. Raises ``PartnerError`` for
    everything but 404. Unsaved where the mirror never read the SKU's list.
    """
    product_id, sku_id, availability_id = [*catalog_item_id.split(":"), "", ""][:3]
    path = {"product_id": product_id, "sku_id": sku_id, "availability_id": availability_id}
    family = families.get(AVAILABILITIES)
    rows = Availability.objects.filter(
        connection=connection,
        catalog_item_id=catalog_item_id,
        place__startswith=f"{market}{mapping.SEPARATOR}",
    )
    known = rows.first()
    at = timezone.now()
    try:
        payload: dict[str, Any] = client.call(GET_AVAILABILITY, query={"country": market}, **path)
    except NotFound:
        if known is not None:
            mark_gone(family, connection, [f"{known.place}|{known.pc_id}"], observed_at=at)
        return None
    return _kept(connection, known, payload | {"product": None, "sku": None}, at)


def _kept(
    connection: Connection, known: Availability | None, payload: dict[str, Any], at: dt.datetime
) -> Availability | None:
    if not payload.get("isPurchasable", True):
        return None
    if known is None:
        return _unsaved(connection, payload, at)
    family = families.get(AVAILABILITIES)
    representation = family.listing.representation
    upsert(
        family,
        representation,
        connection,
        [payload],
        observed_at=at,
        parent=known.place,
    )
    known.refresh_from_db()
    return known


def _unsaved(connection: Connection, payload: dict[str, Any], at: dt.datetime) -> Availability:
    reading = families.Reading(connection=connection, observed_at=at, parent="///")
    return Availability(connection=connection, **mapping.availability(payload, reading))
