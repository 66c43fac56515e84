"""What happened to a subscription, and how it was on a day, with what was scheduled and chosen for the end of its term.

Entries keep the reseller of their moment: a reseller never sees what happened under another one.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import term_end
from orders.models import Subscription
from orders.renewals import lifecycle
from orders.scheduling import schedules
from portal.access import wall
from portal.access.scope import Scope
from portal.outbox.history import Columns, Event, row_on
from portal.ui import formats, statuses

LIMIT = 30
PAGE = 200
"""How many changes its page shows."""


def _scheduled(value: Mapping[str, Any]) -> str:
    """A scheduled change in words; one that leaves all as it is says so."""
    told = schedules.words(schedules.told(value))
    choice = term_end.of_action(str(value.get("actionType") or ""))
    return told or (term_end.words(choice) if choice else _("Renews as it is"))


COLUMNS = Columns(
    labels={
        "quantity": gettext_lazy("Seats"),
        "status": gettext_lazy("Status"),
        "friendly_name": gettext_lazy("Name"),
        "offer_name": gettext_lazy("Product"),
        "auto_renew": gettext_lazy("Auto-renew"),
        "term_duration": gettext_lazy("Term"),
        "renewal_term_duration": gettext_lazy("Next term"),
        "billing_cycle": gettext_lazy("Billed"),
        "effective_start_date": gettext_lazy("Term start"),
        "commitment_end_date": gettext_lazy("Term end"),
        "cancellation_allowed_until": gettext_lazy("Can be cancelled until"),
        "partner_mpn_id": gettext_lazy("PartnerID"),
        "promotion_id": gettext_lazy("Promotion"),
        "scheduled_change": gettext_lazy("Scheduled for the next term"),
        "gone_at": gettext_lazy("Gone from Partner Center"),
    },
    words={
        "status": lambda value: str(statuses.status(value).word),
        "term_duration": formats.term,
        "renewal_term_duration": formats.term,
        "billing_cycle": formats.billing,
        "scheduled_change": _scheduled,
    },
    titles={
        "quantity": gettext_lazy("Seats changed"),
        "status": gettext_lazy("Status changed"),
        "friendly_name": gettext_lazy("Renamed"),
        "auto_renew": gettext_lazy("Auto-renew changed"),
        "scheduled_change": gettext_lazy("Scheduled change"),
        "gone_at": gettext_lazy("Gone from Partner Center"),
    },
)


# Since when the present reseller has it: old rows of another one are hidden by policies, not how long ago they ended.
SIGNATURE = "orders_sold_since(bigint)"
FUNCTION = """
CREATE OR REPLACE FUNCTION orders_sold_since(subscription bigint) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT greatest(s.first_seen_at, max(e.pgh_created_at))
    FROM orders_subscription AS s
    LEFT JOIN orders_subscriptionevent AS e
        ON e.pgh_obj_id = s.id AND e.reseller_id IS DISTINCT FROM s.reseller_id
    WHERE s.id = subscription GROUP BY s.id
$$
"""


def register() -> None:
    """Offer the function; called from OrdersConfig.ready."""
    wall.offer(SIGNATURE, FUNCTION)


def known_since(scope: Scope, row: Subscription) -> dt.datetime:
    """From when on this person may know of it: a reseller since it sells it."""
    if scope.sees_whole(row.connection_id):
        return row.first_seen_at
    with connection.cursor() as cursor:
        cursor.execute("SELECT orders_sold_since(%s)", [row.pk])
        found: dt.datetime = cursor.fetchone()[0]
    return found


def state_on(
    scope: Scope, row: Subscription, day: dt.date, since: dt.datetime
) -> list[tuple[str, str]] | None:
    """How it was at the end of a day, label and value; None where it was not known here yet (``known_since``)."""
    found = row_on(day, row, _rows(scope, row), since)
    return (
        None
        if found is None
        else [*COLUMNS.state(found), (_("At the end of the term"), _end(found))]
    )


def _end(row: Any) -> str:
    """What was chosen for the end of the term, in words."""
    if lifecycle.of(row) is lifecycle.Lifecycle.OUTSIDE:
        return formats.DASH
    return term_end.words(term_end.chosen(vars(row)))


def of_subscription(scope: Scope, subscription: Subscription, limit: int = LIMIT) -> list[Event]:
    """The latest changes, newest first, as far as this scope may see them."""
    rows = _rows(scope, subscription).order_by("-pgh_id")[:limit]
    return COLUMNS.events(list(rows), subscription)


def _rows(scope: Scope, row: Subscription) -> QuerySet[Any]:
    """Old rows, as far as this scope may see them."""
    rows = apps.get_model("orders", "SubscriptionEvent").objects.filter(pgh_obj_id=row.pk)
    return scope.filter(rows)
