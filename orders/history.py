"""What happened to a subscription.

Entries keep the reseller of their moment: a reseller never sees what happened under another one.
"""

from django.apps import apps
from django.utils.translation import gettext_lazy

from orders.models import Subscription
from portal.access.scope import Scope
from portal.outbox.history import Columns, Event
from portal.ui import formats, statuses

LIMIT = 30
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
        "gone_at": gettext_lazy("Gone from Partner Center"),
    },
    words={
        "status": lambda value: str(statuses.status(value).word),
        "term_duration": formats.term,
        "renewal_term_duration": formats.term,
        "billing_cycle": formats.billing,
    },
    titles={
        "quantity": gettext_lazy("Seats changed"),
        "status": gettext_lazy("Status changed"),
        "friendly_name": gettext_lazy("Renamed"),
        "auto_renew": gettext_lazy("Auto-renew changed"),
        "gone_at": gettext_lazy("Gone from Partner Center"),
    },
)


def of_subscription(scope: Scope, subscription: Subscription) -> list[Event]:
    """The latest changes, newest first, as far as this scope may see them."""
    rows = apps.get_model("orders", "SubscriptionEvent").objects.filter(pgh_obj_id=subscription.pk)
    return COLUMNS.events(list(scope.filter(rows).order_by("-pgh_id")[:LIMIT]), subscription)
