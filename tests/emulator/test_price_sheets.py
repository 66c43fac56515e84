"""Price sheets by literal address: columns, months, packing, the token they take, and what is refused."""

import csv
import io
import zipfile
import zlib
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from portal.emulator.app import Emulator
from tests.emulator.conftest import NOON
from tests.emulator.tools import Api, Reply

SHEETS = "/v1.0/sales/pricesheets(Market='{}',PricesheetView='{}')/$value"
LICENCES = "updatedlicensebased"
Prices = dict[tuple[str, str, str, str], dict[str, str]]


def sales_token(app: Emulator) -> str:
    """A person's token for the host of price sheets."""
    claims = {"aud": "https://api.partner.microsoft.com", "appid": "x", "upn": "admin@x"}
    return app.tokens.mint("access", claims, app.clock.now(), 3599)


@pytest.fixture
def sales(app: Emulator) -> Api:
    return Api(app, sales_token(app))


def rows(api: Api, query: str = "", market: str = "US", view: str = LICENCES) -> Prices:
    reply = api.get(SHEETS.format(market, view) + query)
    assert reply.status == 200, reply.text
    found = csv.DictReader(io.StringIO(reply.text.removeprefix("\ufeff")))
    names = ("ProductId", "SkuId", "TermDuration", "BillingPlan")
    return {tuple(row[name] for name in names): row for row in found}  # type: ignore[misc] # four


def listed(api: Api, market: str, began: str, sold: dict[str, Any]) -> Decimal | None:
    """What the sheet of a month asks for one seat and one billing cycle; None for what stands on none."""
    month = began[:7].replace("-", "")
    past = f"?timeline=history&month={month}" if month < f"{NOON:%Y%m}" else ""
    product, sku, _rest = sold["offerId"].split(":")
    cycle = sold["billingCycle"]
    row = rows(api, past, market).get((product, sku, sold["termDuration"], cycle.capitalize()))
    parts = {("P1Y", "monthly"): 12, ("P3Y", "annual"): 3}.get((sold["termDuration"], cycle), 1)
    price = Decimal(row["UnitPrice"]) / parts if row else None
    return price and price.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_orders_and_invoice_lines_cost_what_the_sheet_of_the_term_said(
    app: Emulator, sales: Api, user: Api
) -> None:
    number = list(app.store.invoices.invoices)[-1]
    query = "provider=onetime&invoicelineitemtype=billinglineitems&size=2000"
    found = user.get(f"/v1/invoices/{number}/lineitems?{query}").json["items"]
    charged = {line["subscriptionId"]: line for line in found}
    compared, currencies = 0, set()
    for customer in user.customers()[:3]:
        market = app.store.customer(customer).country
        url = f"/v1/customers/{customer}/orders?include_price=True"
        ordered = {one["id"]: one for one in user.get(url).json["items"]}
        for sold in user.subscriptions(customer):
            line = charged[sold["id"]]
            order = ordered[sold["orderId"]]
            price = listed(sales, market, sold["creationDate"], sold)
            if price is None or sold["isTrial"]:
                continue
            assert Decimal(str(order["lineItems"][0]["pricing"]["price"])) == price
            assert order["currencyCode"] == line["pricingCurrency"]
            began = listed(sales, market, sold["effectiveStartDate"], sold)
            assert Decimal(str(line["unitPrice"])) == began, "in the currency of the market"
            seat = Decimal(str(line["effectiveUnitPrice"])) * Decimal(
                str(line["pcToBCExchangeRate"])
            )
            seat = seat.quantize(Decimal("0.01"), ROUND_DOWN)
            assert Decimal(str(line["subtotal"])) == seat * line["quantity"], (
                "and net of the invoice"
            )
            currencies.add(line["pricingCurrency"])
            whole = line["chargeType"] == "cycleCharge"
            assert whole or sold["billingCycle"] == "annual"
            assert not whole or line["effectiveUnitPrice"] == line["unitPrice"]
            compared += 1
    assert compared > 8
    assert currencies - {found[0]["currency"]}


BASIC = ("CFQ7TTC0LH18", "0001", "P1Y", "Annual")
STANDARD = ("CFQ7TTC0LDPB", "0001", "P1Y", "Annual")


def test_a_sheet_has_the_documented_columns_and_prices_by_month(sales: Api) -> None:
    now, before = rows(sales), rows(sales, "?timeline=history&month=202606")
    basic = now[BASIC]
    assert (basic["UnitPrice"], basic["ERP Price"], basic["Currency"]) == ("67.20", "84.00", "USD")
    assert (basic["Market"], basic["Segment"], basic["Publisher"]) == (
        "US",
        "Commercial",
        "Microsoft Corporation",
    )
    assert basic["EffectiveStartDate"] == "7/1/2026 12:00:00 AM"
    assert before[BASIC]["ERP Price"] == "72.00"
    assert before[BASIC]["EffectiveEndDate"] == "6/30/2026 11:59:59 PM"
    upcoming = rows(sales, "?timeline=future")
    assert upcoming[STANDARD]["ERP Price"] != now[STANDARD]["ERP Price"]
    euros = rows(sales, market="FR")
    assert euros[BASIC]["Currency"] == "EUR"
    by_month = [one for terms, one in euros.items() if terms[2:] == ("P1Y", "Monthly")]
    assert by_month
    assert not any(Decimal(one["UnitPrice"]) % Decimal("0.12") for one in by_month), "equal parts"
    assert ("CFQ7TTC0LH18", "0001", "P1M", "Monthly") in rows(sales, view="licensebasedest")
    assert {row["Segment"] for row in rows(sales, view="software").values()} == {"Commercial"}


def test_a_sheet_is_packed_as_the_caller_takes_it(app: Emulator, sales: Api) -> None:
    url, bearer = SHEETS.format("US", "software"), {"Authorization": f"Bearer {sales.token}"}
    plain = sales.get(url).text.encode()
    packed = sales.client.get(url, headers=bearer | {"Accept-Encoding": "deflate"})
    assert packed.headers["Content-Encoding"] == "deflate"
    assert zlib.decompress(packed.data) == plain
    archive = sales.client.get(url, headers=bearer | {"Accept-Encoding": "zip"})
    with zipfile.ZipFile(io.BytesIO(archive.data)) as found:
        assert found.read("sheets.csv") == plain


def test_what_is_no_sheet_is_refused(app: Emulator, sales: Api, user: Api) -> None:
    def ask(query: str, market: str = "US", view: str = LICENCES) -> tuple[int, int]:
        reply: Reply = sales.get(SHEETS.format(market, view) + query)
        return reply.status, reply.code

    assert ask("?timeline=history&month=202611") == (400, 3000)
    assert ask("?timeline=history&month=2026-1") == (400, 3000)
    assert ask("?timeline=tomorrow") == (400, 3000)
    assert ask("", view="everything") == (400, 3000)
    assert ask("", market="XX") == (400, 3000)
    other = user.get(SHEETS.format("US", LICENCES))
    assert (other.status, other.code) == (401, 900420), "Partner Center's own token is not taken"
    assert sales.get("/v1/customers").status == 401
    app.clock.set(datetime.fromisoformat("2027-01-05T00:00:00+00:00"))
    assert rows(Api(app, sales_token(app)))[STANDARD]["EffectiveStartDate"].startswith("12/1/2026")
