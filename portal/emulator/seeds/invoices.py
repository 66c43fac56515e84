"""Invoices and their lines, worked out from the seed: an invoice of a million lines takes no memory.

A line is a function of its position. The first round over all subscriptions charges each for its
cycle, at the price of the sheet by which its term began; where the cycle is longer and no charge is due
in the month, seats are added or removed instead. So they are in turn in later rounds, of invoices with
more lines than there are subscriptions. An invoice that was issued stays as it is, whatever happens to
its subscriptions.
"""

import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from threading import RLock

from portal.emulator import pricesheets, render
from portal.emulator.clock import iso
from portal.emulator.model import JSON, Customer, Subscription
from portal.emulator.seeds import people
from portal.emulator.seeds.estate import Estate
from portal.emulator.settings import PARTNER_MPN_ID, PARTNER_NAME, Settings

MONTHS = 5
KEPT_CUSTOMERS = 2_500
CURRENCY = "USD"
Sums = tuple[list[int], list[tuple[int, int, int]]]
_FIRST_NUMBER = 24_130
_TAX_PERCENT = 20
_MILLION = 1_000_000
# charge type, seats (0: those of the subscription), sign, days charged (0: the cycle)
_KINDS = (("cycleCharge", 0, 1, 0), ("addQuantity", 3, 1, 12), ("removeQuantity", 1, -1, 9))


@dataclass
class Invoice:
    """One invoice, issued ``back`` months ago. ``revised`` are positions of lines that somebody changed by the control plane."""

    number: str
    at: datetime
    first_day: date
    last_day: date
    lines: int
    provider: str = "one_time"
    back: int = 0
    revised: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Charged:
    """What the lines of one subscription have in common.

    ``cents`` is the price of a seat in the market's currency, ``daily`` a day of it in millionths of a cent;
    ``rate`` is what the one is in ``CURRENCY``, in millionths; ``first`` is the kind of its first line by how
    many months ago an invoice was issued.
    """

    text: str
    order: str
    cents: int
    daily: int
    rate: int
    seats: int
    first: tuple[int, ...]

    def kind(self, round_number: int, back: int) -> int:
        """Return what a line charges, by its place in ``_KINDS``."""
        return _kind(round_number) if round_number else self.first[back]


def _kind(round_number: int) -> int:
    """The place in ``_KINDS`` of a round, in ``Sums`` too: after the first one seats come and go."""
    return 2 - round_number % 2 if round_number else 0


