"""What happened to a subscription.

Entries keep the reseller of their moment: a reseller never sees what happened under another one.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy, pgettext

from customers.history import past
from orders.models import Subscription
from orders.scheduling import schedules
from portal.access.scope import Scope
from portal.outbox.history import Columns, Event, row_on
from portal.ui import formats, statuses

LIMIT = 30


def _scheduled(told: Mapping[str, Any]) -> str:
    return schedules.words(schedules.told(told)) or pgettext("no value", "none")


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
        "scheduled_change": gettext_lazy("Scheduled change"),
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
        "gone_at": gettext_lazy("Gone from Partner Center"),
    },
    detail=("refundable_total", "scheduled_change"),
)


def of_subscription(scope: Scope, subscription: Subscription) -> list[Event]:
    """The latest changes, newest first, as far as this scope may see them."""
    rows = _rows(scope, subscription)
    return COLUMNS.events(list(rows.order_by("-pgh_id")[:LIMIT]), subscription)


def known_since(scope: Scope, subscription: Subscription) -> dt.datetime:
    """From when on this person may know of it: a reseller since the customer buys through it."""
    customer, first = subscription.customer, subscription.first_seen_at
    if customer is None or scope.sees_whole(subscription.connection_id):
        return first
    return max(first, past.known_since(scope, customer))


def state_on(
    scope: Scope, subscription: Subscription, day: dt.date
) -> list[tuple[str, str]] | None:
    """The subscription at the end of a day, label and value; None where it was not known here yet."""
    since = known_since(scope, subscription)
    row = row_on(_rows(scope, subscription), subscription, day, since)
    return None if row is None else COLUMNS.state(row)


def _rows(scope: Scope, subscription: Subscription) -> Any:
    events = apps.get_model("orders", "SubscriptionEvent").objects
    return scope.filter(events.filter(pgh_obj_id=subscription.pk))
