"""Sheets come by market, view and month from the emulator; their page is for those who may see cost."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from orders.prices import mapping, unpacking
from orders.prices.models import PriceSheet, SheetPrice
from orders.prices.part import SHEETS, sheet_id
from portal.access.models import ApiToken, User
from portal.connections.models import Connection
from portal.mirror import aging, families, hooks, refresh, rereading, verifying
from portal.mirror.families import Reading
from portal.mirror.fetching import Pool
from portal.mirror.models import DirtyMark
from portal.partnercenter.errors import BadAnswer
from portal.partnercenter.operations.sheets import GET_PRICE_SHEET
from tests.customers.users.conftest import Bearer, Upstream, upstream
from tests.emulator.test_price_sheets import sales_token
from tests.orders.prices.conftest import BASIC, make_price, today
from tests.people import Estate

__all__ = ["upstream"]

OF = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)


@pytest.fixture
def market(estate: Estate, upstream: Upstream) -> Connection:
    """France, at an emulator whose host of price sheets takes the token."""
    bearer = Bearer(sales_token(upstream.emulator))
    object.__setattr__(upstream.client.sender, "tokens", bearer)
    estate.connection.consented_at, estate.connection.refresh_token = OF, "canary-token"
    estate.connection.save()
    hooks.changed("customers", estate.connection, [estate.of_fabrikam.pk])
    return estate.connection


def test_a_sheet_is_mirrored_and_a_second_reading_changes_nothing(
    market: Connection, upstream: Upstream
) -> None:
    family, sheet = families.get(SHEETS), sheet_id("FR", "updatedlicensebased", today())
    for _turn in range(2):
        mark = refresh.request(market, SHEETS, "", parent=sheet)
        found = rereading.read_mark(upstream.client, market, family, mark)
        rereading.keep(market, family, [found])
    assert upstream.calls(GET_PRICE_SHEET.name) == 2
    row = SheetPrice.objects.get(product_pc_id=BASIC, term="P1Y", cycle="annual")
    assert (row.unit_price, row.list_price, row.currency) == (
        Decimal("61.82"),
        Decimal("77.28"),
        "EUR",
    )
    assert (row.market, row.segment, row.sheet) == ("FR", "commercial", sheet)
    assert (row.starts_on, row.ends_on) == (dt.date(2026, 7, 1), None)
    assert row.list_payload is None
    with Pool(market) as pool:
        verdict = verifying._verify(market, family, pool)
    assert (verdict.compared > 50, verdict.differences) == (True, [])


def test_this_month_and_the_next_are_read_by_age_and_the_months_of_running_terms(
    market: Connection, estate: Estate
) -> None:
    assert aging.mark(market, families.get(SHEETS)) == 6
    row = estate.fabrikam_seats
    row.product_id, row.term_duration = BASIC, "P1Y"
    row.effective_start_date = dt.datetime(2026, 3, 31, 23, 30, tzinfo=dt.UTC)
    row.save()
    hooks.changed("subscriptions", market, [row.pk])
    kept = PriceSheet.objects.get()
    assert (kept.pc_id, kept.month) == ("FR/updatedlicensebased/202603", dt.date(2026, 3, 1))
    assert aging.mark(market, families.get(SHEETS)) == 1


def test_the_documented_row_and_an_archive_are_understood() -> None:
    header = '"ProductTitle","ProductId","SkuId","TermDuration","BillingPlan","Market","Currency",'
    header += '"UnitPrice","EffectiveStartDate","EffectiveEndDate","ERP Price"'
    line = '"Advanced Communications","CFQ7TTC0HDK0","0001","P1Y","Annual","US","USD","115.2",'
    line += '"2/1/2019 12:00:00 AM","2/4/2021 8:35:31 PM","144"'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sheets.csv", f"{header}\n{line}\nshort\n")
    (row,) = unpacking.rows(packed.getvalue())
    reading = Reading(connection=Connection(), observed_at=OF, parent="US/software/202101")
    found = mapping.price(row, reading)
    assert set(found) == set(mapping.COLUMNS)
    assert (found["unit_price"], found["list_price"]) == (Decimal("115.2"), Decimal(144))
    assert (found["starts_on"], found["ends_on"]) == (dt.date(2019, 2, 1), dt.date(2021, 2, 4))
    assert found["month"] == dt.date(2021, 1, 1)
    with pytest.raises(BadAnswer):
        list(unpacking.rows(b"<html>"))
    with pytest.raises(BadAnswer):
        list(unpacking.rows(b"PK\x03\x04 broken"))


def test_the_page_is_for_those_who_see_cost(
    market: Connection, boss: User, rita: User, client_of: Callable[[User], Client]
) -> None:
    make_price(market)
    client = client_of(boss)
    body = client.get("/price-sheets/?market=FR&q=basic").content.decode()
    assert "67.20" in body
    assert (
        client.get("/api/v1/sheet-prices/?product_id=cfq7ttc0lh18")
        .json()["results"][0]["unit_price"]
        .startswith("67.2")
    )
    assert client.post("/price-sheets/read/", {"month": "2026-02"}).status_code == 302
    marks = set(DirtyMark.objects.filter(family=SHEETS).values_list("parent", flat=True))
    assert "FR/software/202602" in marks
    assert PriceSheet.objects.filter(month=dt.date(2026, 2, 1)).count() == 3
    before = len(marks)
    client.post("/price-sheets/read/", {"month": "1999-02"})
    assert DirtyMark.objects.filter(family=SHEETS).count() == before
    stranger = client_of(rita)
    _row, token = ApiToken.objects.create(boss, name="x", read_only=False)
    robot = Client(headers={"Authorization": f"Token {token}"})
    url, wanted = "/api/v1/read-price-sheets/", {"month": "2026-03", "market": "fr"}
    asked = robot.post(url, wanted, "application/json")
    assert (asked.status_code, asked.json()) == (202, {"markets": 1})
    assert robot.post(url, {"month": "March"}, "application/json").status_code == 400
    assert PriceSheet.objects.filter(month=dt.date(2026, 3, 1)).count() == 3
    for url in ("/price-sheets/", "/api/v1/sheet-prices/"):
        assert stranger.get(url).status_code == 403
    assert stranger.post("/price-sheets/read/", {"month": "2026-02"}).status_code == 403
