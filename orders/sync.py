"""Subscriptions into the mirror: one list for each customer, details where they matter."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection as database

from orders import mapping, tenancy
from orders.models import Subscription
from orders.renewals.lifecycle import RECENT
from portal.access import search
from portal.connections.models import Connection
from portal.mirror import dirty, hooks
from portal.mirror.families import Detail, Family, Listing, Representation, register
from portal.partnercenter.operations.subscriptions import GET_SUBSCRIPTION, LIST_SUBSCRIPTIONS

NAME = "subscriptions"
SOON = dt.timedelta(days=90)
"""Without auto-renew only the detail tells what is chosen for the end; it is wanted before the term ends."""

AFTER_END = (30, 90, 120)
"""Days after a term's end: expired becomes disabled, then deleted; disabled at the end, deleted."""


def details_due(connection: Connection, since: dt.datetime) -> None:
    """Mark what needs its detail: rows that this pass changed, and those with seats still refundable."""
    now = connection.now()
    _mark(
        connection,
        "list_observed_at >= %(since)s AND first_seen_at < %(since)s"
        " AND coalesce(detail_observed_at < list_observed_at, true)",
        {"since": since},
        "differed",
        dirty.DIFFERED,
    )
    _mark(
        connection,
        "coalesce(detail_observed_at < list_observed_at, true)"
        " AND status IN ('active', 'pending') AND (effective_start_date > %(recent)s OR EXISTS ("
        "SELECT 1 FROM orders_subscriptionevent AS was WHERE was.pgh_obj_id = stored.id"
        " AND was.pgh_created_at > %(recent)s AND was.quantity < stored.quantity))",
        {"recent": now - RECENT},
        "recent",
        dirty.BACKGROUND,
    )
    _mark(
        connection,
        "detail_observed_at IS NULL AND status = 'active' AND auto_renew = false"
        " AND commitment_end_date < %(soon)s",
        {"soon": now + SOON},
        "choice",
        dirty.BACKGROUND,
    )


def dates_due(connection: Connection, since: dt.datetime, now: dt.datetime) -> None:
    """Mark rows whose term, cancellation or refund date fell in (since, now]: no record tells of it.

    A new-commerce term ends at the close of its last day, so that day and the next are looked at. What
    has ended moves on after the days of ``subscription.lifecycle_nce`` (facts).
    """
    ends = [f"commitment_end_date + interval '{days} days'" for days in (0, 1)]
    later = [
        f"commitment_end_date + interval '{day + d} days'" for day in AFTER_END for d in (0, 1)
    ]
    reached = _reached([*ends, "cancellation_allowed_until", "refund_until"])
    moved = f"status NOT IN ('active', 'deleted') AND {_reached(later)}"
    where = f"({reached} OR ({moved}))"
    _mark(connection, where, {"since": since, "now": now}, "date", dirty.DATE_REACHED)


def _reached(moments: Sequence[str]) -> str:
    tests = (f"({moment} > %(since)s AND {moment} <= %(now)s)" for moment in moments)
    return f"({' OR '.join(tests)})"


def _mark(
    connection: Connection, where: str, values: dict[str, Any], reason: str, priority: int
) -> None:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT customer_pc_id, pc_id FROM orders_subscription AS stored"  # noqa: S608 - ours
            f" WHERE connection_id = %(connection)s AND gone_at IS NULL AND {where}",
            {"connection": connection.pk, **values},
        )
        targets = [(parent, key) for parent, key in cursor.fetchall()]
    dirty.mark(connection, NAME, targets, reason=reason, priority=priority)


SUBSCRIPTIONS = Family(
    name=NAME,
    model=Subscription,
    position=40,
    parent="customers",
    parent_column="customer_pc_id",
    listing=Listing(
        operation=LIST_SUBSCRIPTIONS,
        representation=Representation(
            name="list", columns=mapping.LIST_COLUMNS, map=mapping.listed
        ),
        path=lambda parent: {"customer_id": parent},
    ),
    detail=Detail(
        operation=GET_SUBSCRIPTION,
        representation=Representation(
            name="detail", columns=mapping.DETAIL_COLUMNS, map=mapping.detailed
        ),
        path=lambda parent, key: {"customer_id": parent, "subscription_id": key},
    ),
    joins=tenancy.JOINS,
    derived=tenancy.DERIVED,
    details_due=details_due,
    dates_due=dates_due,
)


SEARCH = """
    SELECT t.id AS object_id, t.connection_id,
        CASE WHEN t.reseller_id IS NULL THEN '{}'::bigint[] ELSE ARRAY[t.reseller_id] END
            AS reseller_ids,
        coalesce(nullif(t.friendly_name, ''), t.offer_name) AS title,
        coalesce(customer.name, '') AS subtitle,
        array_remove(ARRAY[lower(t.pc_id), lower(t.order_pc_id)], '') AS keys,
        concat_ws(' ', t.friendly_name, nullif(t.offer_name, t.friendly_name), customer.name) AS text
    FROM orders_subscription AS t LEFT JOIN customers_customer AS customer
        ON customer.id = t.customer_id
    WHERE t.gone_at IS NULL AND {where}
"""


def setup() -> None:
    """Register the family, hooks and the search source (from ``AppConfig.ready``)."""
    register(SUBSCRIPTIONS)
    search.register("subscription", SEARCH)
    tenancy.setup(SUBSCRIPTIONS)
    hooks.on_change(NAME, "search", lambda _connection, ids: _reindex(ids))


def _reindex(ids: Sequence[int]) -> None:
    if ids:
        search.reindex("subscription", ids)
