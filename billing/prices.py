"""What a seat of a subscription costs, as its newest invoice line for a whole cycle says.

Lines for a part of a cycle are left out: their prices are those of some days.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC

from django.db.models import F
from django.db.models.functions import Coalesce, Lower

from billing.models import InvoiceLine
from billing.queries import RIGHT
from billing.sync import CYCLE_CHARGES
from portal.access.scope import Scope
from portal.outbox import costs
from portal.outbox.costs import Price


def of_subscriptions(scope: Scope, ids: Sequence[int]) -> Mapping[int, Price]:
    """The net price of a seat by subscription, of those whose cost the scope sees."""
    lines = InvoiceLine.objects.alias(charge=Lower("charge_type")).filter(
        subscription__in=ids,
        charge__in=CYCLE_CHARGES,
        gone_at=None,
        invoice__gone_at=None,
    )
    newest = F("invoice__invoice_date").desc(nulls_last=True)
    found = (
        scope.narrowed(RIGHT)
        .filter(lines)
        .annotate(price=Coalesce("effective_unit_price", "unit_price"))
        .exclude(price=None)
        .order_by("subscription_id", newest, "-position")
        .distinct("subscription_id")
        .values_list(
            "subscription_id", "price", "currency", "billing_frequency", "invoice__invoice_date"
        )
    )
    return {
        pk: Price(price, currency, cycle.lower(), at.astimezone(UTC).date() if at else None)
        for pk, price, currency, cycle, at in found
        if price is not None
    }


def setup() -> None:
    """Enter the prices; called from BillingConfig.ready."""
    costs.register("subscription", costs.Source(RIGHT, of_subscriptions))
