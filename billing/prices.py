"""What a seat of a subscription costs, as its newest invoice line for a whole cycle says.

Microsoft writes unit prices in the currency of the market's price sheet, and the line's net, tax, total and
``currency`` in that of the invoice: what a seat costs there, cut to the cent, times the seats is the net.
Lines for a part of a cycle are left out: their prices are those of some days.
"""

from django.db.models import F, JSONField, OuterRef, Subquery, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, JSONObject, Lower

from billing.models import InvoiceLine
from billing.sync import CYCLE_CHARGES
from orders.prices import told


def newest_line() -> Combinable:
    """Over rows of subscriptions: the net price of a seat, as ``told.register_invoices`` takes it."""
    lines = InvoiceLine.objects.annotate(
        charge=Lower("charge_type"), price=Coalesce("effective_unit_price", "unit_price")
    ).filter(
        subscription=OuterRef("pk"),
        charge__in=CYCLE_CHARGES,
        price__isnull=False,
        gone_at=None,
        invoice__gone_at=None,
    )
    # A JSON number would be read as a float.
    price = JSONObject(
        amount=Cast("price", TextField()),
        seats=Cast("quantity", TextField()),
        net=Cast("subtotal", TextField()),
        currency="currency",
        cycle="billing_frequency",
        at="invoice__invoice_date",
    )
    newest = F("invoice__invoice_date").desc(nulls_last=True)
    found = lines.order_by(newest, "-position").values(told=price)[:1]
    return Subquery(found, output_field=JSONField())


def setup() -> None:
    """Enter the prices; called from BillingConfig.ready."""
    told.register_invoices(newest_line)