def _amounts(
    charged: Charged, kind: int, back: int, extra: int = 0
) -> tuple[str, int, str, int, int]:
    """Return charge type, quantity, effective price, net and tax; amounts in cents.

    The price is in the market's currency; a seat's is taken to the invoice's and cut to the cent, as Microsoft's
    reconciliation file says.
    """
    name, seats, sign, days = _KINDS[kind]
    # There were fewer seats before.
    quantity = (seats or max(charged.seats * (100 - 4 * back) // 100, 1)) + extra
    # Eight decimals: a thirtieth of a price has no end.
    millionths = charged.daily * days if days else charged.cents * _MILLION
    net = millionths * charged.rate // (_MILLION * _MILLION) * quantity
    tax = (net * _TAX_PERCENT + 50) // 100
    price = f"{millionths // 100_000_000}.{millionths % 100_000_000:08d}"
    return name, sign * quantity, price, sign * net, sign * tax


def price_cents(sold: Subscription, began: datetime, anchor: datetime, country: str) -> int:
    """Return what a seat costs the partner for one charge of a term: as the price sheets of that day say.

    In cents of the market's currency. What stands on no sheet (legacy, Azure) has a price made up.
    """
    if sold.is_trial:
        return 0
    listed = pricesheets.charge_cents(sold.item, began.date(), anchor.date(), country)
    return 210 + zlib.crc32(sold.item.offer_id.encode()) % 4_000 if listed is None else listed


def decimal(cents: int) -> str:
    """Return an amount as JSON writes it."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


class Book:
    """All invoices of the partner. Made on first use; safe for threads."""

    def __init__(self, settings: Settings, anchor: datetime, estate: Estate) -> None:
        self._settings = settings
        self._anchor = anchor
        self._estate = estate
        self._lock = RLock()
        self._charged: OrderedDict[int, list[Charged]] = OrderedDict()
        self._summed: dict[int, Sums] = {}

    @cached_property
    def _customers(self) -> list[Customer]:
        """The customers of the seed, as they were when the invoices were issued."""
        settings = self._settings
        partners = people.resellers(settings.seed, settings.resellers)
        directory = people.Directory(settings.seed, partners)
        return [directory.customer(index) for index in range(settings.customers)]

    @cached_property
    def _offsets(self) -> list[int]:
        """The first line of each customer within a round, and the length of a round at the end."""
        found = [0]
        for customer in self._customers:
            found.append(found[-1] + len(self._of(customer.index)))
        return found

    @cached_property
    def invoices(self) -> dict[str, Invoice]:
        """By number, the oldest first; the newest has as many lines as the settings say."""
        with self._lock:
            made = [self._legacy(), *(self._invoice(back) for back in reversed(range(MONTHS)))]
            if self._settings.invoice_lines is not None and self._offsets[-1]:
                made[-1].lines = self._settings.invoice_lines
            return {invoice.number: invoice for invoice in made}

    def _invoice(self, back: int) -> Invoice:
        at, first, last = self._period(back)
        number = f"G{_FIRST_NUMBER + MONTHS - back:09d}"
        return Invoice(number, at, first, last, self._offsets[-1], back=back)

    def _legacy(self) -> Invoice:
        """An old licence invoice: its lines are of another provider."""
        at, first, last = self._period(MONTHS)
        return Invoice("D02005YFHI", at, first, last, 0, "office")

    def _period(self, back: int) -> tuple[datetime, date, date]:
        """Return when an invoice was issued, on the 8th, and the first and last day it is about."""
        month = self._anchor.year * 12 + self._anchor.month - 1 - back
        month -= self._anchor.day < 8
        issued = datetime(month // 12, month % 12 + 1, 8, 2, 22, 47, 603895, tzinfo=UTC)
        last = date(issued.year, issued.month, 1) - timedelta(days=1)
        return issued, last.replace(day=1), last

    def _of(self, index: int) -> list[Charged]:
        with self._lock:
            found = self._charged.get(index)
            if found is None:
                customer = self._customers[index]
                sold = self._estate.subscriptions(customer)
                found = self._charged[index] = [self._charge(customer, one) for one in sold]
                if len(self._charged) > KEPT_CUSTOMERS:
                    self._charged.popitem(last=False)
            return found

    def _charge(self, customer: Customer, sold: Subscription) -> Charged:
        item = sold.item
        cents = price_cents(sold, sold.start, self._anchor, customer.country)
        currency, dollar = pricesheets.money(customer.country)
        rate = round(_MILLION / dollar)
        frame = {
            "partnerId": self._settings.tenant_id,
            "customerId": customer.id,
            "customerName": customer.name,
            "customerDomainName": customer.domain,
            "customerCountry": customer.country,
            "mpnId": PARTNER_MPN_ID,
            "resellerMpnId": int(sold.partner_id or 0),
            "orderId": sold.order_id,
            "productId": item.product_id,
            "skuId": item.sku_id,
            "availabilityId": item.availability_id,
            "productName": item.title,
            "skuName": item.title,
            "publisherName": "Microsoft Corporation",
            "publisherId": "",
            "subscriptionDescription": sold.name,
            "subscriptionId": sold.id,
            "termAndBillingCycle": f"{item.term}, {item.billing_cycle}",
            "billingFrequency": item.billing_cycle,
            "unitType": "Licenses",
            "alternateId": sold.order_id,
            "priceAdjustmentDescription": "",
            "creditReasonCode": "",
            "promotionId": "",
            "referenceId": "",
            "reservationOrderId": "",
            "meterDescription": "",
            "pricingCurrency": currency,
            "pcToBCExchangeRate": rate / _MILLION,
            "unitPrice": 0,
        }
        text = render.encode(frame).decode().removesuffix("0}") + decimal(cents)
        months = pricesheets.CYCLE_MONTHS.get(item.billing_cycle, 1)
        daily = cents * _MILLION // (30 * months)
        return Charged(
            text, iso(sold.created), cents, daily, rate, sold.quantity, self._first(sold, months)
        )

    def _first(self, sold: Subscription, months: int) -> tuple[int, ...]:
        """The kind of the first line of each invoice: a longer cycle is charged when its month comes round."""
        began = sold.start.year * 12 + sold.start.month
        passed = [first.year * 12 + first.month - began for first in self._first_days]
        return tuple(_kind(one % months) for one in passed)

    @cached_property
    def _first_days(self) -> list[date]:
        """The first day that each invoice is about, by how many months ago it was issued."""
        return [self._period(back)[1] for back in range(MONTHS)]

    # Totals and lines

    def total(self, invoice: Invoice) -> str:
        """Return the sum over all lines, worked out round by round and not line by line."""
        if not invoice.lines:
            return "24606.35" if invoice.provider == "office" else "0.00"
        rounds, rest = divmod(invoice.lines, self._offsets[-1])
        whole, part = self._sums(invoice.back)
        cents = sum(whole[_kind(number)] for number in range(rounds))
        cents += sum(one[_kind(rounds)] for one in part[:rest])
        for position in invoice.revised:
            cents += self._net(invoice, position, 1) - self._net(invoice, position, 0)
        return decimal(cents)

    def _sums(self, back: int) -> Sums:
        """What each kind of round comes to, and each of its lines; with tax, in cents."""
        with self._lock:
            if back not in self._summed:
                self._summed[back] = self._sum_up(back)
            return self._summed[back]

    def _sum_up(self, back: int) -> Sums:
        lines = []
        for customer in self._customers:
            for charged in self._of(customer.index):
                kinds = (charged.first[back], 1, 2)
                first, second, third = (_amounts(charged, kind, back) for kind in kinds)
                lines.append((first[3] + first[4], second[3] + second[4], third[3] + third[4]))
        return [sum(line[kind] for line in lines) for kind in range(3)], lines

    def _net(self, invoice: Invoice, position: int, extra: int) -> int:
        if position >= invoice.lines:
            return 0
        charged, round_number = self._at(position)
        kind = charged.kind(round_number, invoice.back)
        amounts = _amounts(charged, kind, invoice.back, extra)
        return amounts[3] + amounts[4]

    def _at(self, position: int) -> tuple[Charged, int]:
        round_number, place = divmod(position, self._offsets[-1])
        index = bisect_right(self._offsets, place) - 1
        return self._of(index)[place - self._offsets[index]], round_number

    def lines(self, invoice: Invoice, start: int, size: int) -> Iterator[str]:
        """Yield the JSON of some lines."""
        tail = (
            f'"invoiceNumber":"{invoice.number}","currency":"{CURRENCY}",'
            f'"pcToBCExchangeRateDate":"{iso(invoice.at)}",'
            f'"subscriptionStartDate":"{invoice.first_day}T00:00:00Z","subscriptionEndDate":'
            f'"{invoice.last_day}T00:00:00Z","invoiceLineItemType":"billing_line_items",'
            '"billingProvider":"one_time","attributes":{"objectType":"OneTimeInvoiceLineItem"}}'
        )
        back = invoice.back
        with self._lock:
            for position in range(start, min(start + size, invoice.lines)):
                charged, number = self._at(position)
                extra = int(position in invoice.revised)
                kind = charged.kind(number, back)
                name, quantity, price, net, tax = _amounts(charged, kind, back, extra)
                yield (
                    f'{charged.text},"effectiveUnitPrice":{price},"chargeType":"{name}",'
                    f'"quantity":{quantity},"billableQuantity":{quantity},"subtotal":{decimal(net)}'
                    f',"taxTotal":{decimal(tax)},"totalForCustomer":{decimal(net + tax)},'
                    f'"orderDate":"{charged.order}",{tail}'
                )

    def render(self, invoice: Invoice) -> JSON:
        """Return an invoice as the list and get-by-id show it; ``totalCharges`` stands in by text."""
        documents = f"/invoices/{invoice.number}/documents/statement"
        legacy = invoice.provider == "office"
        kind, provider = ("Recurring", "Office") if legacy else ("OneTime", "OneTime")
        own = f"/invoices/{kind}-{invoice.number}"
        detail = {
            "invoiceLineItemType": "billing_line_items",
            "billingProvider": invoice.provider,
            "links": {"self": render.link(f"{own}/lineitems/{provider}/BillingLineItems")},
            "attributes": {"objectType": "InvoiceDetail"},
        }
        return {
            "id": invoice.number,
            "invoiceDate": iso(invoice.at),
            "billingPeriodStartDate": f"{invoice.first_day}T00:00:00Z",
            "billingPeriodEndDate": f"{invoice.last_day}T23:59:59Z",
            "totalCharges": render.number(self.total(invoice)),
            "paidAmount": 0,
            "currencyCode": CURRENCY,
            "currencySymbol": "$",
            "pdfDownloadLink": documents,
            "taxReceipts": [],
            "invoiceDetails": [detail],
            "documentType": "invoice",
            "invoiceType": kind,
            "links": {"self": render.link(own)},
            "attributes": {"objectType": "Invoice"},
        }

    def statement(self, invoice: Invoice) -> bytes:
        """Return the invoice as a PDF of one page."""
        words = f"{PARTNER_NAME}  {invoice.number}  {self.total(invoice)} {CURRENCY}"
        drawn = f"BT /F1 14 Tf 72 760 Td ({words}) Tj ET".encode("latin-1")
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            (
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
                b" /Resources << /Font << /F1 5 0 R >> >> >>"
            ),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        return _pdf(objects)


def _pdf(objects: list[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    )
