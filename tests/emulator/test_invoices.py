"""Emulated invoices: lines made page by page, whose sum is the invoice's total to the cent."""

import json
import tracemalloc
from decimal import Decimal
from typing import Any

import pytest

from portal.emulator.app import Emulator, create_app
from portal.emulator.settings import Settings
from tests.emulator.conftest import NOON
from tests.emulator.tools import Api

QUERY = "provider=onetime&invoicelineitemtype=billinglineitems"


def invoices(api: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        api.get("/v1/invoices?size=200&offset=0").text, parse_float=Decimal
    )["items"]
    return found


def lines(api: Api, number: str, size: int = 2000) -> list[dict[str, Any]]:
    url = f"/v1/invoices/{number}/lineitems?{QUERY}&size={size}"
    page = json.loads(api.get(url).text, parse_float=Decimal)
    found = page["items"]
    while "next" in page["links"]:
        (header,) = page["links"]["next"]["headers"]
        assert header["key"] == "MS-ContinuationToken"
        reply = api.get(f"{url}&seekOperation=Next", MS_ContinuationToken=header["value"])
        page = json.loads(reply.text, parse_float=Decimal)
        found += page["items"]
    return list(found)


def newest(app: Emulator) -> str:
    return list(app.store.invoices.invoices)[-1]


@pytest.fixture
def long(app: Emulator) -> Api:
    """The newest invoice with more lines than there are subscriptions, three rounds and a bit."""
    api = Api(create_app(Settings(now=NOON, frozen=True, invoice_lines=900)))
    api.token = api.control("POST", "tokens", {"action": "issue"})["user_token"]
    return api


def test_the_list_pages_by_offset(user: Api) -> None:
    whole = [one["id"] for one in invoices(user)]
    assert len(whole) == 6
    first = user.get("/v1/invoices?size=4").json
    assert first["totalCount"] == 6
    rest = user.get("/v1" + first["links"]["next"]["uri"]).json
    assert [one["id"] for one in first["items"] + rest["items"]] == whole
    assert "next" not in rest["links"]


def test_lines_sum_up_to_the_invoice(long: Api) -> None:
    for invoice in invoices(long):
        if invoice["invoiceType"] == "OneTime":
            found = lines(long, invoice["id"], size=250)
            total = sum(Decimal(line["totalForCustomer"]) for line in found)
            assert total == Decimal(invoice["totalCharges"])
    last = lines(long, newest(long.app))
    assert len(last) == 900
    assert {line["chargeType"] for line in last} == {"cycleCharge", "addQuantity", "removeQuantity"}
    assert all(line["taxTotal"] + line["subtotal"] == line["totalForCustomer"] for line in last)


def test_pages_of_any_size_say_the_same(long: Api) -> None:
    number = newest(long.app)
    assert lines(long, number, 7) == lines(long, number, 2000)


def test_lines_belong_to_known_customers_and_subscriptions(user: Api) -> None:
    customers = set(user.customers())
    found = lines(user, newest(user.app))
    assert {line["customerId"] for line in found} <= customers
    sold = {one["id"] for pc_id in customers for one in user.subscriptions(pc_id)}
    assert {line["subscriptionId"] for line in found} <= sold


def test_what_was_issued_stays(user: Api) -> None:
    before = lines(user, newest(user.app))
    user.control("POST", "change", {"count": 5})
    assert lines(user, newest(user.app)) == before


def test_a_revised_invoice_has_the_revised_total(long: Api) -> None:
    number = newest(long.app)
    told = long.control(
        "POST", "invoices", {"invoice": number, "positions": [3, 500], "lines": 600}
    )
    found = lines(long, number)
    assert len(found) == told["lines"] == 600
    assert sum(line["totalForCustomer"] for line in found) == Decimal(told["total"])


def test_a_million_lines_take_no_memory() -> None:
    app = create_app(Settings(customers=20, now=NOON, frozen=True, invoice_lines=1_000_000))
    book = app.store.invoices
    invoice = book.invoices[newest(app)]
    book.total(invoice)
    tracemalloc.start()
    assert sum(1 for start in range(0, 1_000_000, 50_000) for _ in book.lines(invoice, start, 200))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
    assert not list(book.lines(invoice, 1_000_000, 10))


def test_a_statement_is_for_people_and_an_unknown_invoice_for_nobody(user: Api, robot: Api) -> None:
    number = newest(user.app)
    reply = user.get(f"/v1/invoices/{number}/documents/statement")
    assert (reply.status, reply.text[:5]) == (200, "%PDF-")
    assert robot.get(f"/v1/invoices/{number}/documents/statement").status == 403
    assert robot.get(f"/v1/invoices/{number}/lineitems?{QUERY}").status == 200
    assert user.get("/v1/invoices/G000000000").status == 404
    odd = user.get(f"/v1/invoices/{number}/lineitems?{QUERY}", MS_ContinuationToken="bm9uZQ==")
    assert odd.status == 400


def test_other_providers_are_other_calls(user: Api) -> None:
    number = newest(user.app)
    old = "provider=office&invoicelineitemtype=billinglineitems"
    reply = user.get(f"/v1/invoices/{number}/lineitems?{old}")
    assert (reply.status, "LIST_LEGACY_INVOICE_LINES" in reply.text) == (501, True)
