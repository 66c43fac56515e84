"""The card on a customer's overview: what the latest invoices charge us for it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Sum
from django.http import HttpRequest
from django.urls import reverse

from billing import queries
from billing.models import InvoiceLine
from customers.models import Customer
from portal.access.http import scope_of
from portal.access.scope import Scope
from portal.ui import cards

EACH = 4


@dataclass(frozen=True)
class Charged:
    """What one invoice charges for one customer in one currency. Both amounts are cost."""

    number: str
    date: dt.datetime | None
    url: str
    currency: str
    net: Decimal
    total: Decimal


def register() -> None:
    """Add the card; called from BillingConfig.ready."""
    card = cards.Card("spend", "billing/_spend.html", _find, 15, queries.RIGHT)
    cards.register("customer", card)


def _find(request: HttpRequest, row: Customer) -> dict[str, Any]:
    scope = scope_of(request)
    if not scope.narrowed(queries.RIGHT).sees_whole(row.connection_id):
        return {"sees_cost": False}
    return {"sees_cost": True, "charged": charged(scope, row)}


def charged(scope: Scope, row: Customer) -> list[Charged]:
    """The latest invoices with lines of this customer, the newest first."""
    live = InvoiceLine.objects.filter(customer=row, gone_at=None, invoice__gone_at=None)
    named = ("invoice_id", "invoice__pc_id", "invoice__invoice_date", "currency")
    found = (
        scope.narrowed(queries.RIGHT)
        .filter(live)
        .values(*named)
        .annotate(net=Sum("subtotal"), gross=Sum("total"))
        .order_by("-invoice__invoice_date", "-invoice_id", "currency")[:EACH]
    )
    query = urlencode({"q": row.pc_id})
    return [
        Charged(
            number=one["invoice__pc_id"],
            date=one["invoice__invoice_date"],
            url=f"{reverse('invoice', args=[one['invoice_id']])}?{query}",
            currency=one["currency"],
            net=one["net"] or Decimal(0),
            total=one["gross"] or Decimal(0),
        )
        for one in found
    ]
