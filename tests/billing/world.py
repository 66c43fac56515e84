"""A Partner Center in memory that also has invoices and their lines."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from billing.models import Invoice, InvoiceLine
from portal.connections.models import Connection
from portal.partnercenter.wire import Ask
from tests.factories import guid, store
from tests.mirror.world import World


def wire_invoice(number: str, total: str = "100.00", **fields: Any) -> dict[str, Any]:
    """An entry of the list of invoices, with new-commerce lines."""
    return {
        "id": number,
        "invoiceDate": "2026-10-08T02:22:47.603895Z",
        "billingPeriodStartDate": "2026-09-01T00:00:00Z",
        "billingPeriodEndDate": "2026-09-30T23:59:59Z",
        "totalCharges": Decimal(total),
        "paidAmount": 0,
        "currencyCode": "USD",
        "currencySymbol": "$",
        "pdfDownloadLink": f"/invoices/{number}/documents/statement",
        "invoiceDetails": [
            {"invoiceLineItemType": "billing_line_items", "billingProvider": "one_time"}
        ],
        "documentType": "invoice",
        "invoiceType": "OneTime",
        "attributes": {"objectType": "Invoice"},
        **fields,
    }


def wire_line(number: int, **fields: Any) -> dict[str, Any]:
    """A line as get-invoiceline-items shows it; its amounts depend on its number."""
    net = Decimal(number) * Decimal("0.37")
    return {
        "partnerId": guid("partner"),
        "customerId": guid(f"C{number % 3}"),
        "customerName": f"C{number % 3}",
        "invoiceNumber": "G1",
        "mpnId": "4390100",
        "resellerMpnId": 0,
        "orderId": f"order{number}",
        "productId": "CFQ7TTC0LH18",
        "skuId": "0001",
        "productName": "Microsoft 365 Business Basic",
        "chargeType": "cycleCharge",
        "unitPrice": Decimal("0.37"),
        "effectiveUnitPrice": Decimal("0.3700000001"),
        "unitType": "Licenses",
        "quantity": number,
        "subtotal": net,
        "taxTotal": Decimal("0.01"),
        "totalForCustomer": net + Decimal("0.01"),
        "currency": "USD",
        "subscriptionId": guid(f"subscription S{number % 3}.0"),
        "subscriptionStartDate": "2026-09-01T00:00:00Z",
        "subscriptionEndDate": "2026-09-30T00:00:00Z",
        "termAndBillingCycle": "P1Y, monthly",
        "billingFrequency": "monthly",
        "attributes": {"objectType": "OneTimeInvoiceLineItem"},
        **fields,
    }


def make_invoice(connection: Connection, number: str = "G000024135", **fields: Any) -> Invoice:
    """An invoice of the list."""
    store("invoices", connection, wire_invoice(number, **fields))
    return Invoice.objects.get(connection=connection, pc_id=number)


def make_line(invoice: Invoice, position: int = 0, **fields: Any) -> InvoiceLine:
    """A line as the sync would have left it."""
    values = {"customer_pc_id": guid("C0"), "customer_name": "C0", "currency": "USD"}
    return InvoiceLine.objects.create(
        connection=invoice.connection,
        invoice=invoice,
        position=position,
        digest=position,
        **(values | fields),
    )


@dataclass
class Books(World):
    """Invoices by number, each with its lines."""

    invoices: list[dict[str, Any]] = field(default_factory=list)
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def invoice(self, number: str, count: int, **fields: Any) -> None:
        self.invoices.append(wire_invoice(number, **fields))
        self.lines[number] = [wire_line(place) for place in range(count)]

    def _list_invoices(self, ask: Ask) -> dict[str, Any]:
        start = int(ask.query.get("offset") or 0)
        return {"items": self.invoices[start:], "totalCount": len(self.invoices)}

    def _list_invoice_lines(self, ask: Ask) -> dict[str, Any]:
        return self._page(self.lines[ask.path["invoice_id"]], ask)
