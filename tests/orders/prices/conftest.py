"""Prices of one market, without a call: rows of a sheet as a sync leaves them, books and rules."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from orders.prices.models import PriceBook, PriceRule, SheetPrice
from orders.prices.quoting import Item
from portal.access.models import User
from portal.connections.models import Connection
from tests.people import Estate, make_person

BASIC, SKU = "CFQ7TTC0LH18", "0001"


def today() -> dt.date:
    return timezone.now().date()


def make_price(connection: Connection, unit: str = "67.20", **fields: Any) -> SheetPrice:
    """A row of this month's sheet of France: a year of Business Basic, billed monthly."""
    month = fields.setdefault("month", today().replace(day=1))
    values = {
        "sheet": f"FR/updatedlicensebased/{month:%Y%m}",
        "market": "FR",
        "view": "updatedlicensebased",
        "product_pc_id": BASIC,
        "sku_pc_id": SKU,
        "title": "Microsoft 365 Business Basic",
        "term": "P1Y",
        "cycle": "monthly",
        "segment": "commercial",
        "currency": "EUR",
        "unit_price": Decimal(unit),
        "list_price": Decimal("84.00"),
        "pc_id": f"{SheetPrice.objects.count()}",
    }
    return SheetPrice.objects.create(connection=connection, **(values | fields))


def make_rule(book: PriceBook, kind: str, value: str, **fields: Any) -> PriceRule:
    return PriceRule.objects.create(
        connection=book.connection,
        reseller=book.reseller,
        book=book,
        side=book.side,
        kind=kind,
        value=Decimal(value),
        **({"valid_from": dt.date(2020, 1, 1)} | fields),
    )


@pytest.fixture
def book(estate: Estate) -> PriceBook:
    """What the distributor charges its resellers."""
    return PriceBook.objects.create(connection=estate.connection, side="reseller", name="Gold")


@pytest.fixture
def own(estate: Estate) -> PriceBook:
    """What Fabrikam charges its customers."""
    return PriceBook.objects.create(
        connection=estate.connection, reseller=estate.fabrikam, side="customer", name="Retail"
    )


@pytest.fixture
def boss(estate: Estate) -> User:
    return make_person("boss", "distributor-admin", estate.connection)


@pytest.fixture
def rita(estate: Estate) -> User:
    return make_person("rita", "reseller-admin", estate.connection, estate.fabrikam)


def item(estate: Estate, **fields: Any) -> Item:
    """A seat of Business Basic for Fabrikam's customer."""
    values: dict[str, Any] = {
        "product_id": BASIC,
        "sku_id": SKU,
        "availability_id": "",
        "term": "P1Y",
        "cycle": "monthly",
        "market": "FR",
        "connection_id": estate.connection.pk,
        "customer_id": estate.of_fabrikam.pk,
        "reseller_id": estate.fabrikam.pk,
    }
    return Item(**(values | fields))
