"""Sheet, order, invoice and what-if of one term speak the currency of its market, whatever the invoice is paid in."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from billing import mapping
from orders.models import Subscription
from orders.prices import running, unpacking
from orders.prices.models import PriceBook, SheetPrice
from orders.prices.part import SHEETS
from orders.prices.quoting import Side
from orders.renewals import whatif
from orders.renewals.whatif import Way
from portal.access.entering import entered
from portal.access.models import User
from portal.access.scope import Scope
from portal.connections.models import Connection
from portal.emulator.app import Emulator, create_app
from portal.emulator.pricesheets import money, sheet
from portal.emulator.settings import Settings
from portal.mirror.bulk.tables import as_raw
from tests.billing.world import make_invoice, make_line
from tests.emulator.tools import Api
from tests.factories import make_connection, store
from tests.orders.prices.conftest import make_price
from tests.people import Estate, make_order

LINES = "/v1/invoices/{}/lineitems?provider=onetime&invoicelineitemtype=billinglineitems&size=2000"


def of_market(app: Emulator, user: Api, currency: str) -> tuple[str, dict[str, Any]]:
    """A customer who pays in a currency, and what it has for a year, billed by the month."""
    for customer in user.customers():
        if money(app.store.customer(customer).country)[0] != currency:
            continue
        for sold in user.subscriptions(customer):
            terms = (sold["termDuration"], sold["billingCycle"], sold["isTrial"])
            if terms == ("P1Y", "monthly", False) and sold["status"] == "active":
                return customer, sold
    raise AssertionError(currency)


def mirrored(connection: Connection) -> tuple[Subscription, dict[str, Any], dict[str, Any]]:
    """One subscription of a customer in euros as a sync leaves it, with its sheet, order and newest line."""
    app = create_app(Settings())
    user = Api(app)
    user.token = user.control("POST", "tokens", {"action": "issue"})["user_token"]
    customer, sold = of_market(app, user, "EUR")
    who = user.get(f"/v1/customers/{customer}").json
    store("customers", connection, who)
    store("customers", connection, who, detail=True)
    store("subscriptions", connection, sold, parent=customer)
    orders = user.get(f"/v1/customers/{customer}/orders?include_price=True").json["items"]
    store("orders", connection, *orders, parent=customer)
    row = Subscription.objects.get(connection=connection, pc_id=sold["id"])
    today = timezone.now().date()
    market, month = app.store.customer(customer).country, today.replace(day=1)
    read = unpacking.rows(sheet("updatedlicensebased", market, month, today))
    rows = [one for one in read if one["productid"] == row.product_id]
    store(SHEETS, connection, *rows, parent=f"{market}/updatedlicensebased/{month:%Y%m}")
    number = list(app.store.invoices.invoices)[-1]
    lines = user.get(LINES.format(number)).json["items"]
    wire = next(one for one in lines if one["subscriptionId"] == sold["id"])
    line = dict(zip(mapping.LINE_COLUMNS, mapping.line(as_raw(wire)), strict=True))
    make_line(make_invoice(connection), subscription=row, **line)
    return row, wire, next(one for one in orders if one["id"] == sold["orderId"])


def test_a_term_in_euros_is_compared_in_euros_while_its_invoice_is_in_dollars(db: None) -> None:
    connection = make_connection()
    row, line, order = mirrored(connection)
    assert (line["currency"], line["pricingCurrency"], order["currencyCode"]) == (
        "USD",
        "EUR",
        "EUR",
    )
    told = whatif.book(Scope.system(), [row])
    (found,) = told.lines
    now, renewed = (found.ways[way][Side.COST] for way in (Way.NOW, Way.RENEW))
    assert now.note.startswith("last invoice line")
    assert row.quantity
    assert now.value == Decimal(str(line["unitPrice"])) * row.quantity
    assert {now.currency, renewed.currency} == {"EUR"}
    (listed,) = {one.currency for one in SheetPrice.objects.all()}
    assert listed == "EUR"
    (total,) = told.totals
    assert {Way.NOW, Way.RENEW} <= set(total.sums), "of one currency, that can be compared"


def test_without_an_order_a_line_tells_a_price_in_its_own_currency_alone(
    estate: Estate, boss: User, rita: User, book: PriceBook
) -> None:
    row = estate.fabrikam_seats
    row.product_id, row.sku_id, row.term_duration = "CFQ7TTC0LH18", "0001", "P1Y"
    row.billing_cycle, row.effective_start_date = "monthly", dt.datetime(2026, 1, 9, tzinfo=dt.UTC)
    row.save()
    line = make_line(
        make_invoice(estate.connection),
        subscription=row,
        charge_type="cycleCharge",
        unit_price=Decimal("5.30"),
        quantity=10,
        subtotal=Decimal("57.60"),
        currency="USD",
        billing_frequency="monthly",
    )

    def told(person: User) -> list[tuple[str, str]]:
        scope = Scope.for_user(person)
        with entered(scope):
            return [(one.seat, one.source) for one in running.words(scope, row)]

    assert told(boss)[0] == ("–", ""), "5.30 of what, times a rate"
    missing = ("–", "no price on a price sheet of January 2026")
    order = make_order(row)
    order.currency = "EUR"
    order.save()
    said = "last invoice line, October 2026"
    assert told(boss) == [("€5.30", said), missing]
    assert told(rita) == [("–", ""), ("–", "")]
    order.delete()
    line.subtotal = Decimal("53.00")
    line.save()
    assert told(boss)[0] == ("US$5.30", said), "nothing was exchanged"
    make_price(estate.connection, month=dt.date(2026, 1, 1))
    assert told(boss)[1] == ("–", ""), "the sheet is there, a rule is not"
